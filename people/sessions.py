"""Sessions: who is signed in, from where. The cookie holds a random token; the row holds only its digest."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    any_,
    bindparam,
    delete,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from people.events import SessionsRevoked
from people.forms import SessionForm
from people.parties import Party
from people.passwords import hashed, outdated, verified
from people.persons import Account, ChangePassword, person_stream, set_password
from store.commands import Command
from store.database import Database, Transaction
from store.driver import Statement
from store.errors import NotFound, NotSignedIn, TooMany, _
from store.rows import Row

LIFETIME = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)


class Session(Row):
    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    business_id: Mapped[UUID | None]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Row):
    """A failed try, counted against its account and its address for a while."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_email_at", "email", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(CITEXT)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How many wrong tries are allowed in a window, for an account and from an address."""

    per_account: int = 10
    per_address: int = 60
    window: timedelta = timedelta(minutes=15)


class WrongCredentials(NotSignedIn):
    code = "wrong_credentials"
    message = _("E-mail or password is wrong.")


async def sign_in(
    database: Database, email: str, password: str, *, address: str, agent: str, limits: SignInLimits | None
) -> tuple[Actor, str]:
    """Sign someone in; this is who they are and the token that says so from now on.

    Raises:
        WrongCredentials: the e-mail is nobody's, or has no account, or the password is wrong: one answer, in one time.
        TooMany: too many wrong tries for this account or from this address.
    """
    async with database.transaction() as tx:
        if limits is not None:
            await _limit(tx, email, address, limits)
        known = (
            await tx.execute(
                select(Party.id, Account.password_hash)
                .join(Account, Account.person_id == Party.id)
                .where(Party.email == email, Account.active)
            )
        ).first()
    if not await verified(known.password_hash if known else None, password) or known is None:
        async with database.transaction() as tx:
            tx.add(SignInAttempt(id=tx.new_id(), email=email, address=address, at=tx.now))
        raise WrongCredentials()
    async with database.transaction() as tx:
        await tx.execute(delete(SignInAttempt).where(SignInAttempt.email == email))
        if outdated(known.password_hash):
            await _rehash(tx, known.id, password)
        return await open_session(tx, known.id, address=address, agent=agent)


async def _limit(tx: Transaction, email: str, address: str, limits: SignInLimits) -> None:
    recent = SignInAttempt.at > tx.now - limits.window
    tries = (
        await tx.execute(
            select(
                func.count().filter(SignInAttempt.email == email).label("account"),
                func.count().filter(SignInAttempt.address == address).label("address"),
            ).where(recent, or_(SignInAttempt.email == email, SignInAttempt.address == address))
        )
    ).one()
    if tries.account >= limits.per_account or tries.address >= limits.per_address:
        raise TooMany(
            _("Too many wrong tries. Please wait a while and try again."),
            code="too_many_attempts",
            retry_after_seconds=limits.window.total_seconds(),
        )


async def _rehash(tx: Transaction, person_id: UUID, password: str) -> None:
    fresh = await hashed(password)
    await tx.execute(update(Account).where(Account.person_id == person_id).values(password_hash=fresh))


async def open_session(tx: Transaction, person_id: UUID, *, address: str, agent: str) -> tuple[Actor, str]:
    """Open a session for a person; this is who they are and the session's token."""
    token = secrets.token_urlsafe(32)
    person = (
        await tx.execute(
            select(*_PERSON, null().label("session_id"))
            .join(Account, Account.person_id == Party.id)
            .where(Party.id == person_id)
        )
    ).one()
    session = Session(
        id=tx.new_id(),
        person_id=person_id,
        business_id=person.business_id,
        token_digest=digest(token),
        address=address,
        agent=agent[:300],
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    tx.add(session)
    return replace(_actor(person._mapping), session_id=session.id), token


async def actor_of(tx: Transaction, token: str) -> Actor | None:
    """This is who a session's token speaks for, or None when it has ended."""
    row = (await tx.execute(_LIVING_BY_TOKEN, {"digest": digest(token), "now": tx.now})).first()
    return None if row is None else _actor(row._mapping)


async def actor_at_once(database: Database, token: str) -> Actor | None:
    """This is the same by itself, for those of whom many come at a time."""
    rows = await database.driver.rows(_ONCE, digest=digest(token), now=database.clock())
    return _actor(rows[0]) if rows else None


async def living(tx: Transaction, session_ids: list[UUID]) -> dict[UUID, Actor]:
    """These are the people behind those of the sessions that haven't ended, as they are now."""
    rows = await tx.execute(_LIVING_BY_ID, {"ids": session_ids, "now": tx.now})
    return {row["session_id"]: _actor(row) for row in rows.mappings()}


async def living_at_once(database: Database, session_ids: list[UUID | None]) -> dict[UUID, Actor]:
    """This is the same by itself, for all who have a socket open."""
    rows = await database.driver.rows(_MANY, ids=session_ids, now=database.clock())
    return {row["session_id"]: _actor(row) for row in rows}


async def see(tx: Transaction, *session_ids: UUID) -> None:
    """Note that sessions are in use, at most every few minutes; they live on from there."""
    await tx.execute(
        update(Session)
        .where(Session.id.in_(session_ids), Session.seen_at < tx.now - SEEN_EVERY)
        .values(seen_at=tx.now, expires_at=tx.now + LIFETIME)
    )


_PERSON = (
    Party.id,
    Party.kind,
    Party.business_id,
    Party.name,
    Party.email,
    Account.language,
    Account.time_zone,
    Account.theme,
    Account.permissions,
)
# Columns, not rows: these are read for every request and, by the sweep of rights, for every open socket.
_LIVING = (
    select(*_PERSON, Session.id.label("session_id"))
    .join(Account, Account.person_id == Party.id)
    .join(Session, Session.person_id == Party.id)
    .where(Session.ended_at.is_(None), Session.expires_at > bindparam("now"), Account.active)
)
_LIVING_BY_TOKEN = _LIVING.where(Session.token_digest == bindparam("digest"))
_LIVING_BY_ID = _LIVING.where(Session.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
_ONCE = Statement(_LIVING_BY_TOKEN)
_MANY = Statement(_LIVING_BY_ID)


def _actor(row: Any) -> Actor:
    return Actor(
        id=row["id"],
        kind=row["kind"],
        business_id=row["business_id"],
        name=row["name"],
        email=row["email"] or "",
        language=row["language"],
        time_zone=row["time_zone"],
        theme=row["theme"],
        permissions=frozenset(row["permissions"]),
        session_id=row["session_id"],
    )


async def sessions(tx: Transaction, actor: Actor) -> list[SessionForm]:
    """These are the asker's own sessions that haven't ended, the newest first."""
    rows = await tx.scalars(
        select(Session)
        .where(Session.person_id == actor.id, Session.ended_at.is_(None), Session.expires_at > tx.now)
        .order_by(Session.seen_at.desc(), Session.id.desc())
        .limit(100)
    )
    return [
        SessionForm(
            id=row.id,
            address=row.address,
            agent=row.agent,
            created_at=row.created_at,
            seen_at=row.seen_at,
            current=row.id == actor.session_id,
        )
        for row in rows
    ]


async def sign_out(tx: Transaction, actor: Actor) -> None:
    """End the asker's session."""
    await tx.execute(update(Session).where(Session.id == actor.session_id).values(ended_at=tx.now))


class RevokeSession(Command):
    session_id: UUID


async def revoke_session(tx: Transaction, actor: Actor, command: RevokeSession) -> None:
    """End one of your own sign-ins.

    Raises:
        NotFound: it isn't one of yours, or has ended.
    """
    ended = await tx.scalar(
        update(Session)
        .where(Session.id == command.session_id, Session.person_id == actor.id, Session.ended_at.is_(None))
        .values(ended_at=tx.now)
        .returning(Session.id)
    )
    if ended is None:
        raise NotFound()
    tx.record(person_stream(actor), SessionsRevoked(reason="revoked"), by=actor.id)


class RevokeOtherSessions(Command):
    pass


async def revoke_other_sessions(tx: Transaction, actor: Actor, command: RevokeOtherSessions) -> None:
    """End all of your own sign-ins but this one."""
    await _end_others(tx, actor, "revoked")


async def change_password(tx: Transaction, actor: Actor, command: ChangePassword) -> None:
    """Change your own password; your other sign-ins end.

    Raises:
        Invalid: the old password is wrong, on its field.
    """
    await set_password(tx, actor, command)
    await _end_others(tx, actor, "password_changed")


async def _end_others(tx: Transaction, actor: Actor, reason: str) -> None:
    await tx.execute(
        update(Session)
        .where(Session.person_id == actor.id, Session.id != actor.session_id, Session.ended_at.is_(None))
        .values(ended_at=tx.now)
    )
    tx.record(person_stream(actor), SessionsRevoked(reason=reason), by=actor.id)


async def forget_old(tx: Transaction) -> None:
    """Forget old tries to sign in."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.at < tx.now - timedelta(days=1)))


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
