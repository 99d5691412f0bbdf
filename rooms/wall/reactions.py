"""Reactions: the emojis by which people answer a message without words.

Each emoji under a message is a thing of its own beside it, so that what tells of it is small, however much the message
says.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from rooms.access import SeenRoom
from rooms.members import join_to_act
from rooms.wall.announcements import MessageGoes
from rooms.wall.forms import MessageForm
from rooms.wall.messages import Message, message_at_hand
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, _
from store.events import Audience, Event, Gone, WireForm
from store.log import erase
from store.rows import Row
from store.texts.emojis import Emoji

KINDS_AT_MOST = 20
"""So many different emojis stand under one message at most."""


class Reaction(Row):
    """An emoji under a message, with those who gave it in the order in which they did."""

    __tablename__ = "reactions"
    __table_args__ = (UniqueConstraint("message_id", "emoji"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    emoji: Mapped[str] = mapped_column(Text)
    place: Mapped[int]
    person_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))


class ReactionForm(WireForm):
    """An emoji under a message, and those who gave it, the first of them first.

    Under one message they stand in the order of their places, which needn't follow each other.
    """

    thing: ClassVar[str] = "reaction"
    things: ClassVar[str] = "reactions"
    speaks_of: ClassVar[Mapping[str, str]] = {"message_id": "messages"}

    message_id: UUID
    emoji: str
    place: int
    person_ids: list[UUID]
    audience: Audience


class ReactionAdded(Event, silent=True):
    """Somebody answered a message with an emoji."""

    reaction: ReactionForm | Gone


class ReactionRemoved(Event, silent=True):
    """Somebody took back an emoji, or its message is deleted."""

    reaction: ReactionForm | Gone


class AddReaction(Command, touches="opinion", needs="anyone", area="rooms", lens="all"):
    message_id: UUID
    room_id: UUID | None = None
    emoji: Emoji


async def add_reaction(tx: Transaction, actor: Actor, command: AddReaction) -> ReactionForm:
    """Answer a message with an emoji; once, however often it is asked for.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Invalid: too many different emojis stand under it already.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, AddReaction, command.message_id, command.room_id)
    given = await _reactions_under(tx, message.id)
    reaction = given.get(command.emoji) or _new_reaction(tx, message, command.emoji, given.values())
    if actor.id in reaction.person_ids:
        return _form(reaction, message.audience)
    await join_to_act(tx, room, actor)
    reaction.person_ids = [*reaction.person_ids, actor.id]
    tx.add(reaction)
    await tx.flush()
    form = _form(reaction, message.audience)
    tx.record(room.stream, ReactionAdded(reaction=form), by=actor.id, audience=message.audience)
    return form


class RemoveReaction(Command, touches="opinion", needs="anyone", area="rooms", lens="all"):
    message_id: UUID
    room_id: UUID | None = None
    emoji: Emoji


async def remove_reaction(tx: Transaction, actor: Actor, command: RemoveReaction) -> None:
    """Take back your own emoji from a message. Where there is none of yours, nothing changes.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, RemoveReaction, command.message_id, command.room_id)
    reaction = (await _reactions_under(tx, message.id)).get(command.emoji)
    if reaction is None or actor.id not in reaction.person_ids:
        return
    others = [id for id in reaction.person_ids if id != actor.id]
    if not others:
        await _take_down(tx, room, [reaction], actor, message.audience)
        return
    reaction.person_ids = others
    await tx.flush()
    event = ReactionRemoved(reaction=_form(reaction, message.audience))
    tx.record(room.stream, event, by=actor.id, audience=message.audience)


async def leave_answered_message(tx: Transaction, going: MessageGoes) -> None:
    """Take the emojis off a message that goes."""
    message = await tx.get(Message, going.message_id)
    given = await _reactions_under(tx, going.message_id)
    if message is not None and given:
        await _take_down(tx, going.room, given.values(), going.by, message.audience)


async def reactions_to(tx: Transaction, messages: Iterable[MessageForm]) -> list[ReactionForm]:
    """These are the emojis under messages that the asker sees."""
    audiences = {message.id: message.audience for message in messages}
    query = select(Reaction).where(Reaction.message_id.in_(audiences)).order_by(Reaction.message_id, Reaction.place)
    return [_form(row, audiences[row.message_id]) for row in await tx.scalars(query)]


async def _reactions_under(tx: Transaction, message_id: UUID) -> dict[str, Reaction]:
    """The emojis under a message, in their order."""
    rows = await tx.scalars(select(Reaction).where(Reaction.message_id == message_id).order_by(Reaction.place))
    return {row.emoji: row for row in rows}


def _new_reaction(tx: Transaction, message: Message, emoji: str, others: Iterable[Reaction]) -> Reaction:
    """An emoji that nobody gave yet, behind the others."""
    places = [reaction.place for reaction in others]
    if len(places) >= KINDS_AT_MOST:
        most = _("A message has at most %(most)s different emojis.")
        raise Invalid(most, fields={"emoji": most}, most=KINDS_AT_MOST)
    return Reaction(
        id=tx.new_id(),
        business_id=message.business_id,
        message_id=message.id,
        emoji=emoji,
        place=max(places, default=0) + 1,
        person_ids=[],
    )


async def _take_down(tx: Transaction, room: SeenRoom, reactions: Iterable[Reaction], by: Actor, audience: str) -> None:
    """Remove emojis that nobody gives any more, from the log too."""
    ids = [reaction.id for reaction in reactions]
    await tx.execute(delete(Reaction).where(Reaction.id.in_(ids)))
    await erase(tx, room.stream, "reaction", *ids)
    for id in ids:
        tx.record(room.stream, ReactionRemoved(reaction=Gone(id=id)), by=by.id, audience=audience)


def _form(reaction: Reaction, audience: str) -> ReactionForm:
    own = {name: getattr(reaction, name) for name in ReactionForm.model_fields.keys() - {"audience"}}
    return ReactionForm.model_validate(own | {"audience": audience})
