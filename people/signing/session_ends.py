"""Ends of sessions: signing out here, or everywhere, by oneself or by who looks after one."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    or_,
    select,
    true,
    update,
)

from people.actors import Actor
from people.events import SessionsRevoked
from people.hands import own_hands
from people.journal import note, note_own
from people.signing.sentences import JOURNAL
from people.signing.sessions import Session, digest
from people.streams import person_stream
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound


async def sign_out(tx: Transaction, actor: Actor) -> None:
    """End the asker's session, and what they began out of it."""
    await tx.execute(update(Session).where(_with_sittings(actor.session_id)).values(ended_at=tx.now))
    note_own(tx, actor, JOURNAL["sign_out"])


async def sign_out_own(tx: Transaction, actor: Actor) -> None:
    """End the session that whoever acts as somebody laid aside, and what else they began out of it. It takes seeing
    everything."""
    own = select(Session.own_session_id).where(Session.id == actor.session_id).scalar_subquery()
    ended = await tx.scalars(
        update(Session).where(_with_sittings(own)).values(ended_at=tx.now).returning(Session.impersonator_id)
    )
    if None in ended.all():
        note(tx, JOURNAL["sign_out"], person_id=actor.impersonator_id, address=actor.address, agent=actor.agent)


def _with_sittings(session_id: Any) -> ColumnElement[bool]:
    """A session, and those as somebody else that were begun out of it, if they haven't ended."""
    return and_(or_(Session.id == session_id, Session.own_session_id == session_id), Session.ended_at.is_(None))


async def end_session_by(tx: Transaction, token: str, *, address: str, agent: str) -> None:
    """End the session of a token, if there is one, and what was begun out of it: its browser has another now."""
    known = select(Session.id).where(Session.token_digest == digest(token)).scalar_subquery()
    ended = await tx.execute(
        update(Session)
        .where(_with_sittings(known))
        .values(ended_at=tx.now)
        .returning(Session.person_id, Session.business_id, Session.impersonator_id)
    )
    for person_id, business_id, impersonator_id in ended:
        if impersonator_id is None:
            note(tx, JOURNAL["sign_out"], person_id=person_id, business_id=business_id, address=address, agent=agent)


class RevokeSession(Command, touches="sign_in", needs="anyone"):
    session_id: UUID


async def revoke_session(tx: Transaction, actor: Actor, command: RevokeSession) -> None:
    """End one of your own sign-ins.

    Raises:
        NotFound: it isn't one of yours, or has ended.
    """
    own_hands(actor)
    own = select(Session.id).where(
        Session.id == command.session_id, Session.person_id == actor.id, Session.ended_at.is_(None)
    )
    if await tx.scalar(own.with_for_update()) is None:
        raise NotFound()
    await tx.execute(update(Session).where(_with_sittings(command.session_id)).values(ended_at=tx.now))
    note_own(tx, actor, JOURNAL["sessions_ended"], count=1)
    tx.record(person_stream(actor), SessionsRevoked(reason="revoked"), by=actor.id)


async def end_sessions(tx: Transaction, actor: Actor, reason: str, *, but: UUID | None = None) -> None:
    """End a person's sessions, all or all but one, with those in which others act as them."""
    ended = await tx.scalars(
        update(Session)
        .where(Session.ended_at.is_(None), _of(actor.id))
        .where(true() if but is None else Session.id != but)
        .values(ended_at=tx.now)
        .returning(Session.id)
    )
    if count := len(ended.all()):
        note_own(tx, actor, JOURNAL["sessions_ended"], count=count)
    tx.record(person_stream(actor), SessionsRevoked(reason=reason), by=actor.id)


async def end_sessions_of(tx: Transaction, person_id: UUID) -> None:
    """End all of somebody's sessions, those in which they act as others, and those in which others act as them; their
    open windows close within seconds."""
    await tx.execute(update(Session).where(Session.ended_at.is_(None), _of(person_id)).values(ended_at=tx.now))


def _of(person_id: UUID) -> ColumnElement[bool]:
    """Those in which somebody acts as themselves or as another, and those in which another acts as them."""
    return or_(Session.person_id == person_id, Session.impersonator_id == person_id)
