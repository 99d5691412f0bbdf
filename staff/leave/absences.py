"""Absences: who of the team is away, as the team sees it. Clients see nothing of it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.announcements import BusinessShown
from people.businesses import today_in
from staff.leave.approvers import reach_of
from staff.leave.calendars import own_business
from staff.leave.forms import AbsenceForm
from staff.leave.kinds import LeaveKind
from staff.leave.leave_news import absence_form
from staff.leave.leave_rows import Leave
from store.database import Transaction
from store.events import wired

AHEAD = timedelta(days=92)
"""So far ahead is told who will be away, where tasks are given."""


async def absences(tx: Transaction, actor: Actor, first: date, last: date) -> list[AbsenceForm]:
    """These are the team's absences that touch some days. Which kind it is is said where the asker may know.

    Raises:
        NotFound: a client or a superadmin asks.
    """
    business = await own_business(tx, actor)
    reach = await reach_of(tx, actor)
    rows = await tx.execute(
        select(Leave, LeaveKind.private)
        .join(LeaveKind, LeaveKind.id == Leave.kind_id)
        .where(
            Leave.business_id == business.id,
            Leave.state == "approved",
            Leave.starts_on <= last,
            Leave.ends_on >= first,
        )
        .order_by(Leave.starts_on, Leave.id)
        .limit(5000)
    )
    return [
        absence_form(leave, None if private and not reach.sees(leave.person_id) else leave.kind_id)
        for leave, private in rows
    ]


async def absences_ahead(tx: Transaction, actor: Actor) -> list[AbsenceForm]:
    """These are the team's absences from today on, without saying of a private kind which it is, to whomever."""
    business = await own_business(tx, actor)
    today = today_in(business, tx.now)
    rows = await tx.execute(
        select(Leave, LeaveKind.private)
        .join(LeaveKind, LeaveKind.id == Leave.kind_id)
        .where(
            Leave.business_id == business.id,
            Leave.state == "approved",
            Leave.starts_on <= today + AHEAD,
            Leave.ends_on >= today,
        )
        .order_by(Leave.starts_on, Leave.id)
        .limit(5000)
    )
    return [absence_form(leave, None if private else leave.kind_id) for leave, private in rows]


async def away_today(tx: Transaction, actor: Actor) -> dict[UUID, date]:
    """These are those of the team who are away today, each with the last day of it. To a client this is nobody."""
    if not actor.of_the_team or actor.business_id is None:
        return {}
    business = await own_business(tx, actor)
    today = today_in(business, tx.now)
    return {each.person_id: each.ends_on for each in await absences(tx, actor, today, today)}


async def show_absences(tx: Transaction, shown: BusinessShown) -> dict[str, Any]:
    """These are the team's absences from today on."""
    return {"absences": wired(await absences_ahead(tx, shown.actor))}
