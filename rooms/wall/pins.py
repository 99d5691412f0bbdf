"""Pins: messages that the team keeps at the top of a room's wall.

A pin carries the beginning of its message, so that it is read wherever on the wall the message stands.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from rooms.access import Room, SeenRoom
from rooms.announcements import RoomShown
from rooms.markdown import ADDRESSED
from rooms.members import join_to_act
from rooms.wall.announcements import MessageAnnouncement, MessageGoes, MessageWritten
from rooms.wall.messages import Message, message_at_hand
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, _
from store.events import Audience, Event, Gone, SignedForm, wired
from store.log import erase
from store.rows import Row, Signed

PINS_AT_MOST = 50
"""So many messages are pinned in a room at most."""
WORDS = 300
"""So many letters of a message stand on its pin."""
NAME = 40
"""A name is no longer."""


class Pin(Signed, Row):
    """That a message is pinned."""

    __tablename__ = "pins"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    pinned_at: Mapped[datetime]


class PinForm(SignedForm):
    """A pinned message: who pinned it, and how it begins, as written.

    Whom it mentions stands as in the message. One of files alone has no words.
    """

    thing: ClassVar[str] = "pin"
    things: ClassVar[str] = "pins"

    message_id: UUID
    person_id: UUID
    pinned_at: datetime
    author_id: UUID
    words: str
    audience: Audience


class PinAdded(Event):
    """Somebody pinned a message."""

    pin: PinForm | Gone


class PinChanged(Event, silent=True):
    """A pinned message has other words, or is deleted."""

    pin: PinForm | Gone


class PinRemoved(Event):
    """Somebody unpinned a message."""

    pin: Gone


class AddPin(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    message_id: UUID
    room_id: UUID | None = None


async def add_pin(tx: Transaction, actor: Actor, command: AddPin) -> None:
    """Pin a message to the top of its room's wall. One that is pinned stays as it is.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Forbidden: a client asks.
        Invalid: the room has as many pinned messages as it may.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, AddPin, command.message_id, command.room_id)
    if await _pin_of(tx, message.id) is not None:
        return
    # Two at once don't both take the last place; who writes meanwhile doesn't wait.
    await tx.execute(select(Room.id).where(Room.id == room.id).with_for_update(key_share=True))
    held = await tx.scalar(select(func.count()).select_from(Pin).where(Pin.room_id == room.id))
    if held and held >= PINS_AT_MOST:
        raise Invalid(fields={"message_id": _("That's enough pinned messages. Unpin one first.")})
    await join_to_act(tx, room, actor)
    pin = Pin(
        id=tx.new_id(),
        business_id=room.business_id,
        room_id=room.id,
        message_id=message.id,
        person_id=actor.id,
        pinned_at=tx.now,
    )
    tx.add(pin)
    await tx.flush()
    event = PinAdded(pin=_form(pin, message.author_id, message.body, message.audience))
    tx.record(room.stream, event, by=actor.id, audience=message.audience)


class RemovePin(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    message_id: UUID
    room_id: UUID | None = None


async def remove_pin(tx: Transaction, actor: Actor, command: RemovePin) -> None:
    """Unpin a message, whoever pinned it. Where it isn't pinned, nothing changes.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Forbidden: a client asks.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, RemovePin, command.message_id, command.room_id)
    pin = await _pin_of(tx, message.id)
    if pin is None:
        return
    await join_to_act(tx, room, actor)
    await _take_down(tx, room, pin)
    tx.record(room.stream, PinRemoved(pin=Gone(id=pin.id)), by=actor.id, audience=message.audience)


async def follow_pinned_message(tx: Transaction, written: MessageWritten) -> None:
    """Have the pin of a message that was edited begin as the message does."""
    if (found := await _pinned(tx, written)) is None:
        return
    pin, message = found
    event = PinChanged(pin=_form(pin, message.author_id, message.body, message.audience))
    tx.record(written.room.stream, event, by=written.by.id, audience=message.audience)


async def leave_pinned_message(tx: Transaction, going: MessageGoes) -> None:
    """Take down the pin of a message that goes."""
    if (found := await _pinned(tx, going)) is None:
        return
    pin, message = found
    await _take_down(tx, going.room, pin)
    tx.record(going.room.stream, PinChanged(pin=Gone(id=pin.id)), by=going.by.id, audience=message.audience)


async def show_pins(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the pins of a room's messages, as far as the asker sees these, the oldest first."""
    seen = Pin.room_id == shown.room.id, Message.audience.in_(shown.room.audiences)
    beginning = func.left(Message.body, WORDS + NAME)
    rows = await tx.execute(
        select(Pin, Message.author_id, beginning, Message.audience)
        .join(Message, Message.id == Pin.message_id)
        .where(*seen)
        .order_by(Pin.pinned_at, Pin.id)
    )
    return {"pins": wired([_form(*row) for row in rows])}


async def _pin_of(tx: Transaction, message_id: UUID) -> Pin | None:
    pin: Pin | None = await tx.scalar(select(Pin).where(Pin.message_id == message_id))
    return pin


async def _pinned(tx: Transaction, announced: MessageAnnouncement) -> tuple[Pin, Message] | None:
    """A message of which something is announced, with its pin if it has one."""
    query = select(Pin, Message).join(Message, Message.id == Pin.message_id)
    row = (await tx.execute(query.where(Pin.message_id == announced.message_id))).one_or_none()
    return None if row is None else (row[0], row[1])


async def _take_down(tx: Transaction, room: SeenRoom, pin: Pin) -> None:
    """Remove a pin; its words leave the log with it."""
    await tx.delete(pin)
    await tx.flush()
    await erase(tx, room.stream, "pin", pin.id)


def _form(pin: Pin, author_id: UUID, body: str, audience: str) -> PinForm:
    of_message = {"author_id": author_id, "words": _beginning(body), "audience": audience}
    own = {name: getattr(pin, name) for name in PinForm.model_fields.keys() - of_message.keys()}
    return PinForm.model_validate(own | of_message)


def _beginning(body: str) -> str:
    """The first letters of a message, with no name cut in two."""
    names = (name.span() for name in ADDRESSED.finditer(body))
    return body[: next((start for start, end in names if start < WORDS < end), WORDS)]
