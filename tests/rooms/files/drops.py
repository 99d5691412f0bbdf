"""Files that somebody drops into a room, and what its people then see of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text

from rooms.files.attachments import File
from rooms.files.forms import FileForm
from rooms.files.received_files import begin_upload, receive
from rooms.files.uploads import BeginUpload, Upload
from rooms.lenses import audiences_of, lens_of
from store.files.garbage import delete_discarded
from store.log import head
from tests.fold import fold
from tests.hub.agencies import Person
from tests.reads import read_log, room_snapshot
from tests.rooms.offices import Office

THINGS = {"file": "files", "task": "tasks", "message": "messages", "member": "members", "person": "persons"}


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def do(office: Office, verb: Callable[..., Any], who: Person, command: object) -> Any:
    async with office.database.transaction() as tx:
        return await verb(tx, who.actor, command)


async def begin(office: Office, who: Person, size: int, name: str = "plan.txt", **more: Any) -> Upload:
    command = BeginUpload.model_validate({"room_id": office.room_id, "name": name, "size": size} | more)
    return await begin_upload(office.database, office.blobs, who.actor, command, most_bytes=10**9)


async def send(office: Office, who: Person, upload: Upload, offset: int, *parts: bytes) -> Upload:
    return await receive(office.database, office.blobs, who.actor, upload.id, offset, chunks(*parts))


async def drop(
    office: Office, who: Person, content: bytes = b"A plan.\n", name: str = "plan.txt", **more: Any
) -> FileForm:
    """Person drops a file into the room."""
    upload = await begin(office, who, len(content), name, **{"audience": "all"} | more)
    if content:
        await send(office, who, upload, 0, content)
    return (await files_of(office, who))[upload.id]


async def files_of(office: Office, who: Person, room_id: UUID | None = None) -> dict[UUID, FileForm]:
    async with office.database.reading() as tx:
        snapshot = await room_snapshot(tx, who.actor, room_id or office.room_id)
    return {UUID(form["id"]): FileForm.model_validate(form) for form in snapshot["files"]}


async def log_of(office: Office, who: Person, after: int = 0) -> list[dict[str, Any]]:
    """The room's log as someone sees it."""
    audiences = audiences_of(lens_of(who.actor))
    async with office.database.reading() as tx:
        events = await read_log(tx, f"room:{office.room_id}", after, audiences=audiences)
    return [{"name": event.name, **event.wire()} for event in events]


@asynccontextmanager
async def told_rightly(office: Office) -> AsyncIterator[None]:
    """Old state + told events = fresh state, through every lens."""
    everyone = (office.admin, office.ana, office.client)
    before = [await state_of(office, who) for who in everyone]
    async with office.database.reading() as tx:
        after = (await head(tx, f"room:{office.room_id}")).offset
    yield
    for who, state in zip(everyone, before, strict=True):
        assert fold(state, await log_of(office, who, after), THINGS) == await state_of(office, who)


async def state_of(office: Office, who: Person) -> dict[str, Any]:
    async with office.database.reading() as tx:
        snapshot = await room_snapshot(tx, who.actor, office.room_id)
    return {name: snapshot[name] for name in THINGS.values()}


async def row_of(office: Office, file_id: UUID) -> File:
    async with office.database.reading() as tx:
        file = await tx.get(File, file_id)
    assert file
    return file


async def sweep_later(office: Office) -> None:
    async with office.database.transaction() as tx:
        await tx.execute(text("update discards set due_at = due_at - interval '1 day'"))
    await delete_discarded(office.database, office.blobs)
