"""The directory: who there is, for those who look after people; and one person's page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from people.accounts import IN_STATE, STATE, Account, State
from people.actors import Actor
from people.first_roles import Role
from people.managers import manages
from people.parties import Party, PartyName, page_by_name
from people.persons.affiliations import companies_of, companies_of_all
from people.sentences import HISTORY
from people.streams import business_stream
from store.database import Transaction
from store.errors import Forbidden, NotFound
from store.streams import EventRow
from store.texts.folded_columns import holds, holds_plainly
from store.texts.folding import folded

Show = Literal["team", "clients", "invited", "locked", "former"]
SHOWS: tuple[Show, ...] = ("team", "clients", "invited", "locked", "former")
PAGE = 50


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A person in the list."""

    id: UUID
    name: str
    kind: str
    email: str | None
    state: State
    role_key: str | None
    role_name: str | None
    companies: list[PartyName]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """A page of the list; ``after`` is where the next one begins, None after the last."""

    entries: list[DirectoryEntry]
    after: UUID | None
    counts: dict[Show, int]


def seen_kinds(actor: Actor) -> list[str]:
    """These are the kinds of people whom someone sees in the directory: the team, and clients if they look after them.

    Raises:
        NotFound: a client or a superadmin asks.
        Forbidden: the asker looks after nobody.
    """
    if not actor.of_the_team or actor.business_id is None:
        raise NotFound()
    if not any(manages(actor, kind) for kind in ("staff", "client")):
        raise Forbidden()
    return ["admin", "staff", *(["client"] if manages(actor, "client") else [])]


async def directory(
    tx: Transaction, actor: Actor, show: Show = "team", q: str = "", after: UUID | None = None, limit: int = PAGE
) -> DirectoryPage:
    """These are people of the business by name, from after one of them on.

    Raises:
        NotFound: a client or a superadmin asks.
        Forbidden: the asker looks after nobody.
    """
    own = and_(Party.business_id == actor.business_id, Party.kind.in_(seen_kinds(actor)))
    names = (
        select(Party.id, Party.name)
        .join(Account, Account.person_id == Party.id)
        .where(own, _shown(show), *_matching(q))
    )
    ids = await page_by_name(tx, names, actor.language, after, limit + 1)
    entries = await _entries(tx, actor, ids[:limit])
    return DirectoryPage(entries, entries[-1].id if len(ids) > limit else None, await _counts(tx, own))


async def _entries(tx: Transaction, actor: Actor, ids: list[UUID]) -> list[DirectoryEntry]:
    rows = await tx.execute(
        select(Party, STATE, Role.key, Role.name)
        .join(Account, Account.person_id == Party.id)
        .outerjoin(Role, Role.id == Account.role_id)
        .where(Party.id.in_(ids))
    )
    companies = await companies_of_all(tx, ids, actor.language)
    found = [
        DirectoryEntry(
            person.id, person.name, person.kind, person.email, state, key, name, companies.get(person.id, [])
        )
        for person, state, key, name in rows
    ]
    return sorted(found, key=lambda entry: ids.index(entry.id))


async def _counts(tx: Transaction, own: ColumnElement[bool]) -> dict[Show, int]:
    row = (
        await tx.execute(
            select(*(func.count().filter(_shown(show)).label(show) for show in SHOWS))
            .select_from(Party)
            .join(Account, Account.person_id == Party.id)
            .where(own)
        )
    ).one()
    return {show: getattr(row, show) for show in SHOWS}


def _shown(show: Show) -> ColumnElement[bool]:
    here = Account.deactivated_at.is_(None)
    if show == "former":
        return Account.deactivated_at.is_not(None)
    if show == "invited":
        return and_(here, IN_STATE["invited"])
    if show == "locked":
        return and_(here, IN_STATE["locked"])
    return and_(here, Party.kind == "client" if show == "clients" else Party.kind.in_(("admin", "staff")))


def _matching(q: str) -> list[ColumnElement[bool]]:
    wanted = folded(q)
    return [holds(Party.name_folded, wanted) | holds_plainly(Party.email, q)] if wanted else []


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, for those who look after people."""

    id: UUID
    name: str
    kind: str
    email: str | None
    state: State
    phone: str
    address: str
    language: str
    time_zone: str
    role_id: UUID | None
    role_key: str | None
    role_name: str | None
    role_permissions: list[str]
    extra_permissions: list[str]
    permissions: list[str]
    companies: list[PartyName]
    added_at: datetime
    invited_at: datetime | None
    locked_at: datetime | None
    locked_above: bool
    deactivated_at: datetime | None
    successor: PartyName | None
    linked: PartyName | None
    managed: bool
    """Whether the asker looks after them; else only contact and role are theirs to see."""


async def profile(tx: Transaction, actor: Actor, person_id: UUID) -> Profile:
    """This is a person of the business.

    Raises:
        NotFound: there is none such, or isn't one whom the asker sees; a client asks.
        Forbidden: the asker looks after nobody.
    """
    kinds = seen_kinds(actor)
    row = (
        await tx.execute(
            select(Party, Account, Role, STATE.label("state"))
            .join(Account, Account.person_id == Party.id)
            .outerjoin(Role, Role.id == Account.role_id)
            .where(Party.id == person_id, Party.business_id == actor.business_id, Party.kind.in_(kinds))
        )
    ).first()
    if row is None:
        raise NotFound()
    person, account, role, state = row
    return Profile(
        id=person.id,
        name=person.name,
        kind=person.kind,
        email=person.email,
        state=state,
        phone=account.phone,
        address=account.address,
        language=account.language,
        time_zone=account.time_zone,
        role_id=account.role_id,
        role_key=role.key if role else None,
        role_name=role.name if role else None,
        role_permissions=role.permissions if role else [],
        extra_permissions=account.extra_permissions,
        permissions=account.permissions,
        companies=await companies_of(tx, person.id, actor.language),
        added_at=person.added_at,
        invited_at=account.invited_at,
        locked_at=account.locked_at,
        locked_above=account.locked_above,
        deactivated_at=account.deactivated_at,
        successor=await _named(tx, account.successor_id),
        linked=await _named(tx, account.linked_id),
        managed=manages(actor, person.kind),
    )


async def _named(tx: Transaction, person_id: UUID | None) -> PartyName | None:
    person = await tx.get(Party, person_id) if person_id else None
    return PartyName(person.id, person.name) if person else None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened to a person."""

    name: str
    at: datetime
    by: str | None
    body: dict[str, Any]
    acted_by: str | None
    """Who really did it, where that is another than the one named."""


async def occurrences(tx: Transaction, actor: Actor, person_id: UUID, limit: int = 50) -> list[Occurrence]:
    """This is what happened to a person, from the business's log, the newest first."""
    assert actor.business_id is not None
    by = aliased(Party)
    name = func.coalesce(by.name, EventRow.actor_name)
    acted_by = case((EventRow.on_behalf_of.is_not(None), EventRow.actor_name))
    rows = await tx.execute(
        select(EventRow.name, EventRow.recorded_at, name, EventRow.body, acted_by)
        .outerjoin(by, by.id == func.coalesce(EventRow.on_behalf_of, EventRow.actor_id))
        .where(EventRow.stream == business_stream(actor.business_id).name, EventRow.subject_id == person_id)
        .where(EventRow.name.in_(HISTORY))
        .order_by(EventRow.offset.desc())
        .limit(limit)
    )
    return [Occurrence(*row) for row in rows]
