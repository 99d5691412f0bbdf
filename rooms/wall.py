"""The wall: what people say to each other in a room."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Index, Text, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from rooms.doors import SeenRoom, open_room_of
from rooms.events import MessageDeleted, MessageEdited, MessagePosted
from rooms.files import own_files
from rooms.forms import MessageForm
from rooms.lenses import audience_for
from rooms.markdown import html_of
from rooms.members import join_to_act
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.events import Audience, Gone
from store.keys import forget_answers
from store.log import erase
from store.rows import Row

PAGE = 100


class Message(Row):
    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_room", "room_id", "posted_at", "id"),
        Index("ix_messages_body", "body", postgresql_using="gin", postgresql_ops={"body": "gin_trgm_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list)
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class PostMessage(Command):
    room_id: UUID
    body: str = Field("", max_length=20_000)
    audience: Audience | None = None
    attachments: list[UUID] = Field([], max_length=20)


async def post_message(tx: Transaction, actor: Actor, command: PostMessage) -> MessageForm:
    """Post a message on a room's wall, with Markdown and attached files.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Invalid: it says nothing, or an attached file isn't there or is for fewer people than the message.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id)
    audience = audience_for(room.lens, command.audience, room.row.default_audience)  # type: ignore[arg-type]
    if not command.body and not command.attachments:
        raise Invalid(fields={"body": _("Write something, or attach a file.")})
    if command.attachments:
        await own_files(tx, room, command.attachments, audience)
    await join_to_act(tx, room, actor)
    message = Message(
        id=tx.new_id(),
        business_id=room.business_id,
        room_id=room.id,
        author_id=actor.id,
        body=command.body,
        html=html_of(command.body),
        audience=audience,
        attachments=command.attachments,
        posted_at=tx.now,
    )
    tx.add(message)
    await tx.flush()
    form = MessageForm.model_validate(message)
    tx.record(room.stream, MessagePosted(message=form), by=actor.id, audience=audience)
    return form


class EditMessage(Command):
    message_id: UUID
    room_id: UUID | None = None
    body: str = Field(min_length=1, max_length=20_000)


async def edit_message(tx: Transaction, actor: Actor, command: EditMessage) -> MessageForm:
    """Edit your own message.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Forbidden: it is someone else's.
        RoomIsArchived: the room is read-only.
    """
    message, room = await _own_message(tx, actor, command.message_id, command.room_id)
    if message.author_id != actor.id:
        raise Forbidden(_("Only its author edits a message."))
    if message.body == command.body:
        return MessageForm.model_validate(message)
    message.body, message.html, message.edited_at = command.body, html_of(command.body), tx.now
    await tx.flush()
    form = MessageForm.model_validate(message)
    tx.record(room.stream, MessageEdited(message=form), by=actor.id, audience=message.audience)
    return form


class DeleteMessage(Command):
    message_id: UUID
    room_id: UUID | None = None


async def delete_message(tx: Transaction, actor: Actor, command: DeleteMessage) -> None:
    """Delete a message. Its author does, or an admin; its words leave the log and every kept answer too.

    Raises:
        NotFound: the message isn't there, or isn't the asker's to see.
        Forbidden: the asker is neither.
        RoomIsArchived: the room is read-only.
    """
    message, room = await _own_message(tx, actor, command.message_id, command.room_id)
    if message.author_id != actor.id and actor.kind != "admin":
        raise Forbidden(_("Only its author or an admin deletes a message."))
    await tx.delete(message)
    await tx.flush()
    await erase(tx, room.stream, "message", message.id)
    await forget_answers(tx, room.business_id, message.id)
    tx.record(room.stream, MessageDeleted(message=Gone(id=message.id)), by=actor.id, audience=message.audience)


async def _own_message(
    tx: Transaction, actor: Actor, message_id: UUID, room_id: UUID | None
) -> tuple[Message, SeenRoom]:
    """A message that the asker sees in a room that isn't archived, locked."""
    message = await tx.get(Message, message_id, lock=True)
    if message is None or room_id not in (None, message.room_id):
        raise NotFound()
    room = await open_room_of(tx, actor, message.room_id)
    if message.audience not in room.audiences:
        raise NotFound()
    return message, room


async def messages(tx: Transaction, room: SeenRoom, before: UUID | None = None, limit: int = PAGE) -> list[MessageForm]:
    """These are a room's messages, the latest of them or those before one; the oldest first."""
    query = select(Message).where(Message.room_id == room.id, Message.audience.in_(room.audiences))
    if before is not None:
        first = select(Message.posted_at, Message.id).where(Message.id == before, Message.room_id == room.id)
        query = query.where(tuple_(Message.posted_at, Message.id) < first.scalar_subquery())
    newest_first = query.order_by(Message.posted_at.desc(), Message.id.desc())
    rows = (await tx.scalars(newest_first.limit(min(limit, PAGE)))).all()
    return [MessageForm.model_validate(row) for row in reversed(rows)]
