"""Deletions: an admin is deleted. The only one of a business takes all of it along; any other hands over.

A business that ends is shut at once, in the transaction that says so: nobody of it can sign in any more. Its rows and
its files go afterwards, all rows in one transaction, and again from the start should the hub stop midway.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import Field
from sqlalchemy import Text, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.announcements import BusinessEnds
from people.businesses import Business
from people.installation.events import AdminDeleted, BusinessDeleted
from people.installation.hierarchy import TREE
from people.installation.sentences import JOURNAL
from people.installations import installation_stream, must_run_it
from people.journal import note
from people.managers import Managed, managed
from people.parties import Party
from people.persons.departures import DeactivatePerson, deactivate_person
from people.signing.sessions import Session
from store.addresses.database_addresses import Address
from store.announcements import Announcement
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Invalid, NotFound, _
from store.files.garbage import Discard
from store.rows import Row
from store.scopes import EVERYWHERE
from store.texts.sorting import by_name
from store.texts.texts import AsTyped
from store.upkeep import Household


@dataclass(frozen=True, slots=True)
class BusinessCounted(Announcement):
    """How much of what is a business's would go with it? The answers are numbers by name."""

    business_id: UUID


class BusinessDeletion(Row):
    """A business that was deleted, or is being: by whom, when, and what was in it."""

    __tablename__ = "endings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ended_id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class DeleteAdmin(Command, touches="rights", needs="superadmin"):
    person_id: UUID
    typed: AsTyped = Field(max_length=200)
    """A name typed again, since it can't be taken back: the business's name where it goes along, else the admin's."""
    successor_id: UUID | None = None
    """Who takes over their rooms and tasks, where the business stays; by itself its first other admin."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What goes with an admin who is deleted."""

    whom: Managed
    business: Business
    successors: list[tuple[UUID, str]]
    """The business's other admins; with none, the business goes along."""
    counts: dict[str, int]

    @property
    def with_business(self) -> bool:
        return not self.successors

    @property
    def typed(self) -> str:
        return self.business.name if self.with_business else self.whom.person.name


async def delete_admin(tx: Transaction, actor: Actor, command: DeleteAdmin) -> None:
    """Delete an admin. With the only one of a business everything in it goes; from any other, somebody takes over.

    Raises:
        NotFound: there is no such admin.
        Invalid: the name isn't the one that is asked for, or the successor can't take over.
    """
    stake = await what_goes(tx, actor, command.person_id)
    if command.typed.strip() != stake.typed:
        raise Invalid(fields={"typed": _("This isn't the name.")})
    if stake.with_business:
        await _end_business(tx, actor, stake)
    else:
        await _hand_over(tx, actor, stake, command.successor_id)
    event = AdminDeleted(admin_id=stake.whom.id, business_id=stake.business.id, with_business=stake.with_business)
    tx.record(installation_stream(), event, by=actor.id)
    told: dict[str, Any] = {"name": stake.whom.person.name, "business": stake.business.name, "by": str(actor.id)}
    # With a business that goes the person does, too: of neither, the line outlives them and keeps the name.
    whose: dict[str, Any] = {"person_id": stake.whom.id, "business_id": stake.business.id}
    about = told if stake.with_business else whose | told
    note(tx, JOURNAL["admin_deleted"], address=actor.address, agent=actor.agent, **about)


async def what_goes(tx: Transaction, actor: Actor, person_id: UUID, *, lock: bool = True) -> Stake:
    """This is what goes with an admin who is deleted; whoever deletes locks, who only looks doesn't.

    Raises:
        Forbidden: the asker is not a superadmin.
        NotFound: there is no such admin.
    """
    must_run_it(actor)
    whom = await managed(tx, actor, person_id, lock=lock)
    business = await tx.get(Business, whom.business_id, lock=lock)
    if business is None or whom.person.email is None:  # deleted, and perhaps being taken away just now
        raise NotFound()
    others = await tx.execute(
        select(Party.id, Party.name)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == business.id, Party.kind == "admin", Account.active, Party.id != whom.id)
        .order_by(Party.id)
    )
    named = [(id, name) for id, name in by_name(others, actor.language)]
    return Stake(whom, business, named, await _counts(tx, business.id))


async def _counts(tx: Transaction, business_id: UUID) -> dict[str, int]:
    counted = dict[str, int]()
    for more in await tx.announce(BusinessCounted(business_id)):
        counted |= more
    people = select(func.count()).select_from(Party).where(Party.business_id == business_id, Party.kind != "company")
    return {"people": int(await tx.scalar(people)), **counted}


