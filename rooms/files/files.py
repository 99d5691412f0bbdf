"""Files in a room: looking them up, renaming, sharing and taking back, removing. Uploads bring them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy import func, select

from people.actors import Actor
from people.announcements import Sought
from rooms.access import SeenRoom, open_room_of, visible_room
from rooms.announcements import GLANCED, RoomShown
from rooms.files.attachments import File, file_form, shared_by, show_to, tell_changed
from rooms.files.contents import Content
from rooms.files.events import FileAdded, FileRemoved
from rooms.files.forms import FileForm
from rooms.lenses import audience_for, must_ask, narrows
from rooms.members import join_to_act
from rooms.search import found_in_room, things_in_rooms
from rooms.tasks.tasks import task_in
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.events import Audience, Gone, wired
from store.files.garbage import discard
from store.log import erase
from store.own_rows import change, differing
from store.texts.texts import AsTyped

NAME_BYTES = 240

# Control and formatting characters; the latter can turn a name around, so that ``gpj.exe`` reads ``exe.jpg``.
_UNSEEN = ("Cc", "Cf", "Cs")


def plain_name(name: str) -> str:
    """This is a name that is safe to show and to save under: no folders, nothing unseen, not too long.

    Raises:
        ValueError: nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if c.isspace() else c for c in last if unicodedata.category(c) not in _UNSEEN or c.isspace())
    plain = _shortened(" ".join(seen.split()))
    if plain.strip(".") == "":
        raise ValueError(_("A file needs a name."))
    return plain


def _shortened(name: str) -> str:
    """A name of at most 240 bytes, its ending kept."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    most = NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:most].decode(errors="ignore").rstrip() + dot + ending


FileName = Annotated[AsTyped, Field(min_length=1, max_length=1000), AfterValidator(plain_name)]


class AddFile(Command, touches="work", needs="anyone", lens="all"):
    room_id: UUID
    name: FileName
    audience: Audience | None = None
    task_id: UUID | None = None


async def add_file(tx: Transaction, actor: Actor, command: AddFile, content: Content, id: UUID) -> FileForm:
    """Add a file whose content is in the blob store. Whoever sees the room may; the team's are for the team at first.

    Raises:
        NotFound: the room or the task isn't there, or isn't the asker's.
        Invalid: the audience isn't theirs to choose, or is wider than the task's.
        RoomIsArchived: the room is read-only.
    """
    room, audience = await place_for(tx, actor, command)
    await join_to_act(tx, room, actor)
    file = File(
        id=id,
        business_id=room.business_id,
        room_id=room.id,
        author_id=actor.id,
        task_id=command.task_id,
        name=command.name,
        media_type=content.media_type,
        size=content.size,
        digest=content.digest,
        audience=audience,
        width=content.width,
        height=content.height,
        preview_digest=content.preview_digest,
        added_at=tx.now,
    )
    tx.add(file)
    await tx.flush()
    form = file_form(file)
    tx.record(room.stream, FileAdded(file=form), by=actor.id, audience=audience)
    return form


async def place_for(tx: Transaction, actor: Actor, command: AddFile) -> tuple[SeenRoom, Audience]:
    """This is where a file may be added, and for whom it will be.

    Raises:
        NotFound: the room or the task isn't there, or isn't the asker's.
        Invalid: the audience isn't theirs to choose, or is wider than the task's.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id)
    audience = audience_for(room.lens, command.audience, "team")
    if command.task_id is not None:
        task = await task_in(tx, room, command.task_id)
        if command.audience is None:
            audience = shared_by(audience, task.audience)
        elif narrows(audience, task.audience):
            raise wider_than_task()
    return room, audience


def wider_than_task() -> Invalid:
    return Invalid(fields={"audience": _("The task is shared with fewer people than the file.")})


