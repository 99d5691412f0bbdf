"""Departures: what becomes of the leave of someone who leaves.

What they asked for and isn't decided is taken back. What was approved ends with their last day: the one that their card
says, if it is still to come, else today.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from people.actors import Actor
from people.businesses import Business, today_in
from people.parties import Party
from people.persons.departures import Held, Holding, Leaving
from people.streams import business_stream
from staff.employees.records import Employee
from staff.leave.approvers import deciders_of
from staff.leave.events import AbsenceChanged, AbsenceRemoved, LeaveCancelled, LeaveRecounted, LeaveWithdrawn
from staff.leave.forms import LeaveForm
from staff.leave.kinds import LeaveKind
from staff.leave.leave_news import absence_form, tell_leave
from staff.leave.leave_rows import HELD, Leave, counted, with_calendar
from store.database import Transaction
from store.events import Event, Gone


async def leave_held(tx: Transaction, held: Held) -> list[Holding]:
    """This is how many leaves of somebody are asked for, or approved and not over."""
    person = await tx.get(Party, held.person_id)
    ahead = await _ahead(tx, person.business_id, person.id) if person and person.business_id else 0
    return [Holding("leave", ahead, needs_successor=False)]


async def _ahead(tx: Transaction, business_id: UUID, person_id: UUID) -> int:
    today = await _today(tx, business_id)
    ahead = (Leave.state == "requested") | ((Leave.state == "approved") & (Leave.ends_on > today))
    return int(await tx.scalar(select(func.count()).select_from(Leave).where(Leave.person_id == person_id, ahead)))


async def end_leave(tx: Transaction, leaving: Leaving) -> None:
    """Take back what someone who leaves asked for, and end what was approved with their last day."""
    by, business_id, person_id = leaving.by, leaving.whom.business_id, leaving.whom.id
    await with_calendar(tx, business_id)
    last = await _last_day(tx, business_id, person_id)
    rows = select(Leave).where(Leave.person_id == person_id, Leave.state.in_(HELD)).order_by(Leave.id)
    listeners = {person_id} | await deciders_of(tx, business_id, person_id)
    for leave in await tx.scalars(rows.with_for_update().execution_options(populate_existing=True)):
        for event in await _ended(tx, by, leave, last):
            tell_leave(tx, leave, event, listeners, by=by)


async def _ended(tx: Transaction, by: Actor, leave: Leave, last: date) -> list[Event]:
    if leave.state == "requested":
        _decide(tx, by, leave, "withdrawn")
        return [LeaveWithdrawn(leave=LeaveForm.model_validate(leave))]
    if leave.starts_on > last:
        _decide(tx, by, leave, "cancelled")
        gone = AbsenceRemoved(absence=Gone(id=leave.id))
        tx.record(business_stream(leave.business_id), gone, by=by.id, audience="team")
        return [LeaveCancelled(leave=LeaveForm.model_validate(leave))]
    if leave.ends_on > last:
        await _shorten(tx, by, leave, last)
        return [LeaveRecounted(leave=LeaveForm.model_validate(leave))]
    return []


def _decide(tx: Transaction, by: Actor, leave: Leave, state: str) -> None:
    leave.state, leave.decided_by, leave.decided_at = state, by.id, tx.now


async def _shorten(tx: Transaction, by: Actor, leave: Leave, last: date) -> None:
    leave.ends_on, leave.ends_at_noon = last, False
    leave.days = await counted(tx, leave.business_id, leave.person_id, leave.period)
    kind = await tx.get(LeaveKind, leave.kind_id)
    assert kind
    event = AbsenceChanged(absence=absence_form(leave, None if kind.private else kind.id))
    tx.record(business_stream(leave.business_id), event, by=by.id, audience="team")


async def _last_day(tx: Transaction, business_id: UUID, person_id: UUID) -> date:
    until = await tx.scalar(select(Employee.employed_until).where(Employee.person_id == person_id))
    today = await _today(tx, business_id)
    return max(until, today) if until else today


async def _today(tx: Transaction, business_id: UUID) -> date:
    business = await tx.get(Business, business_id)
    assert business
    return today_in(business, tx.now)
