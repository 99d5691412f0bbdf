"""Leaves: days off of one person, asked for by them or put down by who decides.

How many working days a leave takes follows the calendar and its person's week as they stand (see
``staff.leave.recounts``).
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business, today_in
from people.mail import mail_kind, send_letter
from staff.colleagues import must_be_colleague
from staff.leave.approvers import reach_of
from staff.leave.calendars import own_business
from staff.leave.events import LeaveRecorded, LeaveRequested
from staff.leave.forms import LeaveForm
from staff.leave.kinds import LeaveKind, kind_of
from staff.leave.leave_lists import balances, years_of_leave
from staff.leave.leave_news import ABOUT_A_LEAVE, letter_of, tell, tell_team, write_of_decision, written_to
from staff.leave.leave_rows import DAYS_AT_MOST, Leave, counted
from staff.leave.working_days import Period
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, NotFound, Quantity, _
from store.texts.texts import Lines

LEAVE_ASKED = mail_kind("leave_asked", _("%(who)s asks for leave"), _("Leave request"), "who", *ABOUT_A_LEAVE)


class LeaveOverlaps(Conflict):
    code = "leave_overlaps"
    message = _("There is already leave on some of these days.")


class TooFewDays(Conflict):
    code = "too_few_days"
    message = _("This takes %(wanted)s. Left in %(year)s: %(left)s.")


class RequestLeave(Command, touches="work", needs="team", area="leave", widened_by="own_leave"):
    kind_id: UUID
    starts_on: date
    ends_on: date
    starts_at_noon: bool = False
    """The first day begins at noon: its afternoon alone."""
    ends_at_noon: bool = False
    """The last day ends at noon: its morning alone."""
    note: Lines = Field("", max_length=1000)


async def request_leave(tx: Transaction, actor: Actor, command: RequestLeave) -> LeaveForm:
    """Ask for leave of your own.

    It is approved at once for whoever holds the permission ``own_leave``, and where its kind needs no approval.

    Raises:
        Invalid: there is no such kind, or there is no working day in it.
        LeaveOverlaps: some of the days are off already, or asked for.
        TooFewDays: fewer days are left than this takes.
    """
    leave, kind = await _made(tx, actor, actor.id, command)
    if kind.counted:
        await _must_be_left(tx, leave, kind)
    if not kind.approved or actor.may("own_leave"):
        return await _approve_at_once(tx, actor, leave, kind)
    await _keep(tx, leave)
    form = await tell(tx, leave, LeaveRequested(leave=LeaveForm.model_validate(leave)), by=actor)
    for person_id in await written_to(tx, leave):
        await send_letter(tx, LEAVE_ASKED, to_person_id=person_id, who=actor, **letter_of(leave, kind))
    return form


class RecordLeave(Command, touches="work", needs="team", area="leave", widened_by=("staff", "own_leave")):
    person_id: UUID
    kind_id: UUID
    starts_on: date
    ends_on: date
    starts_at_noon: bool = False
    ends_at_noon: bool = False
    note: Lines = Field("", max_length=1000)


async def record_leave(tx: Transaction, actor: Actor, command: RecordLeave) -> LeaveForm:
    """Put down leave without asking: for those on whose leave you decide; your own with the permission ``own_leave``.

    Raises:
        Forbidden: the asker doesn't decide on this person's leave.
        Invalid: there is no such person in the team, no such kind, or no working day in it.
        LeaveOverlaps: some of the days are off already, or asked for.
        TooFewDays: it is the asker's own, and fewer days are left than it takes.
    """
    if command.person_id not in await reach_of(tx, actor):
        raise Forbidden()
    leave, kind = await _made(tx, actor, command.person_id, command)
    if kind.counted and leave.person_id == actor.id:
        await _must_be_left(tx, leave, kind)
    return await _approve_at_once(tx, actor, leave, kind)


async def _made(
    tx: Transaction, actor: Actor, person_id: UUID, command: RequestLeave | RecordLeave
) -> tuple[Leave, LeaveKind]:
    business = await own_business(tx, actor)
    await tx.get(Account, person_id, lock=True)  # two who ask at once are counted one by one, and nobody leaves between
    await must_be_colleague(tx, business.id, person_id)
    kind = await _kind(tx, business.id, command.kind_id)
    period = Period(command.starts_on, command.ends_on, command.starts_at_noon, command.ends_at_noon)
    _must_be_possible(period, today_in(business, tx.now))
    days = await counted(tx, business.id, person_id, period)
    if not days:
        raise Invalid(fields={"ends_on": _("It contains no working day.")})
    leave = Leave(
        id=tx.new_id(),
        business_id=business.id,
        person_id=person_id,
        kind_id=kind.id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        starts_at_noon=period.starts_at_noon,
        ends_at_noon=period.ends_at_noon,
        note=command.note,
        state="requested",
        days=days,
        asked_by=actor.id,
        asked_at=tx.now,
        reason="",
    )
    return leave, kind


async def _kind(tx: Transaction, business_id: UUID, kind_id: UUID) -> LeaveKind:
    try:
        return await kind_of(tx, business_id, kind_id)
    except NotFound as error:
        raise Invalid(fields={"kind_id": _("There is no such kind of leave.")}) from error


def _must_be_possible(period: Period, today: date) -> None:
    first, last = years_of_leave(today)
    days = {"starts_on": period.starts_on, "ends_on": period.ends_on}
    if far := [name for name, day in days.items() if not first <= day.year <= last]:
        text = _("Choose a day between %(first)s and %(last)s.")
        raise Invalid(fields=dict.fromkeys(far, text), first=first, last=last)
    if period.ends_on < period.starts_on:
        raise Invalid(fields={"ends_on": _("This is before the first day.")})
    if period.empty:
        raise Invalid(fields={"ends_at_noon": _("Noon to noon on the same day leaves no time.")})
    if (period.ends_on - period.starts_on).days >= DAYS_AT_MOST:
        raise Invalid(fields={"ends_on": _("This is longer than a year.")})


async def _must_be_left(tx: Transaction, leave: Leave, kind: LeaveKind) -> None:
    business = await tx.get(Business, leave.business_id)
    assert business
    for year, wanted in leave.days.items():
        known = await balances(tx, business, [leave.person_id], [kind], int(year))
        left = known[leave.person_id, kind.id].left
        if Decimal(wanted) > left:
            days = Quantity("%(count)s day", "%(count)s days", Decimal(wanted))
            raise TooFewDays(wanted=days, left=left, year=year)


async def _approve_at_once(tx: Transaction, actor: Actor, leave: Leave, kind: LeaveKind) -> LeaveForm:
    leave.state, leave.decided_by, leave.decided_at = "approved", actor.id, tx.now
    leave.decision_acted_by = tx.acted_by
    await _keep(tx, leave)
    form = await tell(tx, leave, LeaveRecorded(leave=LeaveForm.model_validate(leave)), by=actor)
    await tell_team(tx, leave, by=actor, kind=kind)
    if leave.person_id != actor.id:
        await write_of_decision(tx, actor, leave)
    return form


async def _keep(tx: Transaction, leave: Leave) -> None:
    async with tx.refusing("ex_leaves_overlap", LeaveOverlaps()):
        tx.add(leave)
