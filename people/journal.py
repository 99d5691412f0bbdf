"""The journal: who signed in and out, failed to, changed how they sign in, or acted as someone else; from where."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Select, Text, cast, delete, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, aliased, mapped_column

from people.actors import Actor
from people.businesses import Business
from people.parties import Party
from people.rate_limits import RateLimit, of_network
from store.database import Transaction
from store.errors import Forbidden
from store.ids import first_id
from store.rows import Row
from store.scopes import EVERYWHERE
from store.sentences import Sentence
from store.streams import Hand
from store.upkeep import Household

AT_ONCE = 200
AGENT_LENGTH = 300
MOST_OF_NETWORK = 60
"""So many lines of a kind may a network of strangers leave in an hour."""
FORGOTTEN_AT_ONCE = 5_000


class JournalEntry(Row):
    """A line of the journal. It keeps its person's identifier whatever becomes of the person."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_business_id", "business_id", "id"),
        Index("ix_journal_person_id", "person_id", "id"),
        Index("ix_journal_what", "what", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime]


def note(
    tx: Transaction,
    what: Sentence,
    *,
    person_id: UUID | None = None,
    business_id: UUID | None = None,
    address: str = "",
    agent: str = "",
    **details: Any,
) -> None:
    """Write a line into the journal, in the transaction of what it tells.

    ``what`` is a sentence of the folder that writes, from its ``JOURNAL``; the line keeps its name. ``details`` are
    what JSON can hold: ``by``, a person's identifier as text, is who did it, where that is another than the person whom
    it concerns. Where somebody acts in another's name that becomes whose hand it was, and ``on_behalf_of`` is whose
    name, unless it is the person's own. Of who runs the installation the name is kept too: a business can't look them
    up.
    """
    if tx.hand is not None:
        details |= _signed(tx.hand, person_id, details.get("by"))
    tx.add(
        JournalEntry(
            id=tx.new_id(),
            business_id=business_id,
            person_id=person_id,
            what=what.name,
            address=address,
            agent=agent[:AGENT_LENGTH],
            details=details,
            at=tx.now,
        )
    )


async def may_note(tx: Transaction, what: Sentence, address: str) -> bool:
    """Whether what somebody does who isn't signed in is worth a line: what a network does time and again fills no
    journal. It takes seeing everything."""
    return await RateLimit(f"journal.{what.name}").allows(tx, of_network(address, MOST_OF_NETWORK))


async def forget_old_lines(house: Household) -> None:
    """Forget all lines of the journal that are older than they are kept."""
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        async with house.database.transaction(EVERYWHERE) as tx:
            forgotten = await forget_old(tx, house.journal_kept)


async def forget_old(tx: Transaction, kept: timedelta) -> int:
    """Forget the oldest lines, at most some thousands, where they are from longer ago than lines are kept for; this is
    how many there were."""
    old = (
        select(JournalEntry.id)
        .where(JournalEntry.id < first_id(tx.now - kept))
        .order_by(JournalEntry.id)
        .limit(FORGOTTEN_AT_ONCE)
    )
    return len(
        (await tx.scalars(delete(JournalEntry).where(JournalEntry.id.in_(old)).returning(JournalEntry.id))).all()
    )


def _signed(hand: Hand, person_id: UUID | None, by: str | None) -> dict[str, str]:
    """Whose hand it was, and in whose name, of what somebody is said to have done, or the person themselves."""
    bearer = None if hand.on_behalf_of is None else str(hand.on_behalf_of)
    is_about_them = bearer == str(person_id)
    if by not in (str(hand.id), bearer) and not (by is None and is_about_them):
        return {}
    whose = {} if bearer is None or is_about_them else {"on_behalf_of": bearer}
    return {"by": str(hand.id), "by_name": hand.name} | whose


def note_own(tx: Transaction, actor: Actor, what: Sentence, **details: Any) -> None:
    """Write what the asker did about themselves."""
    note(
        tx,
        what,
        person_id=actor.id,
        business_id=actor.home_business_id or actor.business_id,
        address=actor.address,
        agent=actor.agent,
        **details,
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines are asked for; None leaves a question open."""

    person_id: UUID | None = None
    business_id: UUID | None = None
    named: str = ""
    """Part of a name or an e-mail, also of one that was only typed."""
    what: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line of the journal, with the names of those whom it concerns."""

    id: UUID
    at: datetime
    what: str
    address: str
    agent: str
    details: dict[str, Any]
    person_id: UUID | None
    person: str | None
    kind: str | None
    business: str | None
    by: str | None
    on_behalf_of: str | None


async def journal(
    tx: Transaction, actor: Actor, filters: Filters, before: UUID | None = None, limit: int = AT_ONCE
) -> list[JournalLine]:
    """These are lines of the journal, the newest first: all to a superadmin, to an admin those of the own business.

    Raises:
        Forbidden: somebody else asks.
    """
    by, bearer = aliased(Party), aliased(Party)
    query = (
        select(JournalEntry, Party.name, Party.kind, Business.name, by.name, bearer.name)
        .outerjoin(Party, Party.id == JournalEntry.person_id)
        .outerjoin(Business, Business.id == JournalEntry.business_id)
        .outerjoin(by, by.id == JournalEntry.details["by"].astext.cast(JournalEntry.id.type))
        .outerjoin(bearer, bearer.id == JournalEntry.details["on_behalf_of"].astext.cast(JournalEntry.id.type))
        .order_by(JournalEntry.id.desc())
        .limit(limit)
    )
    rows = await tx.execute(_filtered(query, own_part(actor, filters), before))
    return [
        JournalLine(
            id=row.id,
            at=row.at,
            what=row.what,
            address=row.address,
            agent=row.agent,
            details=row.details,
            person_id=row.person_id,
            person=name,
            kind=kind,
            business=business,
            by=by_name,
            on_behalf_of=bearer_name,
        )
        for row, name, kind, business, by_name, bearer_name in rows
    ]


def own_part(actor: Actor, filters: Filters) -> Filters:
    """These are the filters, held to what the asker may read.

    Raises:
        Forbidden: they may read none of it.
    """
    if actor.kind == "superadmin":
        return filters
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    return replace(filters, business_id=actor.business_id)


def _has(text: Any, part: str) -> ColumnElement[bool]:
    return cast(text, Text).icontains(part, autoescape=True)


def _filtered(query: Any, filters: Filters, before: UUID | None) -> Select[Any]:
    if filters.person_id is not None:
        query = query.where(JournalEntry.person_id == filters.person_id)
    if filters.business_id is not None:
        query = query.where(JournalEntry.business_id == filters.business_id)
    if filters.named:
        query = query.where(
            or_(
                *(_has(text, filters.named) for text in (Party.name, Party.email, JournalEntry.details["email"].astext))
            )
        )
    if filters.what:
        query = query.where(JournalEntry.what.in_(filters.what))
    if filters.since is not None:
        query = query.where(JournalEntry.at >= filters.since)
    if filters.until is not None:
        query = query.where(JournalEntry.at < filters.until)
    found: Select[Any] = query if before is None else query.where(JournalEntry.id < before)
    return found
