"""Impersonations: who runs the installation acts as somebody for a while, with a reason, seen by those concerned."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.hands import own_hands
from people.installation.events import ImpersonationBegun, ImpersonationEnded
from people.installation.forms import ImpersonationForm
from people.installation.sentences import JOURNAL
from people.installations import installation_stream, must_run_it
from people.journal import note
from people.parties import Party
from people.signing.session_ends import sign_out, sign_out_own
from people.signing.sessions import Session, digest
from people.signing.throttling import Whence
from people.streams import business_stream, own_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, NotFound, _
from store.events import Event
from store.rows import Row
from store.scopes import EVERYWHERE
from store.sentences import Sentence
from store.streams import EventRow, instant
from store.texts.texts import Lines

LASTS = timedelta(minutes=60)
REASON_AT_LEAST = 10
TRACED = timedelta(days=30)


class Impersonation(Row):
    """A time in which a superadmin acted as somebody. The superadmin's name is kept: others don't see their row."""

    __tablename__ = "impersonations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    session_id: Mapped[UUID]
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    deeds: Mapped[int | None]
    """How many things were done in it, once it is over."""
    seen_at: Mapped[datetime | None]
    """When the person said that they know."""


class Impersonate(Command):
    """What the form asks. It is no command of the wire: its answer is a session, which is for one browser alone."""

    person_id: UUID
    reason: Lines = Field(min_length=REASON_AT_LEAST, max_length=500)


async def begin_impersonation(tx: Transaction, actor: Actor, command: Impersonate) -> str:
    """Act as somebody, for an hour at most; this is the token of the session in which it is so.

    Raises:
        Forbidden: the asker is not a superadmin who is signed in.
        NotFound: there is nobody such who can sign in.
    """
    must_run_it(actor)
    own_hands(actor)
    person = await tx.scalar(
        select(Party)
        .join(Account, Account.person_id == Party.id)
        .where(Party.id == command.person_id, Party.kind != "superadmin", Account.active)
    )
    if person is None:
        raise NotFound()
    token = secrets.token_urlsafe(32)
    session = Session(
        id=tx.new_id(),
        person_id=person.id,
        business_id=person.business_id,
        token_digest=digest(token),
        address=actor.address,
        agent=actor.agent[:300],
        factor="password",
        created_at=tx.now,
        seen_at=tx.now,
        used_at=tx.now,
        expires_at=tx.now + LASTS,
        impersonator_id=actor.id,
        own_session_id=actor.session_id,
    )
    tx.add(session)
    row = Impersonation(
        id=tx.new_id(),
        business_id=person.business_id,
        person_id=person.id,
        by_id=actor.id,
        by_name=actor.name,
        reason=command.reason,
        session_id=session.id,
        begun_at=tx.now,
        ends_at=tx.now + LASTS,
    )
    tx.add(row)
    _tell(tx, row, ImpersonationBegun(impersonation=ImpersonationForm.model_validate(row)))
    whence = Whence(actor.address, actor.agent)
    _journal(tx, whence, row, JOURNAL["impersonation_begun"], reason=command.reason, until=instant(row.ends_at))
    return token


async def person_of(tx: Transaction, email: str) -> UUID:
    """This is who has an e-mail and can sign in.

    Raises:
        Invalid: nobody does, on the field ``email``.
    """
    found: UUID | None = await tx.scalar(
        select(Party.id)
        .join(Account, Account.person_id == Party.id)
        .where(Party.email == email, Party.kind != "superadmin", Account.active)
    )
    if found is None:
        raise Invalid(fields={"email": _("Nobody who can sign in has this email.")})
    return found


class EndImpersonation(Command, touches="session", needs="anyone"):
    pass


async def end_impersonation(tx: Transaction, actor: Actor, command: EndImpersonation) -> None:
    """Stop acting as somebody else.

    Raises:
        NotFound: the asker doesn't.
    """
    if actor.impersonator_id is None:
        raise NotFound()
    of_this = Impersonation.session_id == actor.session_id
    async with tx.looking(EVERYWHERE):  # the installation is told too
        await tx.execute(update(Session).where(Session.id == actor.session_id).values(ended_at=tx.now))
        row = await tx.scalar(select(Impersonation).where(of_this).with_for_update())
        if row is not None and row.ended_at is None:
            await _end(tx, row, tx.now, Whence(actor.address, actor.agent))


async def end_overdue(tx: Transaction) -> None:
    """End what nobody ended: its hour is over, or its session was ended otherwise. It takes seeing everything."""
    over = or_(Impersonation.ends_at <= tx.now, Session.ended_at.is_not(None), Session.expires_at <= tx.now)
    rows = await tx.execute(
        select(Impersonation, Session.ended_at)
        .outerjoin(Session, Session.id == Impersonation.session_id)
        .where(Impersonation.ended_at.is_(None), or_(over, Session.id.is_(None)))
        .order_by(Impersonation.id)
        .limit(200)
        .with_for_update(of=Impersonation, skip_locked=True)
    )
    for row, ended_at in rows.all():
        await _end(tx, row, min(row.ends_at, ended_at or row.ends_at), Whence("", ""))


async def _end(tx: Transaction, row: Impersonation, at: datetime, whence: Whence) -> None:
    row.ended_at = at
    row.deeds = await _deeds(tx, row, until=at)
    _tell(tx, row, ImpersonationEnded(impersonation=ImpersonationForm.model_validate(row)))
    lasted = {"since": instant(row.begun_at), "until": instant(at), "deeds": row.deeds, "reason": row.reason}
    _journal(tx, whence, row, JOURNAL["impersonation_ended"], **lasted)


async def _deeds(tx: Transaction, row: Impersonation, *, until: datetime) -> int:
    """How many things were done: all that one command records is recorded at one moment."""
    moments = select(func.count(EventRow.recorded_at.distinct())).where(
        EventRow.actor_id == row.by_id,
        EventRow.on_behalf_of == row.person_id,
        EventRow.actor_name.is_not(None),  # as the index has it
        EventRow.recorded_at.between(row.begun_at, until),
    )
    return int(await tx.scalar(moments))


async def step_out(tx: Transaction, actor: Actor) -> None:
    """Sign out. Whoever acts as somebody stops acting and is signed out themselves: nothing is left in the browser."""
    if actor.impersonator_id is not None:
        await end_impersonation(tx, actor, EndImpersonation())
        async with tx.looking(EVERYWHERE):  # their own session is the installation's
            await sign_out_own(tx, actor)
    else:
        await sign_out(tx, actor)


class AcknowledgeImpersonations(Command, touches="sign_in", needs="anyone"):
    pass


async def acknowledge_impersonations(tx: Transaction, actor: Actor, command: AcknowledgeImpersonations) -> None:
    """Say that one knows that somebody acted as oneself.

    Raises:
        OwnHandsOnly: somebody else says so.
    """
    own_hands(actor)
    unseen = update(Impersonation).where(Impersonation.person_id == actor.id, Impersonation.seen_at.is_(None))
    await tx.execute(unseen.values(seen_at=tx.now))


def _tell(tx: Transaction, row: Impersonation, event: Event) -> None:
    assert row.business_id is not None
    tx.record(business_stream(row.business_id), event, by=row.by_id, audience="managers")
    tx.record(own_stream(row.person_id, row.business_id), event, by=row.by_id)
    tx.record(installation_stream(), event, by=row.by_id)


def _journal(tx: Transaction, whence: Whence, row: Impersonation, what: Sentence, **details: Any) -> None:
    note(
        tx,
        what,
        person_id=row.person_id,
        business_id=row.business_id,
        address=whence.address,
        agent=whence.agent,
        by=str(row.by_id),
        by_name=row.by_name,
        **details,
    )


async def unseen(tx: Transaction, actor: Actor) -> list[Impersonation]:
    """These are the times in which somebody acted as the asker, of which they haven't said that they know."""
    if actor.impersonator_id is not None or actor.kind == "superadmin":
        return []
    rows = await tx.scalars(
        select(Impersonation)
        .where(Impersonation.person_id == actor.id, Impersonation.seen_at.is_(None))
        .order_by(Impersonation.begun_at.desc())
        .limit(20)
    )
    return list(rows)


async def traces(tx: Transaction, actor: Actor) -> list[tuple[Impersonation, str]]:
    """These are the last times in which somebody acted as one of the business's people, for its admins."""
    if actor.kind != "admin" or actor.business_id is None:
        return []
    rows = await tx.execute(
        select(Impersonation, Party.name)
        .join(Party, Party.id == Impersonation.person_id)
        .where(
            Impersonation.business_id == actor.business_id,
            Impersonation.begun_at > tx.now - TRACED,
        )
        .order_by(Impersonation.begun_at.desc())
        .limit(10)
    )
    return [(row, name) for row, name in rows]
