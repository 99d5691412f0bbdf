"""The wall: what people say to each other in a room."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Index, Text, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from rooms.access import SeenRoom, open_room_of
from rooms.files.files import own_files
from rooms.lenses import audience_for, must_ask
from rooms.members import join_to_act
from rooms.rendered_texts import Written, drawn
from rooms.wall.addressees import addresses, drawn_with_names, must_be_addressable, names_to_address
from rooms.wall.announcements import MessageGoes, MessageWritten
from rooms.wall.events import MessageDeleted, MessageEdited, MessagePosted
from rooms.wall.forms import MessageForm
from rooms.wall.typed_names import address
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.events import Audience, Gone
from store.log import erase
from store.rows import Row, Signed
from store.texts.folded_columns import folded_from
from store.texts.texts import AsTyped, is_seen


class Message(Signed, Row):
    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_room", "room_id", "posted_at", "id"),
        Index("ix_messages_unfolded", "id", postgresql_where=text("body_folded is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    body: Mapped[str] = mapped_column(Text)
    body_folded: Mapped[str | None] = folded_from("body")
    html: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list)
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))


class PostMessage(Written, touches="work", needs="anyone", area="rooms", lens="all"):
    written = "body"

    room_id: UUID
    body: AsTyped = Field("", max_length=20_000)
    audience: Audience | None = None
    attachments: list[UUID] = Field([], max_length=20)


async def post_message(tx: Transaction, actor: Actor, command: PostMessage) -> MessageForm:
    """Post a message on a room's wall, with Markdown and attached files. A name behind an @ mentions someone of the
    room, or a department: ``@Ana Pop``, or exactly ``@[identifier]``.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Invalid: it says nothing, mentions somebody who isn't in the room, or an attached file isn't there or is for
            fewer people than the message.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id)
    audience = audience_for(room.lens, command.audience, room.row.default_audience)  # type: ignore[arg-type]
    if not is_seen(command.body) and not command.attachments:
        raise Invalid(fields={"body": _("Write something, or attach a file.")})
    if command.attachments:
        await own_files(tx, room, command.attachments, audience)
    await join_to_act(tx, room, actor)
    body, html = await _written(tx, actor, room, command)
    await must_be_addressable(tx, actor, room, html)
    message = Message(
        id=tx.new_id(),
        business_id=room.business_id,
        room_id=room.id,
        author_id=actor.id,
        body=body,
        html=html,
        audience=audience,
        attachments=command.attachments,
        posted_at=tx.now,
    )
    tx.add(message)
    await tx.flush()
    form = MessageForm.model_validate(message)
    tx.record(room.stream, MessagePosted(message=form), by=actor.id, audience=audience)
    await tx.announce(MessageWritten(room, message.id, actor, html, audience))
    return form


class EditMessage(Written, touches="work", needs="anyone", area="rooms", lens="all"):
    written = "body"

    message_id: UUID
    room_id: UUID | None = None
    body: AsTyped = Field(min_length=1, max_length=20_000)


async def edit_message(tx: Transaction, actor: Actor, command: EditMessage) -> MessageForm:
    """Edit your own message.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Forbidden: it is someone else's.
        Invalid: it mentions somebody anew who isn't in the room.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, EditMessage, command.message_id, command.room_id)
    if message.author_id != actor.id:
        raise Forbidden(_("Only its author can edit a message."))
    body, html = await _written(tx, actor, room, command)
    if message.body == body:
        return MessageForm.model_validate(message)
    if not is_seen(body):
        raise Invalid(fields={"body": _("Write something, or attach a file.")})
    await must_be_addressable(tx, actor, room, html, message.html)
    message.body, message.html, message.edited_at = body, html, tx.now
    message.edited_by = tx.acted_by
    await tx.flush()
    form = MessageForm.model_validate(message)
    tx.record(room.stream, MessageEdited(message=form), by=actor.id, audience=message.audience)
    await tx.announce(MessageWritten(room, message.id, actor, html, message.audience))
    return form


async def write_ahead(database: Database, actor: Actor, command: PostMessage | EditMessage) -> None:
    """Find whom a message names, and draw it, before its transaction begins."""
    if not addresses(command.body):
        command.keep(command.body, await drawn(command.body, turn=actor.id))
        return
    async with database.reading(actor.within) as tx:
        room_id = command.room_id
        if isinstance(command, EditMessage):
            room_id = await tx.scalar(select(Message.room_id).where(Message.id == command.message_id))
        names, known = await names_to_address(tx, actor, room_id)
    command.keep(*await drawn_with_names(command.body, names, known, turn=actor.id))


async def _written(
    tx: Transaction, actor: Actor, room: SeenRoom, command: PostMessage | EditMessage
) -> tuple[str, str]:
    """A message's words, with identifiers for names, and its HTML."""
    if command.prepared is not None:
        return command.prepared
    return address(command.body, *await names_to_address(tx, actor, room.id))


class DeleteMessage(Command, touches="work", needs="anyone", area="rooms", lens="all"):
    message_id: UUID
    room_id: UUID | None = None


async def delete_message(tx: Transaction, actor: Actor, command: DeleteMessage) -> None:
    """Delete a message. Its author does, or an admin; its words leave the log and every kept answer too.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Forbidden: the asker is neither.
        RoomIsArchived: the room is read-only.
    """
    message, room = await message_at_hand(tx, actor, DeleteMessage, command.message_id, command.room_id)
    if message.author_id != actor.id and actor.kind != "admin":
        raise Forbidden(_("Only its author or an admin can delete a message."))
    await tx.announce(MessageGoes(room, message.id, actor))
    await tx.delete(message)
    await tx.flush()
    await erase(tx, room.stream, "message", message.id)
    tx.record(room.stream, MessageDeleted(message=Gone(id=message.id)), by=actor.id, audience=message.audience)


async def message_at_hand(
    tx: Transaction, actor: Actor, command: type[Command], message_id: UUID, room_id: UUID | None
) -> tuple[Message, SeenRoom]:
    """This is the message that a command is about, locked, and its room, which isn't archived.

    Raises:
        NotFound: it isn't there, or isn't the asker's to see.
        Forbidden: the command isn't for the asker's lens.
        RoomIsArchived: the room is read-only.
    """
    message = await tx.get(Message, message_id, lock=True)
    if message is None or room_id not in (None, message.room_id):
        raise NotFound()
    room = await open_room_of(tx, actor, message.room_id)
    if message.audience not in room.audiences:
        raise NotFound()
    must_ask(actor, command)
    return message, room
