"""Leaves: days off of one person, asked for, decided, taken back.

Two of one person never overlap (an exclusion constraint): the database holds it, whatever the code above it does.

How many working days a leave takes follows the calendar and its person's week as they stand (see
``staff.leave.recounts``).
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, literal_column, select, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business, today_in
from people.mail import send_letter
from people.parties import Party
from people.streams import business_stream, own_stream
from staff.colleagues import must_be_colleague
from staff.departments import leaders_of
from staff.leave.allowances import LeaveAllowance, usual_of
from staff.leave.approvers import deciders_of, reach_of
from staff.leave.calendars import own_business, working_days
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
from staff.leave.weeks import own_weeks
from staff.leave.working_days import Balance, Period, Spent, WorkingDays, balance
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, NotFound, Quantity, _
from store.events import Event, Gone
from store.rows import Row, Signed
from store.texts import Lines

DAYS_AT_MOST = 366
YEARS_BACK, YEARS_AHEAD = 1, 2
"""So far from this year leave is asked for and put down."""
_RANGE = (
    "tsrange(starts_on + case when starts_at_noon then interval '12 hours' else interval '0' end,"
    " ends_on + case when ends_at_noon then interval '12 hours' else interval '24 hours' end)"
)
HELD = ("requested", "approved")


class Leave(Signed, Row):
    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("state in ('requested', 'approved', 'refused', 'withdrawn', 'cancelled')", name="state"),
        Index("ix_leaves_person_id_starts_on", "person_id", "starts_on"),
        Index("ix_leaves_business_id_ends_on", "business_id", "ends_on"),
        ExcludeConstraint(
            ("person_id", "="),
            (literal_column(_RANGE), "&&"),
            where=text("state in ('requested', 'approved')"),
            name="ex_leaves_overlap",
            using="gist",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("leave_kinds.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_at_noon: Mapped[bool]
    ends_at_noon: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    days: Mapped[dict[str, Any]] = mapped_column(JSONB)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    decision_acted_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.starts_at_noon, self.ends_at_noon)


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


def years_of_leave(today: date) -> tuple[int, int]:
    """These are the first and the last year in which leave is asked for and put down."""
    return today.year - YEARS_BACK, today.year + YEARS_AHEAD


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


async def counted(tx: Transaction, business_id: UUID, person_id: UUID, period: Period) -> dict[str, str]:
    """These are the working days that a time takes of someone, by the calendar as it stands. It stands still until
    this transaction ends, so that whoever changes it finds what was counted here."""
    business = await with_calendar(tx, business_id)
    works = await working_days(tx, business, {period.starts_on.year, period.ends_on.year})
    weeks = await own_weeks(tx, [person_id])
    return days_by_year(works.of(weeks.get(person_id, ())), period)


async def with_calendar(tx: Transaction, business_id: UUID) -> Business:
    """This is a business, whose calendar stands still until this transaction ends. It is locked before its leaves are,
    as by whoever changes the calendar."""
    found = await tx.scalars(
        select(Business)
        .where(Business.id == business_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    business: Business = found.one()
    return business


def days_by_year(works: WorkingDays, period: Period) -> dict[str, str]:
    """These are the working days in a time, by year, as a leave keeps them."""
    return {str(year): str(days) for year, days in works.by_year(period).items()}


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
    leave = await tx.get(Leave, leave_id, lock=True)
    if leave is None or leave.business_id != actor.business_id:
        raise NotFound()
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
    hearers = {leave.person_id} | await deciders_of(tx, leave.business_id, leave.person_id)
    tell_leave(tx, leave, event, hearers, by=by)
    return LeaveForm.model_validate(leave)


def tell_leave(tx: Transaction, leave: Leave, event: Event, hearers: Iterable[UUID], *, by: Actor | None) -> None:
    """Tell what came of a leave to those who hear of it."""
    for person_id in sorted(hearers):
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


async def names_of(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """These are people's names."""
    rows = await tx.execute(select(Party.id, Party.name).where(Party.id.in_(set(person_ids))))
    return {row.id: row.name for row in rows}
