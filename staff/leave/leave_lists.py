"""Lists of leave: one's own, what is to come, what waits for a decision, and what is left."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business, today_in
from people.parties import Party
from staff.leave.allowances import LeaveAllowance, usual_of
from staff.leave.approvers import reach_of
from staff.leave.calendars import own_business
from staff.leave.forms import (
    LeaveForm,
)
from staff.leave.leave_rows import HELD, Leave
from staff.leave.working_days import Balance, Spent, balance
from store.database import Transaction

YEARS_BACK, YEARS_AHEAD = 1, 2
"""So far from this year leave is asked for and put down."""


async def leaves_of(tx: Transaction, person_ids: Iterable[UUID], since: date) -> list[LeaveForm]:
    """These are the leaves of some people that aren't over before a day, the latest first. Whoever calls this looked
    who asks."""
    rows = await tx.scalars(
        select(Leave)
        .where(Leave.person_id.in_(list(person_ids)), Leave.ends_on >= since)
        .order_by(Leave.starts_on.desc(), Leave.asked_at.desc())
        .limit(1000)
    )
    return [LeaveForm.model_validate(row) for row in rows]


async def leaves_to_come(tx: Transaction, actor: Actor, limit: int = 100) -> list[LeaveForm]:
    """These are the approved leaves of others, not over yet, that the asker may cancel, those that come first first."""
    reach = await reach_of(tx, actor)
    if not reach:
        return []
    business = await own_business(tx, actor)
    rows = await tx.scalars(
        select(Leave)
        .join(Account, Account.person_id == Leave.person_id)
        .where(
            Leave.business_id == business.id,
            Leave.state == "approved",
            Leave.ends_on >= today_in(business, tx.now),
            Leave.person_id != actor.id,
            Account.active,
        )
        .order_by(Leave.starts_on, Leave.asked_at)
        .limit(1000)
    )
    return [LeaveForm.model_validate(row) for row in rows if row.person_id in reach][:limit]


async def leaves_to_decide(tx: Transaction, actor: Actor) -> list[LeaveForm]:
    """These are the leaves that wait for the asker to decide, those that come first first."""
    reach = await reach_of(tx, actor)
    if not reach:
        return []
    rows = await tx.scalars(
        select(Leave)
        .join(Account, Account.person_id == Leave.person_id)
        .where(
            Leave.business_id == actor.business_id,
            Leave.state == "requested",
            Leave.person_id != actor.id,
            Account.deactivated_at.is_(None),
        )
        .order_by(Leave.starts_on, Leave.asked_at)
        .limit(500)
    )
    return [LeaveForm.model_validate(row) for row in rows if row.person_id in reach]


async def balances(
    tx: Transaction, business: Business, people: Iterable[UUID], kinds: Iterable[Any], year: int
) -> dict[tuple[UUID, UUID], Balance]:
    """This is how people's days stand in a year, by person and kind, for the kinds that are counted."""
    people, today = list(people), today_in(business, tx.now)
    allowed = {
        (row.person_id, row.kind_id): row
        for row in await tx.scalars(
            select(LeaveAllowance).where(LeaveAllowance.person_id.in_(people), LeaveAllowance.year == year)
        )
    }
    spent: dict[tuple[UUID, UUID], list[Spent]] = {}
    for leave in await tx.scalars(
        select(Leave).where(Leave.person_id.in_(people), Leave.state.in_(HELD), Leave.days.has_key(str(year)))
    ):
        taken = Spent(Decimal(leave.days[str(year)]), leave.state, leave.starts_on)
        spent.setdefault((leave.person_id, leave.kind_id), []).append(taken)
    counted = [kind for kind in kinds if kind.counted]
    usual = await usual_of(tx, business, people, counted, year)
    found = {}
    for kind in counted:
        for person_id in people:
            place = (person_id, kind.id)
            row = allowed.get(place)
            entitled = usual[person_id][kind.id] if row is None or row.entitled is None else row.entitled
            carried = row.carried if row else Decimal(0)
            found[place] = balance(entitled, carried, spent.get(place, ()), today)
    return found


def years_of_leave(today: date) -> tuple[int, int]:
    """These are the first and the last year in which leave is asked for and put down."""
    return today.year - YEARS_BACK, today.year + YEARS_AHEAD


async def names_of(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """These are people's names."""
    rows = await tx.execute(select(Party.id, Party.name).where(Party.id.in_(set(person_ids))))
    return {row.id: row.name for row in rows}
