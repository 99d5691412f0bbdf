"""Attachments: files as rows, and how they follow the tasks that they hang on. What is done to them is in ``files``.

A file that hangs on a task is for nobody who doesn't see the task.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, Text, func, literal_column, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.announcements import BusinessEnds
from people.installation.deletions import BusinessCounted
from rooms.access import SeenRoom
from rooms.files.events import FileChanged, FileWithdrawn
from rooms.files.forms import FileForm
from rooms.lenses import AUDIENCES, narrows
from rooms.tasks.announcements import TaskGoes, TaskShownTo
from store.database import Transaction
from store.events import Audience, Gone
from store.files.garbage import BlobSought, discard
from store.log import narrow
from store.rows import Row, Signed
from store.texts.folded_columns import folded_from


class File(Signed, Row):
    """A file in a room; ``digest`` names its bytes among the business's blobs."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_room", "room_id", "added_at", "id"),
        Index("ix_files_counted", "room_id", "business_id", "audience"),
        Index("ix_files_task", "task_id"),
        Index("ix_files_blob", "business_id", "digest"),
        Index("ix_files_preview", "business_id", "preview_digest", postgresql_where=text("preview_digest is not null")),
        Index("ix_files_unfolded", "id", postgresql_where=text("name_folded is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    name: Mapped[str] = mapped_column(Text)
    name_folded: Mapped[str | None] = folded_from("name")
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    width: Mapped[int | None]
    height: Mapped[int | None]
    preview_digest: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime]

    @property
    def digests(self) -> list[str]:
        return [self.digest] if self.preview_digest is None else [self.digest, self.preview_digest]


def file_form(file: File) -> FileForm:
    return FileForm(
        id=file.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        audience=file.audience,  # type: ignore[arg-type]  # a lens's audiences were checked where it was written
        author_id=file.author_id,
        task_id=file.task_id,
        added_at=file.added_at,
        width=file.width,
        height=file.height,
        preview=file.preview_digest is not None,
        acted_by=file.acted_by,  # type: ignore[arg-type]
    )


async def show_to(tx: Transaction, room: SeenRoom, file: File, audience: Audience, *, by: Actor) -> None:
    """Show a file to an audience; those who lose it are told, and it leaves what they were told before."""
    if narrows(file.audience, audience):
        await narrow(tx, room.stream, [file.id], audience)
        tx.record(room.stream, FileWithdrawn(file=Gone(id=file.id)), by=by.id, audience=file.audience)
    file.audience = audience


async def follow_task(tx: Transaction, shown: TaskShownTo) -> None:
    """Take a task's files back from those who no longer see the task."""
    for file in await _files_on(tx, shown.task_id):
        if narrows(file.audience, shown.audience):
            await show_to(tx, shown.room, file, shared_by(file.audience, shown.audience), by=shown.by)
            await tell_changed(tx, shown.room, file, ["audience"], by=shown.by)


async def leave_task(tx: Transaction, going: TaskGoes) -> None:
    """Let a task's files stand in the room alone: the task is about to be removed."""
    for file in await _files_on(tx, going.task_id):
        file.task_id = None
        await tell_changed(tx, going.room, file, ["task_id"], by=going.by)


async def count_files(tx: Transaction, counted: BusinessCounted) -> dict[str, int]:
    """This is how many files go with a business."""
    files = select(func.count()).select_from(File).where(File.business_id == counted.business_id)
    return {"files": int(await tx.scalar(files))}


async def discard_files(tx: Transaction, ends: BusinessEnds) -> None:
    """Note all blobs of a business's files, before its rows go."""
    digests = select(func.unnest(literal_column("array[files.digest, files.preview_digest]"))).select_from(File)
    found = set(await tx.scalars(digests.where(File.business_id == ends.business_id))) - {None}
    await discard(tx, ends.business_id, found)


async def held_by_a_file(_tx: Transaction, sought: BlobSought) -> ColumnElement[bool]:
    """Whether a file has the blob, or its preview."""
    of_it = or_(File.digest == sought.digest, File.preview_digest == sought.digest)
    return select(File.id).where(File.business_id == sought.business_id, of_it).exists()


async def _files_on(tx: Transaction, task_id: UUID) -> Iterable[File]:
    files: Iterable[File] = await tx.scalars(
        select(File).where(File.task_id == task_id).order_by(File.id).with_for_update()
    )
    return files


async def tell_changed(tx: Transaction, room: SeenRoom, file: File, changed: list[str], *, by: Actor) -> FileForm:
    """Tell a file's new form to those who see it."""
    await tx.flush()
    form = file_form(file)
    tx.record(room.stream, FileChanged(file=form, changed=changed), by=by.id, audience=file.audience)
    return form


def shared_by(one: str, other: str) -> Audience:
    """This is the audience of those who are in both."""
    both = AUDIENCES[one] & AUDIENCES[other]  # type: ignore[index]  # checked where they were written
    return next(audience for audience, lenses in AUDIENCES.items() if lenses == both)
