"""Mentions: that a message concerns someone, told in their own stream until they have looked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.announcements import PersonShown
from people.parties import Party
from people.streams import own_stream
from rooms.access import Member, SeenRoom, visible_room
from rooms.announcements import RoomsLeft
from rooms.lenses import audiences_of, lens_of
from rooms.wall.addressees import addressed_in
from rooms.wall.announcements import MessageGoes, MessageWritten
from rooms.wall.events import MentionAdded, MentionsSeen
from rooms.wall.forms import MentionForm
from staff.department_rows import Department
from staff.departments import people_of_department
from store.commands import Command
from store.database import Transaction
from store.events import Gone, wired
from store.rows import Row, Signed

AT_MOST = 200


class Mention(Signed, Row):
    """That a message concerns someone, by their own name or by their department's."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),
        Index("ix_mentions_unseen", "person_id", "room_id", postgresql_where=text("seen_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id", ondelete="SET NULL"))
    mentioned_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


async def tell_mentioned(tx: Transaction, written: MessageWritten) -> None:
    """Tell those whom a message concerns and who can read it, its author apart, as far as they weren't told before;
    and those whom it no longer concerns."""
    room, actor = written.room, written.by
    whom = await _concerned(tx, actor, room, written.html, written.audience)
    of_it = select(Mention).where(Mention.message_id == written.message_id)
    known = {row.person_id: row for row in await tx.scalars(of_it)}
    await _withdraw(tx, actor, [row for id, row in known.items() if id not in whom])
    for person_id in sorted(whom.keys() - known.keys()):
        mention = Mention(
            id=tx.new_id(),
            business_id=room.business_id,
            room_id=room.id,
            message_id=written.message_id,
            person_id=person_id,
            author_id=actor.id,
            department_id=whom[person_id],
            mentioned_at=tx.now,
        )
        tx.add(mention)
        event = MentionAdded(mention=MentionForm.model_validate(mention))
        tx.record(own_stream(person_id, room.business_id), event, by=actor.id)
    await tx.flush()


async def _concerned(
    tx: Transaction, actor: Actor, room: SeenRoom, html: str, audience: str
) -> dict[UUID, UUID | None]:
    """Those in the room who can read the message and whom it concerns, with the department by which it does."""
    ids = addressed_in(html)
    if not ids:
        return {}
    units = await tx.scalars(
        select(Department.id).where(Department.business_id == room.business_id, Department.id.in_(ids))
    )
    by_unit: dict[UUID, UUID | None] = {}
    for unit in list(units) if actor.of_the_team else []:
        for person_id in await people_of_department(tx, actor, unit):
            by_unit.setdefault(person_id, unit)
    whom = {**by_unit, **dict.fromkeys(ids, None)}
    rows = await tx.execute(
        select(Party, Account)
        .join(Account, Account.person_id == Party.id)
        .join(Member, Member.person_id == Party.id)
        .where(Member.room_id == room.id, Member.left_at.is_(None), Party.id.in_(whom), Party.id != actor.id)
        .where(Account.active)
    )
    return {person.id: whom[person.id] for person, account in rows if audience in _seen_by(person, account)}


def _seen_by(person: Party, account: Account) -> list[str]:
    permissions = frozenset(account.permissions)
    seeing = Actor(person.id, person.kind, person.business_id, person.name, permissions=permissions)  # type: ignore[arg-type]
    return [*audiences_of(lens_of(seeing))]


class SeeMentions(Command, touches="work", needs="anyone", area="rooms"):
    room_id: UUID


async def see_mentions(tx: Transaction, actor: Actor, command: SeeMentions) -> None:
    """Note that you have looked at what mentions you in a room. With nothing new it changes nothing.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
    """
    room = await visible_room(tx, actor, command.room_id)
    seen = await tx.scalars(
        update(Mention)
        .where(Mention.room_id == room.id, Mention.person_id == actor.id, Mention.seen_at.is_(None))
        .values(seen_at=tx.now)
        .returning(Mention.id)
        .execution_options(synchronize_session=False)
    )
    gone = [Gone(id=id) for id in sorted(seen)]
    if gone:
        tx.record(own_stream(actor.id, room.business_id), MentionsSeen(mentions=gone), by=actor.id)


async def withdraw_mentions(tx: Transaction, going: MessageGoes) -> None:
    """Take back what a message that goes had told those whom it concerned."""
    of_it = select(Mention).where(Mention.message_id == going.message_id)
    await _withdraw(tx, going.by, list(await tx.scalars(of_it)))


async def leave_mentions(tx: Transaction, left: RoomsLeft) -> None:
    """Take from someone who leaves rooms what mentions them there."""
    there = select(Mention).where(Mention.person_id == left.person_id, Mention.room_id.in_(left.room_ids))
    await _withdraw(tx, left.by, list(await tx.scalars(there)))


async def _withdraw(tx: Transaction, actor: Actor, rows: list[Mention]) -> None:
    if not rows:
        return
    await tx.execute(delete(Mention).where(Mention.id.in_([row.id for row in rows])))
    unseen: dict[tuple[UUID, UUID], list[Gone]] = {}
    for row in rows:
        if row.seen_at is None:
            unseen.setdefault((row.person_id, row.business_id), []).append(Gone(id=row.id))
    for (person_id, business_id), gone in sorted(unseen.items()):
        tx.record(own_stream(person_id, business_id), MentionsSeen(mentions=gone), by=actor.id)


async def unseen_mentions(tx: Transaction, actor: Actor) -> list[MentionForm]:
    """These are the asker's mentions at which they haven't looked yet, the oldest first."""
    rows = await tx.scalars(
        select(Mention)
        .where(Mention.person_id == actor.id, Mention.seen_at.is_(None))
        .order_by(Mention.mentioned_at, Mention.id)
        .limit(AT_MOST)
    )
    return [MentionForm.model_validate(row) for row in rows]


async def counts_of_mentions(tx: Transaction, actor: Actor, room_ids: Sequence[UUID]) -> dict[UUID, int]:
    """This is how many of the asker's mentions they haven't looked at, by room."""
    rows = await tx.execute(
        select(Mention.room_id, func.count().label("unseen"))
        .where(Mention.person_id == actor.id, Mention.seen_at.is_(None), Mention.room_id.in_(room_ids))
        .group_by(Mention.room_id)
    )
    return {row.room_id: row.unseen for row in rows}


async def show_mentions(tx: Transaction, shown: PersonShown) -> dict[str, Any]:
    """These are the mentions at which somebody hasn't looked yet."""
    return {"mentions": wired(await unseen_mentions(tx, shown.actor))}
