"""Files in a room. (The files engineer replaces this: keep File, files, own_files, change_file, remove_file.)"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from rooms.doors import SeenRoom
from rooms.forms import FileForm
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, NotFound, _
from store.events import Audience
from store.rows import Row


class File(Row):
    __tablename__ = "files"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID]
    room_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class ChangeFile(Command):
    file_id: UUID


async def change_file(tx: Transaction, actor: Actor, command: ChangeFile) -> FileForm:
    raise NotFound()


class RemoveFile(Command):
    file_id: UUID


async def remove_file(tx: Transaction, actor: Actor, command: RemoveFile) -> None:
    raise NotFound()


async def files(tx: Transaction, room: SeenRoom) -> list[FileForm]:
    return []


async def own_files(tx: Transaction, room: SeenRoom, ids: list[UUID], audience: Audience) -> None:
    """Refuse unless each is a file of the room that everyone of the audience sees."""
    raise Invalid(fields={"attachments": _("There is no such file.")})