class ChangeFile(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    file_id: UUID
    room_id: UUID | None = None
    name: FileName | None = None
    audience: Audience | None = None
    task_id: UUID | None = None


async def change_file(tx: Transaction, actor: Actor, command: ChangeFile) -> FileForm:
    """Rename a file, share it with the client or take it back, or hang it on a task. The room's team does.

    Raises:
        NotFound: the file or the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        Invalid: the file would be for more people than its task, or not for the asker.
        RoomIsArchived: the room is read-only.
    """
    file, room = await _own_file(tx, actor, command.file_id, command.room_id)
    must_ask(actor, ChangeFile, _("Only the team can change files."))
    given = command.changes("file_id", "room_id", null=("task_id",))
    changed = differing(file, given)
    if not changed:
        return file_form(file)
    await join_to_act(tx, room, actor)
    audience = audience_for(room.lens, command.audience, file.audience)  # type: ignore[arg-type]
    task_id = given.get("task_id", file.task_id)
    if task_id is not None and narrows(audience, (await task_in(tx, room, task_id)).audience):
        raise wider_than_task()
    await show_to(tx, room, file, audience, by=actor)
    change(file, given)
    return await tell_changed(tx, room, file, changed, by=actor)


class RemoveFile(Command, touches="work", needs="anyone", area="rooms", lens="all"):
    file_id: UUID
    room_id: UUID | None = None


async def remove_file(tx: Transaction, actor: Actor, command: RemoveFile) -> None:
    """Remove a file. Its author does, or an admin; its name leaves the log, and its bytes the store.

    Raises:
        NotFound: the file isn't there, or isn't the asker's to see.
        Forbidden: the asker is neither.
        RoomIsArchived: the room is read-only.
    """
    file, room = await _own_file(tx, actor, command.file_id, command.room_id)
    if file.author_id != actor.id and actor.kind != "admin":
        raise Forbidden(_("Only the person who added a file or an admin can remove it."))
    await discard(tx, room.business_id, file.digests)
    await tx.delete(file)
    await tx.flush()
    await erase(tx, room.stream, "file", file.id)
    tx.record(room.stream, FileRemoved(file=Gone(id=file.id)), by=actor.id, audience=file.audience)


async def _own_file(tx: Transaction, actor: Actor, file_id: UUID, room_id: UUID | None) -> tuple[File, SeenRoom]:
    """A file that the asker sees in a room that isn't archived, locked."""
    file = await tx.get(File, file_id, lock=True)
    if file is None or room_id not in (None, file.room_id):
        raise NotFound()
    room = await open_room_of(tx, actor, file.room_id)
    if file.audience not in room.audiences:
        raise NotFound()
    return file, room


async def visible_file(tx: Transaction, actor: Actor, file_id: UUID) -> File:
    """This is a file that the asker sees.

    Raises:
        NotFound: it isn't there, or isn't theirs.
    """
    file = await tx.get(File, file_id)
    if file is None:
        raise NotFound()
    room = await visible_room(tx, actor, file.room_id)
    if file.audience not in room.audiences:
        raise NotFound()
    return file


async def files(tx: Transaction, room: SeenRoom) -> list[FileForm]:
    """These are a room's files, the oldest first."""
    rows = await tx.scalars(
        select(File)
        .where(File.room_id == room.id, File.audience.in_(room.audiences))
        .order_by(File.added_at, File.id)
        .limit(5000)
    )
    return [file_form(row) for row in rows]


async def own_files(tx: Transaction, room: SeenRoom, ids: list[UUID], audience: Audience) -> None:
    """Refuse unless each is a file of the room that everyone of the audience sees.

    Raises:
        Invalid: one isn't there, or is for fewer people; on the field ``attachments``.
    """
    rows = await tx.scalars(
        select(File.audience).where(File.id.in_(ids), File.room_id == room.id, File.audience.in_(room.audiences))
    )
    found = list(rows)
    if len(found) != len(set(ids)):
        raise Invalid(fields={"attachments": _("There is no such file.")})
    if any(narrows(audience, for_whom) for for_whom in found):
        raise Invalid(fields={"attachments": _("A file is shared with fewer people than the message.")})


async def find_files(tx: Transaction, sought: Sought) -> list[dict[str, str]]:
    """These are files by their names, the newest first."""
    rows = await things_in_rooms(tx, sought, File, File.name, File.name_folded)
    return [found_in_room("files", "file", *row) for row in rows]


async def show_files(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the room's files; where they aren't wanted, the latest. And how many there are."""
    if shown.wants("files"):
        piece: dict[str, Any] = {"files": wired(await files(tx, shown.room))}
    else:
        piece = {"files": wired(await _latest(tx, shown.room))}
    return piece if shown.parts is None else piece | {"counts": {"files": await _count(tx, shown.room)}}


async def _latest(tx: Transaction, room: SeenRoom) -> list[FileForm]:
    seen = select(File).where(File.room_id == room.id, File.audience.in_(room.audiences))
    rows = list(await tx.scalars(seen.order_by(File.added_at.desc(), File.id.desc()).limit(GLANCED)))
    return [file_form(row) for row in reversed(rows)]


async def _count(tx: Transaction, room: SeenRoom) -> int:
    counted = select(func.count()).where(File.room_id == room.id, File.audience.in_(room.audiences))
    return await tx.scalar(counted) or 0


async def files_of(tx: Transaction, room: SeenRoom, ids: Iterable[UUID]) -> list[FileForm]:
    """These are those of a room's files that something bears, the oldest first."""
    seen = select(File).where(File.room_id == room.id, File.audience.in_(room.audiences), File.id.in_(ids))
    return [file_form(row) for row in await tx.scalars(seen.order_by(File.added_at, File.id))]
