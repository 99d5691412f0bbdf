"""Reactions: the emojis by which people answer a message without words."""

from uuid import UUID

from people.actors import Actor
from rooms.members import join_to_act
from rooms.wall.forms import MessageForm
from rooms.wall.messages import Message, message_at_hand
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, _
from store.events import Event, Gone
from store.texts.emojis import Emoji

KINDS_AT_MOST = 20
"""So many different emojis stand under one message at most."""


class ReactionAdded(Event, silent=True):
    """Somebody answered a message with an emoji."""

    message: MessageForm | Gone
    emoji: str


class ReactionRemoved(Event, silent=True):
    """Somebody took back an emoji."""

    message: MessageForm | Gone
    emoji: str


class AddReaction(Command, touches="opinion", needs="anyone", area="rooms", lens="all"):
    message_id: UUID
    room_id: UUID | None = None
    emoji: Emoji


async def add_reaction(tx: Transaction, actor: Actor, command: AddReaction) -> MessageForm:
    """Answer a message with an emoji; once, however often it is asked for.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Invalid: too many different emojis stand under it already.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, AddReaction, command.message_id, command.room_id)
    given = _by_emoji(message)
    if actor.id in given.get(command.emoji, ()):
        return MessageForm.model_validate(message)
    if command.emoji not in given and len(given) >= KINDS_AT_MOST:
        most = _("A message has at most %(most)s different emojis.")
        raise Invalid(most, fields={"emoji": most}, most=KINDS_AT_MOST)
    await join_to_act(tx, room, actor)
    given.setdefault(command.emoji, []).append(actor.id)
    form = await _keep(tx, message, given)
    event = ReactionAdded(message=form, emoji=command.emoji)
    tx.record(room.stream, event, by=actor.id, audience=message.audience)
    return form


class RemoveReaction(Command, touches="opinion", needs="anyone", area="rooms", lens="all"):
    message_id: UUID
    room_id: UUID | None = None
    emoji: Emoji


async def remove_reaction(tx: Transaction, actor: Actor, command: RemoveReaction) -> MessageForm:
    """Take back your own emoji from a message. Where there is none of yours, nothing changes.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, RemoveReaction, command.message_id, command.room_id)
    given = _by_emoji(message)
    if actor.id not in given.get(command.emoji, ()):
        return MessageForm.model_validate(message)
    given[command.emoji].remove(actor.id)
    form = await _keep(tx, message, given)
    event = ReactionRemoved(message=form, emoji=command.emoji)
    tx.record(room.stream, event, by=actor.id, audience=message.audience)
    return form


def _by_emoji(message: Message) -> dict[str, list[UUID]]:
    """Who gave each emoji, in the order in which they came."""
    return {reaction["emoji"]: [UUID(id) for id in reaction["person_ids"]] for reaction in message.reactions}


async def _keep(tx: Transaction, message: Message, given: dict[str, list[UUID]]) -> MessageForm:
    message.reactions = [{"emoji": emoji, "person_ids": [str(id) for id in ids]} for emoji, ids in given.items() if ids]
    await tx.flush()
    return MessageForm.model_validate(message)
