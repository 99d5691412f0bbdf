"""Decisions about leave: it is approved or refused, withdrawn by its person, or cancelled."""

from uuid import UUID

from pydantic import Field

from people.actors import Actor
from people.streams import business_stream
from staff.leave.approvers import reach_of
from staff.leave.events import AbsenceRemoved, LeaveApproved, LeaveCancelled, LeaveRefused, LeaveWithdrawn
from staff.leave.forms import LeaveForm, State
from staff.leave.leave_news import tell, tell_team, write_of_decision
from staff.leave.leave_rows import Leave
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, NotFound, _
from store.events import Gone
from store.own_rows import own_row
from store.texts.texts import Lines


class LeaveDecided(Conflict):
    code = "leave_decided"
    message = _("This has already been decided or withdrawn.")


class LeaveNotApproved(Conflict):
    code = "leave_not_approved"
    message = _("This leave isn't approved, so it can't be cancelled.")


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
    form = await tell(tx, leave, LeaveApproved(leave=LeaveForm.model_validate(leave)), by=actor)
    await tell_team(tx, leave, by=actor)
    await write_of_decision(tx, actor, leave)
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
    form = await tell(tx, leave, LeaveRefused(leave=LeaveForm.model_validate(leave)), by=actor)
    await write_of_decision(tx, actor, leave)
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
    return await tell(tx, leave, LeaveWithdrawn(leave=LeaveForm.model_validate(leave)), by=actor)


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
    form = await tell(tx, leave, LeaveCancelled(leave=LeaveForm.model_validate(leave)), by=actor)
    event = AbsenceRemoved(absence=Gone(id=leave.id))
    tx.record(business_stream(leave.business_id), event, by=actor.id, audience="team")
    await write_of_decision(tx, actor, leave)
    return form


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
