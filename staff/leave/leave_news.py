"""Who is told of a leave: the person, those who decide, the team, and by mail."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.businesses import Business, today_in
from people.mail import mail_kind, send_letter
from people.streams import business_stream, own_stream
from staff.departments import leaders_of
from staff.leave.approvers import deciders_of
from staff.leave.events import AbsenceAdded
from staff.leave.forms import AbsenceForm, LeaveForm
from staff.leave.kinds import LeaveKind
from staff.leave.leave_rows import Leave
from store.database import Transaction
from store.errors import _
from store.events import Event

ABOUT_A_LEAVE = ("kind", "first", "last", "days", "note", "url")
LEAVE_DECIDED = mail_kind(
    "leave_decided",
    _("Your leave was decided"),
    _("Decision on a leave request"),
    "decision",
    "by",
    *ABOUT_A_LEAVE,
)


async def tell(tx: Transaction, leave: Leave, event: Event, *, by: Actor) -> LeaveForm:
    """Tell a leave to its person and to those who decide on it: to nobody else."""
    listeners = {leave.person_id} | await deciders_of(tx, leave.business_id, leave.person_id)
    tell_leave(tx, leave, event, listeners, by=by)
    return LeaveForm.model_validate(leave)


def tell_leave(tx: Transaction, leave: Leave, event: Event, listeners: Iterable[UUID], *, by: Actor | None) -> None:
    """Tell what came of a leave to those who hear of it."""
    for person_id in sorted(listeners):
        tx.record(own_stream(person_id, leave.business_id), event, by=by.id if by else None)


async def tell_team(tx: Transaction, leave: Leave, *, by: Actor, kind: LeaveKind | None = None) -> None:
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


async def written_to(tx: Transaction, leave: Leave) -> set[UUID]:
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


async def write_of_decision(tx: Transaction, actor: Actor, leave: Leave) -> None:
    kind = await tx.get(LeaveKind, leave.kind_id)
    assert kind
    if leave.person_id != actor.id:
        said = {**letter_of(leave, kind), "note": leave.reason}
        await send_letter(tx, LEAVE_DECIDED, to_person_id=leave.person_id, decision=leave.state, by=actor, **said)


def letter_of(leave: Leave, kind: LeaveKind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "first": leave.starts_on.isoformat(),
        "last": leave.ends_on.isoformat(),
        "days": f"{sum(float(days) for days in leave.days.values()):g}",
        "note": leave.note,
        "url": "/leave",
    }