async def _hand_over(tx: Transaction, actor: Actor, stake: Stake, successor_id: UUID | None) -> None:
    whom = stake.whom
    if whom.account.deactivated_at is None:
        there = replace(actor, kind="admin", business_id=stake.business.id)
        leaving = DeactivatePerson(person_id=whom.id, successor_id=successor_id or stake.successors[0][0])
        await deactivate_person(tx, there, leaving)
    whom.person.email = None  # somebody else may have it from now on; what they wrote keeps the name
    await tx.flush()


async def _end_business(tx: Transaction, actor: Actor, stake: Stake) -> None:
    business_id = stake.business.id
    await tx.execute(select(func.pg_advisory_xact_lock(TREE)))
    of_it = select(Account.person_id).where(Account.business_id == business_id)
    await tx.execute(update(Account).where(Account.business_id == business_id).values(active=False, locked_at=tx.now))
    await tx.execute(
        update(Session).where(Session.person_id.in_(of_it), Session.ended_at.is_(None)).values(ended_at=tx.now)
    )
    await tx.execute(update(Session).where(Session.acting_business_id == business_id).values(acting_business_id=None))
    above = stake.business.parent_id
    await tx.execute(update(Business).where(Business.parent_id == business_id).values(parent_id=above))
    await tx.execute(update(Party).where(Party.business_id == business_id).values(email=None))
    tx.add(
        BusinessDeletion(
            id=tx.new_id(),
            ended_id=business_id,
            name=stake.business.name,
            asked_by=actor.id,
            asked_by_name=actor.name,
            asked_at=tx.now,
            counts=stake.counts,
        )
    )


async def end_all(house: Household) -> None:
    """Delete what is left of all businesses that are to end."""
    await end_businesses(house.database)


async def end_businesses(database: Database) -> int:
    """Delete what is left of the businesses that are to end; this is how many have."""
    async with database.reading(EVERYWHERE) as tx:
        waiting = (
            await tx.scalars(
                select(BusinessDeletion).where(BusinessDeletion.ended_at.is_(None)).order_by(BusinessDeletion.asked_at)
            )
        ).all()
    for ending in waiting:
        async with database.transaction(EVERYWHERE) as tx:
            await tx.announce(BusinessEnds(ending.ended_id))
        await _delete_rows(database.address, ending.ended_id)
        async with database.transaction(EVERYWHERE) as tx:
            await tx.execute(update(BusinessDeletion).where(BusinessDeletion.id == ending.id).values(ended_at=tx.now))
            event = BusinessDeleted(business_id=ending.ended_id)
            tx.record(installation_stream(), event, by=ending.asked_by)
    return len(waiting)


# Tables that hold a business's rows, and which of them name which by a foreign key.
_TABLES = """
select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'business_id'
where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
"""
_KEYS = """
select f.relname as holder, t.relname as named from pg_constraint k
join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
where k.contype = 'f' and k.conrelid <> k.confrelid and k.connamespace = 'public'::regnamespace
"""


async def _delete_rows(address: Address, business_id: UUID) -> None:
    """All rows of a business but the notes by which its blobs go, in one transaction on a connection of its own: it may
    take long, and nobody waits."""
    connection = await asyncpg.connect(**address.for_asyncpg)
    try:
        async with connection.transaction():
            await connection.execute(_KEEP_VISITORS, business_id)
            tables = {row["relname"] for row in await connection.fetch(_TABLES)} - {Discard.__tablename__}
            keys = [(row["holder"], row["named"]) for row in await connection.fetch(_KEYS)]
            for table in in_order(tables, keys):
                await connection.execute(f'delete from "{table}" where business_id = $1', business_id)  # noqa: S608
            await connection.execute("delete from businesses where id = $1", business_id)
    finally:
        await connection.close()


# Who has worked in a child of this business keeps their name there: their row goes over to the child.
_KEEP_VISITORS = """
update parties set business_id = v.business_id, email = null
from (select distinct on (person_id) person_id, business_id from visits where business_id <> $1
      order by person_id, first_at) v
where parties.id = v.person_id and parties.business_id = $1
"""


def in_order(tables: set[str], keys: list[tuple[str, str]]) -> list[str]:
    """These are tables so that each comes before those that it names: rows can be deleted in this order."""
    left, found = set(tables), list[str]()
    while left:
        named = {name for holder, name in keys if holder in left and holder != name}
        free = (
            sorted(left - named) or sorted(left)[:1]
        )  # a ring of keys is broken somewhere; the database says if wrong
        found += free
        left -= set(free)
    return found
