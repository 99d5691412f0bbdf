"""Sessions: who is signed in, from where. The cookie holds a random token; the row holds only its digest.

Whether a session lives is looked up anew for each request and, every few seconds, for each open socket: when its person
may no longer sign in, or no longer as they did, it is over. How sessions begin is in ``people.signing.sign_in``.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    and_,
    any_,
    bindparam,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.types import Uuid

from people.accounts import Account
from people.actors import Actor
from people.forms import SessionForm
from people.parties import Party
from people.signing.factors import SINGLE, Factor, has_second_factor
from people.signing.known_devices import use_devices
from people.signing.policies import Default, Own, two_factors_asked
from store.database import Database, Transaction
from store.driver import Statement
from store.rows import Row
from store.scopes import EVERYWHERE

Shared = TypeVar("Shared")
LIFETIME = timedelta(days=30)
"""So long a session lasts that isn't used, unless ``keep_sessions_for`` said otherwise."""
LONGEST = timedelta(days=90)
"""So long one lasts at most, however much it is used."""
SEEN_EVERY = timedelta(minutes=5)
UNDERWAY = timedelta(minutes=1)
"""So long a browser's requests may be underway that don't know the cookie's new name yet."""


_lifetime, _longest = LIFETIME, LONGEST


def keep_sessions_for(lifetime: timedelta, longest: timedelta = LONGEST) -> None:
    """Have sessions of this process last so long when they aren't used, and so long at most: those that begin, and
    those that go on."""
    global _lifetime, _longest
    _lifetime, _longest = lifetime, longest


def sessions_last() -> tuple[timedelta, timedelta]:
    """This is how long sessions last when they aren't used, and at most, where no policy says less."""
    return _lifetime, _longest


class Session(Row):
    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_own_session_id", "own_session_id", postgresql_where=text("own_session_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    business_id: Mapped[UUID | None]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    factor: Mapped[str] = mapped_column(Text, default="password")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When somebody last did something, not just had a window open."""
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    acting_business_id: Mapped[UUID | None]
    """The child business in which a parent's admin works now."""
    impersonator_id: Mapped[UUID | None]
    """The superadmin who acts as the person."""
    own_session_id: Mapped[UUID | None]
    """The superadmin's own session, out of which they went over into this one."""
    device_id: Mapped[UUID | None]
    """The browser, as it is known for later."""
    old_name_until: Mapped[datetime | None]
    """Until when its cookie may have the name that it had before cookies had a prefix; None where it never had.

    It is there for updating from a version without the prefix, and goes with the minor version after the one that
    brought it: by then 30 days are over, and who skips a version signs in anew. With it go its default in the database,
    ``may_have_old_name``, ``leave_old_name``, and all that speaks of an old name in ``web.authentication``,
    ``web.cookies`` and ``hub.gateway.gateway``."""


async def may_have_old_name(database: Database, session_id: UUID | None) -> bool:
    """Whether a session's cookie may still have the name without a prefix, as it had when the session began."""
    async with database.reading(EVERYWHERE) as tx:
        return bool(await tx.scalar(select(exists().where(_still_has_old_name(session_id, tx.now)))))


async def leave_old_name(database: Database, session_id: UUID | None) -> bool:
    """Let a session's cookie go by its new name only, if it had the old one; this is whether it had. What the browser
    asked before by the old one still goes through."""
    async with database.transaction(EVERYWHERE) as tx:
        ends = func.least(Session.old_name_until, tx.now + UNDERWAY)
        left = update(Session).where(_still_has_old_name(session_id, tx.now)).values(old_name_until=ends)
        return await tx.scalar(left.returning(Session.id)) is not None


def _still_has_old_name(session_id: UUID | None, now: datetime) -> ColumnElement[bool]:
    return and_(Session.id == session_id, Session.old_name_until > now)


