"""API tokens: how a person's programs act for them, within scopes, until a day that they choose.

``Authorization: Bearer atr_…`` over HTTP, ``auth: {token: "atr_…"}`` on a socket. A token never widens what its person
may do; it narrows it to its scopes. It is shown once, and kept as a digest.
"""

import hashlib
import secrets
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar, Literal, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import (
    DateTime,
    ForeignKey,
    LargeBinary,
    Text,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.accounts import Account
from people.actors import Actor
from people.events import ApiTokenMade, ApiTokenRevoked
from people.forms import ApiTokenForm
from people.hands import own_hands
from people.journal import note_own
from people.parties import Party
from people.signing.factors import SecondFactorNeeded, has_second_factor
from people.signing.policies import Default, Own, admits, two_factors_asked
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.sentences import JOURNAL
from people.signing.sessions import actor_at_once, living
from people.streams import person_stream
from store.commands import Command
from store.database import Database, Transaction
from store.days import CalendarDay, local_day, midnight
from store.driver import Statement
from store.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Refusal, _
from store.events import Gone
from store.rows import Row
from store.scopes import EVERYWHERE
from store.texts.texts import AsTyped

PREFIX = "atr_"
AT_MOST = 50
NOTED_EVERY_SECONDS = 60.0

Area = Literal["rooms", "people", "companies", "leave", "business", "account", "installation"]
AREAS: tuple[Area, ...] = get_args(Area)
SCOPES: tuple[str, ...] = tuple(f"{area}:{way}" for area in AREAS for way in ("read", "write"))
"""What a token may: read an area, or write it, which lets it read it too."""
ANY = "any"
"""What every token may."""

OFFERED: dict[str, tuple[Area, ...]] = {
    "client": ("rooms", "account"),
    "staff": ("rooms", "people", "companies", "leave", "account"),
    "admin": ("rooms", "people", "companies", "leave", "business", "account"),
    "superadmin": ("installation", "account"),
}
"""The areas that are of use to a kind of person."""


class ApiToken(Row):
    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ScopeMissing(Forbidden):
    code = "scope_missing"
    message = _("This token isn't allowed to do that.")


def must_cover(actor: Actor, scope: str | None) -> None:
    """Refuse a program whose token doesn't cover a scope; None is what no token covers.

    Raises:
        ScopeMissing: it doesn't.
    """
    if not covers(actor, scope):
        raise ScopeMissing()


def covers(actor: Actor, scope: str | None) -> bool:
    """Whether somebody asks by their own hands, or by a token that covers a scope; None is what no token covers."""
    if actor.scopes is None or scope == ANY:
        return True
    if scope is None:
        return False
    area, _sign, way = scope.partition(":")
    return scope in actor.scopes or (way == "read" and f"{area}:write" in actor.scopes)


class MakeApiToken(ProvesWho, needs="anyone"):
    name: str = Field(min_length=1, max_length=80)
    scopes: list[str] = Field(min_length=1, max_length=len(SCOPES))
    """Of `rooms`, `people`, `companies`, `leave`, `business`, `account`, `installation`: `<area>:read` or
    `<area>:write`, which includes reading."""
    expires_on: CalendarDay | None = None
    """Its last day, as it is where you are; left out, it works until it is revoked."""
    password: AsTyped = Field(max_length=200)
    """Your own, once more."""

    withheld: ClassVar[tuple[str, ...]] = ("secret",)


class MadeApiToken(BaseModel):
    """A token that was made. The secret is shown here and nowhere else; told again, it is null."""

    model_config = ConfigDict(extra="forbid")

    api_token: ApiTokenForm
    secret: str | None


async def make_api_token(tx: Transaction, actor: Actor, command: MakeApiToken) -> MadeApiToken:
    """Make a token by which a program acts for you, within scopes.

    Raises:
        Forbidden: a program asks, or a superadmin who acts as someone.
        Invalid: a scope that doesn't exist, a day that is past, or a password that isn't yours.
        Conflict: you have very many tokens already.
    """
    own_hands(actor)
    if unknown := set(command.scopes) - set(SCOPES):
        raise Invalid(fields={"scopes": _("There is no scope %(scope)s.")}, scope=min(unknown))
    zone = ZoneInfo(actor.time_zone)
    if command.expires_on is not None and command.expires_on < local_day(tx.now, zone):
        raise Invalid(fields={"expires_on": _("This day is in the past.")})
    await prove_own_password(tx, actor, command.password)
    held = await tx.scalar(select(func.count()).select_from(ApiToken).where(*_of(actor)))
    if held >= AT_MOST:
        raise Conflict(_("You have 50 tokens. Revoke an unused one first."), code="too_many_tokens")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        id=tx.new_id(),
        business_id=actor.home_business_id or actor.business_id,
        person_id=actor.id,
        name=command.name,
        scopes=sorted(set(command.scopes)),
        digest=digest(secret),
        made_at=tx.now,
        expires_at=_end_of(command.expires_on, zone),
    )
    tx.add(token)
    await tx.flush()
    form = ApiTokenForm.model_validate(token)
    tx.record(person_stream(actor), ApiTokenMade(api_token=form), by=actor.id)
    note_own(tx, actor, JOURNAL["token_made"], name=token.name, scopes=token.scopes)
    return MadeApiToken(api_token=form, secret=secret)


