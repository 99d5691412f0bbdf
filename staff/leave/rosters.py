"""Rosters: saying on which days somebody works whose week isn't the business's."""

from datetime import date
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.businesses import Business, today_in
from people.streams import own_stream
from staff.colleagues import must_be_colleague
from staff.leave.approvers import deciders_of
from staff.leave.calendars import NearDay
from staff.leave.events import EmployeeWeekChanged
from staff.leave.forms import DayPart, EmployeeWeekForm
from staff.leave.recounts import count_again
from staff.leave.weeks import EVER, PARTS, EmployeeWeek, week_form
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, _


class NoSuchWeek(Conflict):
    code = "no_such_week"
    message = _("No working week starts on this day.")


class ChangeEmployeeWeek(Command, touches="work", needs="staff", area="leave"):
    person_id: UUID
    since: NearDay | None = None
    """The first day of it; without one they have always worked so."""
    days: list[DayPart] | None = Field(None, min_length=7, max_length=7)
    """From Monday on. Null: the business's week again."""


async def change_employee_week(tx: Transaction, actor: Actor, command: ChangeEmployeeWeek) -> EmployeeWeekForm:
    """Say on which days somebody works, from a day on. Admins do, and who manages staff for other staff.

    Their leave of this year and of those to come is counted anew, and so is what they are entitled to. What holds
    already isn't said again.

    Raises:
        Forbidden: it is for oneself, or for an admin, and one isn't an admin.
        Invalid: there is no such person in the team, or no day of the week is worked on.
    """
    business = await _must_look_after(tx, actor, command.person_id)
    days = None if command.days is None else [PARTS[part] for part in command.days]
    if days is not None and not any(days):
        raise Invalid(fields={"days": _("A working week has at least one day.")})
    since = command.since or EVER
    if days == await _days_from(tx, command.person_id, since):
        return await week_form(tx, command.person_id)
    place = {"person_id": command.person_id, "since": since}
    query = insert(EmployeeWeek).values({**place, "business_id": business.id, "days": days})
    await tx.execute(query.on_conflict_do_update(index_elements=list(place), set_={"days": days}))
    return await _told(tx, actor, business, command.person_id)


async def _days_from(tx: Transaction, person_id: UUID, since: date) -> list[int] | None:
    """These are the days that somebody works on from a day on, as it was said so far; None: the business's week."""
    said = select(EmployeeWeek.days).where(EmployeeWeek.person_id == person_id, EmployeeWeek.since <= since)
    days: list[int] | None = await tx.scalar(said.order_by(EmployeeWeek.since.desc()).limit(1))
    return days


class RemoveEmployeeWeek(Command, touches="work", needs="staff", area="leave"):
    person_id: UUID
    since: date | None = None


async def remove_employee_week(tx: Transaction, actor: Actor, command: RemoveEmployeeWeek) -> EmployeeWeekForm:
    """Take back what was said about somebody's week from a day on. Who may say it may.

    Raises:
        Forbidden: it is for oneself, or for an admin, and one isn't an admin.
        Invalid: there is no such person in the team.
        NoSuchWeek: nothing was said about the week from that day on.
    """
    business = await _must_look_after(tx, actor, command.person_id)
    row = await tx.get(EmployeeWeek, (command.person_id, command.since or EVER))
    if row is None:
        raise NoSuchWeek()
    await tx.delete(row)
    await tx.flush()
    return await _told(tx, actor, business, command.person_id)


async def _must_look_after(tx: Transaction, actor: Actor, person_id: UUID) -> Business:
    """Lock the calendar of someone whose week the asker may set, so that leave is counted before or after it."""
    business = await tx.get(Business, actor.here, lock=True)
    assert business
    if person_id == actor.id and actor.kind != "admin":
        raise Forbidden(_("Someone else has to set when you work."))
    person = await must_be_colleague(tx, business.id, person_id)
    if person.kind == "admin" and actor.kind != "admin":
        raise Forbidden()
    return business


async def _told(tx: Transaction, actor: Actor, business: Business, person_id: UUID) -> EmployeeWeekForm:
    form = await week_form(tx, person_id)
    listeners = {person_id} | await deciders_of(tx, business.id, person_id)
    for listener in sorted(listeners):
        tx.record(own_stream(listener, business.id), EmployeeWeekChanged(employee_week=form), by=actor.id)
    await count_again(tx, business, since=date(today_in(business, tx.now).year, 1, 1), person_id=person_id)
    return form