async def open_session(
    tx: Transaction,
    person_id: UUID,
    *,
    address: str,
    agent: str,
    factor: Factor = "password",
    device_id: UUID | None = None,
) -> tuple[Actor, str]:
    """Open a session for a person; this is who they are and the session's token.

    Whether they may, and did what that takes, is the caller's to have looked at: ``people.signing.sign_in`` does.
    """
    token = secrets.token_urlsafe(32)
    person = (
        await tx.execute(
            select(
                *_PERSON,
                *(null().label(name) for name in _OF_A_SESSION),
                false().label("second_factor_needed"),
            )
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
        factor=factor,
        device_id=device_id,
        used_at=tx.now,
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + min(_lifetime, _longest),
    )
    tx.add(session)
    return replace(_actor(person._mapping), session_id=session.id, address=address, agent=agent), token


async def actor_at_once(database: Database, token: str) -> Actor | None:
    """This is who a session's token speaks for, or None when it has ended."""
    rows = await database.driver.rows(_ONCE, within=EVERYWHERE, digest=digest(token), now=database.clock())
    return _actor(rows[0]) if rows else None


async def living(tx: Transaction, session_ids: list[UUID]) -> dict[UUID, Actor]:
    """These are the people behind those of the sessions that haven't ended, as they are now."""
    rows = await tx.execute(_LIVING_BY_ID, {"ids": session_ids, "now": tx.now})
    return {row["session_id"]: _actor(row) for row in rows.mappings()}


async def living_at_once(database: Database, session_ids: list[UUID]) -> dict[UUID, Actor]:
    """This is the same by itself, for all who have a socket open."""
    rows = await database.driver.rows(_MANY, within=EVERYWHERE, ids=session_ids, now=database.clock())
    return {row["session_id"]: _actor(row) for row in rows}


async def see(tx: Transaction, *session_ids: UUID, used: bool = True, address: str | None = None) -> None:
    """Note that sessions are there, at most every few minutes, and whether in use; they live on from there."""
    noted: dict[str, Any] = {"used_at": tx.now} if used else {}
    if address is not None:
        noted["address"] = address
    seen_long_ago = func.coalesce(Session.used_at, Session.created_at) if used else Session.seen_at
    await tx.execute(
        update(Session)
        .where(Session.id.in_(session_ids), seen_long_ago < tx.now - SEEN_EVERY, Session.impersonator_id.is_(None))
        .values(seen_at=tx.now, expires_at=func.least(tx.now + _lifetime, Session.created_at + _longest), **noted)
    )
    if used:
        await use_devices(tx, select(Session.device_id).where(Session.id.in_(session_ids)))


_OF_A_SESSION = ("session_id", "acting_business_id", "impersonator_id", "impersonator_name", "networks")
IMPERSONATOR = aliased(Party)
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


def _minutes(column: ColumnElement[int | None]) -> ColumnElement[timedelta]:
    return func.make_interval(0, 0, 0, 0, 0, column)


def _within(since: Any, column: str) -> ColumnElement[bool]:
    """Whether no more minutes have passed than the policy says in a column."""
    most = func.coalesce(getattr(Own, column), getattr(Default, column))
    return or_(most.is_(None), since + _minutes(most) > bindparam("now"))


# What needs two factors and was begun with one: over when there is a second one, else good for setting one up only.
_LACKING = and_(
    two_factors_asked(Party.kind),
    or_(*(Session.factor == factor for factor in SINGLE)),
    Session.impersonator_id.is_(None),
)
# Columns, not rows: these are read for every request and, by the sweep of rights, for every open socket.
_LIVING = (
    select(
        *_PERSON,
        Session.id.label("session_id"),
        Session.acting_business_id,
        Session.impersonator_id,
        IMPERSONATOR.name.label("impersonator_name"),
        Own.networks.label("networks"),
        _LACKING.label("second_factor_needed"),
    )
    .select_from(Session)
    .join(Account, Account.person_id == Session.person_id)
    .join(Party, Party.id == Session.person_id)
    .outerjoin(IMPERSONATOR, IMPERSONATOR.id == Session.impersonator_id)
    .outerjoin(Own, Own.business_id == Account.business_id)
    .outerjoin(Default, Default.business_id.is_(None))
    .where(
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        Account.active,
        _within(Session.created_at, "session_minutes"),
        _within(func.coalesce(Session.used_at, Session.created_at), "idle_minutes"),
        case((_LACKING, ~has_second_factor(Session.person_id)), else_=true()),
    )
)
_LIVING_BY_TOKEN = _LIVING.where(Session.token_digest == bindparam("digest"))
_LIVING_BY_ID = _LIVING.where(Session.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
_ONCE = Statement(_LIVING_BY_TOKEN)
_MANY = Statement(_LIVING_BY_ID)


@lru_cache(1_000, typed=True)
def _shared(value: Shared) -> Shared:
    """What is the same for many who are signed in, once for all of them: each socket keeps whose it is."""
    return value


def _actor(row: Any) -> Actor:
    home = _shared(row["business_id"])
    return Actor(
        id=row["id"],
        kind=_shared(row["kind"]),
        business_id=_shared(row["acting_business_id"]) or home,
        home_business_id=home,
        impersonator_id=row["impersonator_id"],
        impersonator_name=row["impersonator_name"] or "",
        name=row["name"],
        email=row["email"] or "",
        language=_shared(row["language"]),
        time_zone=_shared(row["time_zone"]),
        theme=_shared(row["theme"]),
        permissions=_shared(frozenset(row["permissions"])),
        session_id=row["session_id"],
        second_factor_needed=row["second_factor_needed"],
        networks=() if row["impersonator_id"] else tuple(row["networks"] or ()),
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
            factor=row.factor,
            created_at=row.created_at,
            seen_at=row.seen_at,
            current=row.id == actor.session_id,
        )
        for row in rows
    ]


async def strengthen(tx: Transaction, actor: Actor, factor: Factor) -> None:
    """Note that the asker's own session has proved a second factor too."""
    await tx.execute(update(Session).where(Session.id == actor.session_id).values(factor=factor))


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