def _end_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When a day has passed in a zone."""
    return None if day is None else midnight(day + timedelta(days=1), zone)


class RevokeApiToken(Command, touches="sign_in", needs="anyone"):
    token_id: UUID


async def revoke_api_token(tx: Transaction, actor: Actor, command: RevokeApiToken) -> None:
    """Revoke one of your tokens. What is open by it closes within seconds.

    Raises:
        Forbidden: a program asks, or a superadmin who acts as someone.
        NotFound: it isn't one of yours, or was revoked.
    """
    own_hands(actor)
    name = await tx.scalar(
        update(ApiToken)
        .where(ApiToken.id == command.token_id, *_of(actor))
        .values(revoked_at=tx.now)
        .returning(ApiToken.name)
    )
    if name is None:
        raise NotFound()
    tx.record(person_stream(actor), ApiTokenRevoked(api_token=Gone(id=command.token_id)), by=actor.id)
    note_own(tx, actor, JOURNAL["token_revoked"], name=name)


def _of(actor: Actor) -> tuple[Any, ...]:
    return ApiToken.person_id == actor.id, ApiToken.revoked_at.is_(None)


async def api_tokens(tx: Transaction, actor: Actor) -> list[ApiTokenForm]:
    """These are the asker's own tokens that weren't revoked, the newest first."""
    rows = await tx.scalars(
        select(ApiToken).where(*_of(actor)).order_by(ApiToken.made_at.desc(), ApiToken.id.desc()).limit(AT_MOST)
    )
    return [ApiTokenForm.model_validate(row) for row in rows]


# Who speaks by a token


async def actor_by(database: Database, token: str) -> Actor | None:
    """This is who speaks by a session's token or an API token, or None when nobody does, or no longer."""
    if not token.startswith(PREFIX):
        return await actor_at_once(database, token)
    rows = await database.driver.rows(_ONCE, within=EVERYWHERE, digest=digest(token), now=database.clock())
    if not rows:
        return None
    actor = _actor(SimpleNamespace(**rows[0]))
    await _note_used(database, actor)
    return actor


async def as_now(tx: Transaction, actor: Actor) -> Actor:
    """This is an asker with the rights that they have now: what they asked may have taken hours.

    Raises:
        NotSignedIn: their session or token has ended, or they may no longer come from where they are.
        SecondFactorNeeded: they have to set one up before anything else.
    """
    if actor.session_id is not None:
        now = (await living(tx, [actor.session_id])).get(actor.session_id)
    elif actor.token_id is not None:
        now = await _living_token(tx, actor.token_id)
    else:
        return actor
    if now is None or not admits(now.networks, actor.address):
        raise NotSignedIn()
    if now.second_factor_needed:
        raise SecondFactorNeeded()
    return replace(now, address=actor.address, agent=actor.agent)


async def _living_token(tx: Transaction, token_id: UUID) -> Actor | None:
    row = (await tx.execute(_LIVING_BY_ID, {"ids": [token_id], "now": tx.now})).first()
    return None if row is None else _actor(row)


async def living_tokens_at_once(database: Database, token_ids: list[UUID]) -> dict[UUID, Actor]:
    """These are the people behind those of the tokens that still work, as they are now."""
    rows = await database.driver.rows(_MANY, within=EVERYWHERE, ids=token_ids, now=database.clock())
    return {row["token_id"]: _actor(SimpleNamespace(**row)) for row in rows}


_noted: dict[UUID, float] = {}


async def _note_used(database: Database, actor: Actor) -> None:
    """Note that a token is in use: seldom, and never in the way of an answer."""
    assert actor.token_id is not None
    if _noted.get(actor.token_id, -NOTED_EVERY_SECONDS) + NOTED_EVERY_SECONDS > time.monotonic():
        return
    if len(_noted) > 10_000:
        _noted.clear()
    _noted[actor.token_id] = time.monotonic()
    try:
        await database.driver.rows(_USE, within=EVERYWHERE, token_id=actor.token_id, now=database.clock())
    except Refusal:
        return


_LIVING = (
    select(
        Party.id,
        Party.kind,
        Party.business_id,
        Party.name,
        Party.email,
        Account.language,
        Account.time_zone,
        Account.theme,
        Account.permissions,
        ApiToken.id.label("token_id"),
        ApiToken.scopes,
        Own.networks.label("networks"),
        and_(two_factors_asked(Party.kind), ~has_second_factor(ApiToken.person_id)).label("second_factor_needed"),
    )
    .select_from(ApiToken)
    .join(Account, Account.person_id == ApiToken.person_id)
    .join(Party, Party.id == ApiToken.person_id)
    .outerjoin(Own, Own.business_id == Account.business_id)
    .outerjoin(Default, Default.business_id.is_(None))
    .where(
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > bindparam("now", type_=DateTime(timezone=True))),
        and_(Account.active, Account.password_hash.is_not(None)),
    )
)
_LIVING_BY_ID = _LIVING.where(ApiToken.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
_MANY = Statement(_LIVING_BY_ID)
_ONCE = Statement(_LIVING.where(ApiToken.digest == bindparam("digest", type_=LargeBinary())))
_USE = Statement(
    update(ApiToken)
    .where(ApiToken.id == bindparam("token_id", type_=Uuid()))
    .values(used_at=bindparam("now", type_=DateTime(timezone=True)))
    .returning(ApiToken.id)
)


def _actor(row: Any) -> Actor:
    return Actor(
        id=row.id,
        kind=row.kind,
        business_id=row.business_id,
        home_business_id=row.business_id,
        name=row.name,
        email=row.email or "",
        language=row.language,
        time_zone=row.time_zone,
        theme=row.theme,
        permissions=frozenset(row.permissions),
        token_id=row.token_id,
        scopes=frozenset(row.scopes),
        networks=tuple(row.networks or ()),
        second_factor_needed=row.second_factor_needed,
    )


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
