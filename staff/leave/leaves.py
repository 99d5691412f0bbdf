"""Leaves: days off of one person, asked for, decided, taken back.

Two of one person never overlap (an exclusion constraint): the database holds it, whatever the code above it does.

How many working days a leave takes follows the calendar and its person's week as they stand (see
``staff.leave.recounts``).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business, today_in
from people.mail import send_letter
from people.streams import business_stream, own_stream
from staff.colleagues import must_be_colleague
from staff.departments import leaders_of
from staff.leave.approvers import deciders_of, reach_of
from staff.leave.calendars import own_business
from staff.leave.forms import (
    AbsenceAdded,
    AbsenceForm,
    AbsenceRemoved,
    LeaveApproved,
    LeaveCancelled,
    LeaveForm,
    LeaveRecorded,
    LeaveRefused,
    LeaveRequested,
    LeaveWithdrawn,
    State,
)
from staff.leave.kinds import LeaveKind, kind_of
from staff.leave.leave_lists import balances, years_of_leave
from staff.leave.leave_rows import DAYS_AT_MOST, Leave, counted
from staff.leave.working_days import Period
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, NotFound, Quantity, _
from store.events import Event, Gone
from store.own_rows import own_row
from store.texts.texts import Lines


class LeaveOverlaps(Conflict):
    code = "leave_overlaps"
    message = _("There is already leave on some of these days.")


class LeaveDecided(Conflict):
    code = "leave_decided"
    message = _("This has already been decided or withdrawn.")


class LeaveNotApproved(Conflict):
    code = "leave_not_approved"
    message = _("This leave isn't approved, so it can't be cancelled.")


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
    form = await _tell(tx, leave, LeaveRequested(leave=LeaveForm.model_validate(leave)), by=actor)
    for person_id in await _written_to(tx, leave):
        await send_letter(tx, "leave_asked", to_person_id=person_id, who=actor, **_letter(leave, kind))
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


class ApproveLeave(Command, touches="work", needs="anyone", area="leave", widened_by=("staff", "own_leave")):
    leave_id: UUID
    reason: Lines = Field("", max_length=1000)


async def approve_leave(tx: Transaction, actor: Actor, command: ApproveLeave) -> LeaveForm:
    """Approve leave that somebody asked for. Admins do, staff who manage staff, and the heads of their departments.

    Raises:
        NotFound: it isn't there, or isn't the asker's to see.
        Forbidden: it is the asker's own.
        LeaveDecided: it was decided or withdrawn.
    """
    leave = await _to_decide(tx, actor, command.leave_id)
    _decide(tx, actor, leave, "approved", command.reason)
    form = await _tell(tx, leave, LeaveApproved(leave=LeaveForm.model_validate(leave)), by=actor)
    await _tell_team(tx, leave, by=actor)
    await _write_of_decision(tx, actor, leave)
    return form


class RefuseLeave(Command, touches="work", needs="anyone", area="leave", widened_by=("staff", "own_leave")):
    leave_id: UUID
    reason: Lines = Field(min_length=1, max_length=1000)


async def refuse_leave(tx: Transaction, actor: Actor, command: RefuseLeave) -> LeaveForm:
    """Refuse leave that somebody asked for, and say why. Who may approve it may.

    Raises:
        NotFound: it isn't there, or isn't the asker's to see.
        Forbidden: it is the asker's own.
        LeaveDecided: it was decided or withdrawn.
    """
    leave = await _to_decide(tx, actor, command.leave_id)
    _decide(tx, actor, leave, "refused", command.reason)
    form = await _tell(tx, leave, LeaveRefused(leave=LeaveForm.model_validate(leave)), by=actor)
    await _write_of_decision(tx, actor, leave)
    return form


class WithdrawLeave(Command, touches="work", needs="anyone", area="leave"):
    leave_id: UUID


async def withdraw_leave(tx: Transaction, actor: Actor, command: WithdrawLeave) -> LeaveForm:
    """Take back leave that you asked for, before it is decided.

    Raises:
        NotFound: it isn't there, or isn't the asker's own.
        LeaveDecided: it was decided or withdrawn.
    """
    leave = await tx.get(Leave, command.leave_id, lock=True)
    if leave is None or leave.person_id != actor.id:
        raise NotFound()
    if leave.state != "requested":
        raise LeaveDecided()
    leave.state = "withdrawn"
    return await _tell(tx, leave, LeaveWithdrawn(leave=LeaveForm.model_validate(leave)), by=actor)


class CancelLeave(Command, touches="work", needs="anyone", area="leave", widened_by=("staff", "own_leave")):
    leave_id: UUID
    reason: Lines = Field("", max_length=1000)


async def cancel_leave(tx: Transaction, actor: Actor, command: CancelLeave) -> LeaveForm:
    """Cancel approved leave. Who may approve it may; your own with the permission ``own_leave``.

    Raises:
        NotFound: it isn't there, or isn't the asker's to see.
        Forbidden: it is the asker's own, and they may not set their own leave.
        LeaveNotApproved: it isn't approved.
    """
    leave = await _within_reach(tx, actor, command.leave_id)
    if leave.state != "approved":
        raise LeaveNotApproved()
    _decide(tx, actor, leave, "cancelled", command.reason)
    form = await _tell(tx, leave, LeaveCancelled(leave=LeaveForm.model_validate(leave)), by=actor)
    event = AbsenceRemoved(absence=Gone(id=leave.id))
    tx.record(business_stream(leave.business_id), event, by=actor.id, audience="team")
    await _write_of_decision(tx, actor, leave)
    return form


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
    form = await _tell(tx, leave, LeaveRecorded(leave=LeaveForm.model_validate(leave)), by=actor)
    await _tell_team(tx, leave, by=actor, kind=kind)
    if leave.person_id != actor.id:
        await _write_of_decision(tx, actor, leave)
    return form


async def _keep(tx: Transaction, leave: Leave) -> None:
    async with tx.refusing("ex_leaves_overlap", LeaveOverlaps()):
        tx.add(leave)


async def _within_reach(tx: Transaction, actor: Actor, leave_id: UUID) -> Leave:
    leave = await own_row(tx, Leave, actor.business_id, leave_id)
    if leave.person_id in await reach_of(tx, actor):
        return leave
    raise Forbidden() if leave.person_id == actor.id else NotFound()


async def _to_decide(tx: Transaction, actor: Actor, leave_id: UUID) -> Leave:
    leave = await _within_reach(tx, actor, leave_id)
    if leave.state != "requested":
        raise LeaveDecided()
    return leave


def _decide(tx: Transaction, actor: Actor, leave: Leave, state: State, reason: str) -> None:
    leave.state, leave.reason = state, reason
    leave.decided_by, leave.decided_at = actor.id, tx.now
    leave.decision_acted_by = tx.acted_by


async def _tell(tx: Transaction, leave: Leave, event: Event, *, by: Actor) -> LeaveForm:
    """Tell a leave to its person and to those who decide on it: to nobody else."""
    listeners = {leave.person_id} | await deciders_of(tx, leave.business_id, leave.person_id)
    tell_leave(tx, leave, event, listeners, by=by)
    return LeaveForm.model_validate(leave)


def tell_leave(tx: Transaction, leave: Leave, event: Event, listeners: Iterable[UUID], *, by: Actor | None) -> None:
    """Tell what came of a leave to those who hear of it."""
    for person_id in sorted(listeners):
        tx.record(own_stream(person_id, leave.business_id), event, by=by.id if by else None)


async def _tell_team(tx: Transaction, leave: Leave, *, by: Actor, kind: LeaveKind | None = None) -> None:
    kind = kind or await tx.get(LeaveKind, leave.kind_id)
    assert kind
    event = AbsenceAdded(absence=absence_form(leave, None if kind.private else kind.id))
    tx.record(business_stream(leave.business_id), event, by=by.id, audience="team")


def absence_form(leave: Leave, kind_id: UUID | None) -> AbsenceForm:
    """This is what the team sees of a leave."""
    return AbsenceForm(
        id=leave.id,
        person_id=leave.person_id,
        starts_on=leave.starts_on,
        ends_on=leave.ends_on,
        starts_at_noon=leave.starts_at_noon,
        ends_at_noon=leave.ends_at_noon,
        kind_id=kind_id,
    )


async def _written_to(tx: Transaction, leave: Leave) -> set[UUID]:
    """These are those who get a letter: the person's own leaders who aren't away, else all who may decide."""
    deciders = await deciders_of(tx, leave.business_id, leave.person_id)
    leaders = deciders & await leaders_of(tx, leave.business_id, leave.person_id)
    business = await tx.get(Business, leave.business_id)
    assert business
    today = today_in(business, tx.now)
    away = await tx.scalars(
        select(Leave.person_id).where(
            Leave.person_id.in_(leaders), Leave.state == "approved", Leave.starts_on <= today, Leave.ends_on >= today
        )
    )
    return (leaders - set(away)) or deciders


async def _write_of_decision(tx: Transaction, actor: Actor, leave: Leave) -> None:
    kind = await tx.get(LeaveKind, leave.kind_id)
    assert kind
    if leave.person_id != actor.id:
        said = {**_letter(leave, kind), "note": leave.reason}
        await send_letter(tx, "leave_decided", to_person_id=leave.person_id, decision=leave.state, by=actor, **said)


def _letter(leave: Leave, kind: LeaveKind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "first": leave.starts_on.isoformat(),
        "last": leave.ends_on.isoformat(),
        "days": f"{sum(float(days) for days in leave.days.values()):g}",
        "note": leave.note,
        "url": "/leave",
    }
