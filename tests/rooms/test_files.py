"""Files in rooms: whole or not at all, for whom they are meant, and gone when they are removed."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select, text

from commands.runner import Commands
from hub.parts import VERBS
from people.actors import Actor
from people.signing.sessions import actor_of
from people.signing.tokens import ScopeMissing, actor_by
from rooms.access import RoomIsArchived
from rooms.files.attachments import File, shared_by
from rooms.files.files import ChangeFile, RemoveFile, change_file, plain_name, remove_file, visible_file
from rooms.files.forms import FileForm
from rooms.files.garbage import BlobIsGone, delete_discarded, discard, hold
from rooms.files.media_types import HEAD_BYTES, media_type_of
from rooms.files.received_files import begin_upload, receive
from rooms.files.uploads import BeginUpload, OffsetIsWrong, Upload, end_upload, forget_expired
from rooms.lenses import AUDIENCES, audiences_of, lens_of
from rooms.members import AddMember, RemoveMember, add_member, remove_member
from rooms.rooms import ArchiveRoom, archive_room
from rooms.snapshots import room_snapshot
from rooms.tasks.tasks import ChangeTask, CreateTask, RemoveTask, change_task, create_task, remove_task
from rooms.wall.messages import PostMessage, post_message
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound, NotSignedIn, Refusal, TooLarge
from store.files.blobs import PIECE_BYTES, BlobMissing, Blobs
from store.fold import fold
from store.log import head, read_log
from tests.costs import must_cost_at_most
from tests.databases import TABLES, as_owner
from tests.hub.agencies import Person, another_token
from tests.people.offices import PASSWORD, with_password
from tests.rooms.offices import Office

T = TypeVar("T")
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


def picture(size: tuple[int, int] = (1200, 800), form: str = "PNG", **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **more)
    return out.getvalue()


# Uploads


async def test_a_dropped_file_is_told_to_everyone_and_read_by_everyone(office: Office) -> None:
    async with told_rightly(office):
        file = await drop(office, office.ana)

    assert (file.name, file.size, file.media_type, file.audience) == ("plan.txt", 8, "text/plain", "all")
    assert file.author_id == office.ana.actor.id
    assert (await files_of(office, office.client))[file.id] == file
    assert (await log_of(office, office.client))[-1]["name"] == "file.added"


async def test_an_upload_in_pieces_gives_what_was_sent(office: Office) -> None:
    content = os.urandom(2 * PIECE_BYTES + 5)
    upload = await begin(office, office.ana, len(content))

    upload = await send(office, office.ana, upload, 0, content[:100])
    upload = await send(office, office.ana, upload, 100, content[100:5000], content[5000 : PIECE_BYTES + 9])
    assert upload.received == PIECE_BYTES + 9
    assert await files_of(office, office.ana) == {}
    await send(office, office.ana, upload, upload.received, content[PIECE_BYTES + 9 :])

    file = await row_of(office, upload.id)
    kept = await office.bytes_of(file.digest)
    assert kept == content


async def row_of(office: Office, file_id: UUID) -> File:
    async with office.database.reading() as tx:
        file = await tx.get(File, file_id)
    assert file
    return file


async def test_an_upload_goes_on_only_from_where_it_stands(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")

    for offset in (0, 4, 6):
        with pytest.raises(OffsetIsWrong):
            await send(office, office.ana, upload, offset, b"67890")
    await send(office, office.ana, upload, 5, b"67890")


async def test_repeating_the_last_piece_does_not_double_the_file(office: Office) -> None:
    upload = await begin(office, office.ana, 5)
    await send(office, office.ana, upload, 0, b"12345")

    with pytest.raises(OffsetIsWrong):
        await send(office, office.ana, upload, 0, b"12345")
    assert (await send(office, office.ana, upload, 5)).received == 5

    assert len(await files_of(office, office.ana)) == 1
    assert [event["name"] for event in await log_of(office, office.ana)].count("file.added") == 1


async def test_of_two_senders_at_once_one_is_taken(office: Office) -> None:
    upload = await begin(office, office.ana, 20)
    slow_has_begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"slow!"
        slow_has_begun.set()
        await fast_is_done.wait()

    fast_is_done = asyncio.Event()
    late = asyncio.ensure_future(receive(office.database, office.blobs, office.ana.actor, upload.id, 0, slow()))
    await slow_has_begun.wait()
    await send(office, office.ana, upload, 0, b"quick")
    fast_is_done.set()

    with pytest.raises(OffsetIsWrong):
        await late
    await send(office, office.ana, upload, 5, b"and the rest...")
    file = await row_of(office, upload.id)
    assert await office.bytes_of(file.digest) == b"quickand the rest..."
    assert office.pieces() == []


async def test_two_last_pieces_at_once_add_one_file(office: Office) -> None:
    upload = await begin(office, office.ana, 5)

    senders = (send(office, office.ana, upload, 0, b"12345") for _ in range(4))
    results = await asyncio.gather(*senders, return_exceptions=True)

    assert sum(isinstance(result, Upload) for result in results) == 1
    assert all(isinstance(result, Upload | OffsetIsWrong) for result in results)
    assert len(await files_of(office, office.ana)) == 1


async def test_more_than_was_announced_is_refused(office: Office) -> None:
    upload = await begin(office, office.ana, 5)

    with pytest.raises(TooLarge):
        await send(office, office.ana, upload, 0, b"123456")
    assert await files_of(office, office.ana) == {}


async def test_an_empty_file_is_there_at_once(office: Office) -> None:
    async with told_rightly(office):
        file = await drop(office, office.ana, b"")

    assert (file.size, file.media_type, file.preview) == (0, "text/plain", False)


async def test_a_file_larger_than_the_limit_is_refused_before_it_is_sent(office: Office) -> None:
    command = BeginUpload(room_id=office.room_id, name="film.mp4", size=101)

    with pytest.raises(TooLarge):
        await begin_upload(office.database, office.blobs, office.ana.actor, command, most_bytes=100)
    await begin_upload(office.database, office.blobs, office.ana.actor, command, most_bytes=101)


async def test_an_upload_is_its_beginners_alone(office: Office) -> None:
    upload = await begin(office, office.ana, 5)

    for other in (office.mihai, office.admin, office.client):
        with pytest.raises(NotFound):
            await send(office, other, upload, 0, b"12345")
        with pytest.raises(NotFound):
            await end_upload(office.database, office.blobs, other.actor, upload.id)
    await send(office, office.ana, upload, 0, b"12345")


async def test_an_upload_ends_with_its_beginners_place_in_the_room(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")
    await do(office, remove_member, office.admin, RemoveMember(room_id=office.room_id, person_id=office.ana.actor.id))

    with pytest.raises(NotFound):
        await send(office, office.ana, upload, 5, b"67890")
    await do(office, add_member, office.admin, AddMember(room_id=office.room_id, person_id=office.ana.actor.id))
    await send(office, office.ana, upload, 5, b"67890")


async def test_rights_are_looked_at_again_at_the_very_end(office: Office) -> None:
    async def cut_off_meanwhile() -> AsyncIterator[bytes]:
        yield b"123"
        leave = RemoveMember(room_id=office.room_id, person_id=office.ana.actor.id)
        await do(office, remove_member, office.admin, leave)
        yield b"45"

    upload = await begin(office, office.ana, 5)
    with pytest.raises(NotFound):
        await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, cut_off_meanwhile())
    assert await files_of(office, office.admin) == {}


async def test_a_session_that_ends_meanwhile_adds_nothing(office: Office) -> None:
    async def signed_out_meanwhile() -> AsyncIterator[bytes]:
        yield b"12345"
        async with office.database.transaction() as tx:
            await tx.execute(text("update sessions set ended_at = now()"))

    upload = await begin(office, office.ana, 5)
    with pytest.raises(NotSignedIn):
        await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, signed_out_meanwhile())


ENDED: dict[str, tuple[str, type[Refusal]]] = {
    "revoked": ("update api_tokens set revoked_at = now()", NotSignedIn),
    "expired": ("update api_tokens set expires_at = now()", NotSignedIn),
    "of somebody locked": ("update accounts set active = false", NotSignedIn),
    "for less": ("update api_tokens set scopes = '{rooms:read}'", ScopeMissing),
    "for less than that": ("update api_tokens set scopes = '{people:write}'", ScopeMissing),
}  # fmt: skip


@pytest.mark.parametrize("before", [PIECE_BYTES, PIECE_BYTES + 5])
@pytest.mark.parametrize("end", ENDED)
async def test_a_token_that_ends_meanwhile_sends_nothing_more(office: Office, end: str, before: int) -> None:
    """Neither the piece that is on its way nor the last one, whichever of them comes next."""
    statement, refusal = ENDED[end]
    program = await by_token(office, office.ana, "rooms:write")

    async def ended_meanwhile() -> AsyncIterator[bytes]:
        yield bytes(PIECE_BYTES)
        async with office.database.transaction() as tx:
            await tx.execute(text(statement))
        yield bytes(PIECE_BYTES)
        yield bytes(5)

    upload = await begin(office, office.ana, PIECE_BYTES + before)
    with pytest.raises(refusal):
        await receive(office.database, office.blobs, program, upload.id, 0, ended_meanwhile())
    assert await files_of(office, office.admin) == {}
    assert len(office.pieces()) == 1


async def test_a_token_sends_what_it_may(office: Office) -> None:
    program = await by_token(office, office.ana, "rooms:write")
    upload = await begin(office, office.ana, PIECE_BYTES + 5)
    content = chunks(bytes(PIECE_BYTES), bytes(5))
    await receive(office.database, office.blobs, program, upload.id, 0, content)
    assert len(await files_of(office, office.ana)) == 1


async def by_token(office: Office, who: Person, scope: str) -> Actor:
    """This is somebody as a program of theirs asks."""
    await with_password(office.database, who)
    fields = {"name": "Bot", "scopes": [scope], "password": PASSWORD}
    made = await office.agency.run(who, "api_token.make", **fields)
    actor = await actor_by(office.database, made.result["secret"])
    assert actor
    return replace(actor, address="127.0.0.1")


async def test_a_session_that_ends_meanwhile_leaves_no_piece(office: Office) -> None:
    async def signed_out_meanwhile() -> AsyncIterator[bytes]:
        async with office.database.transaction() as tx:
            await tx.execute(text("update sessions set ended_at = now()"))
        yield bytes(PIECE_BYTES)

    upload = await begin(office, office.ana, PIECE_BYTES + 5)
    with pytest.raises(NotSignedIn):
        await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, signed_out_meanwhile())
    assert office.pieces() == []


async def test_nothing_is_uploaded_into_an_archived_room(office: Office) -> None:
    upload = await begin(office, office.ana, 5)
    await do(office, archive_room, office.admin, ArchiveRoom(room_id=office.room_id))

    with pytest.raises(RoomIsArchived):
        await begin(office, office.ana, 5)
    with pytest.raises(RoomIsArchived):
        await send(office, office.ana, upload, 0, b"12345")


async def test_a_room_of_others_is_a_room_that_is_not_there(office: Office) -> None:
    elsewhere = await office.open_room("Internal", office.ana)

    await begin(office, office.ana, 5, room_id=elsewhere)
    for who in (office.client, office.mihai, office.outsider):
        with pytest.raises(NotFound):
            await begin(office, who, 5, room_id=elsewhere)
    with pytest.raises(NotFound):
        await begin(office, office.ana, 5, room_id=uuid4())


async def test_what_is_given_up_leaves_nothing(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")
    assert office.pieces()

    await end_upload(office.database, office.blobs, office.ana.actor, upload.id)

    assert office.pieces() == []
    with pytest.raises(NotFound):
        await send(office, office.ana, upload, 5, b"67890")


async def expire(office: Office) -> None:
    await as_owner(office.database.url, "update uploads set expires_at = now() - interval '1 minute'")


async def test_an_upload_that_waits_too_long_is_forgotten(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")

    assert await forget_expired(office.database, office.blobs) == 0
    await expire(office)
    assert await forget_expired(office.database, office.blobs) == 1

    assert office.pieces() == []
    with pytest.raises(NotFound):
        await send(office, office.ana, upload, 5, b"67890")


async def test_while_an_upload_is_forgotten_nothing_waits_for_the_store_and_nobody_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")
    begun, forgetting = asyncio.Event(), asyncio.Event()

    async def late() -> AsyncIterator[bytes]:
        begun.set()
        await forgetting.wait()
        yield b"678"

    sending = asyncio.create_task(receive(office.database, office.blobs, office.ana.actor, upload.id, 5, late()))
    await begun.wait()
    await expire(office)
    delete_pieces = office.blobs.delete_pieces

    async def sends_meanwhile(upload_id: UUID) -> None:
        await delete_pieces(upload_id)
        forgetting.set()
        with pytest.raises(NotFound):
            await sending

    monkeypatch.setattr(office.blobs, "delete_pieces", sends_meanwhile)
    assert await forget_expired(office.database, office.blobs) == 1
    assert office.pieces() == []


async def test_uploads_whose_pieces_the_store_kept_are_forgotten_the_next_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await send(office, office.ana, await begin(office, office.ana, 10), 0, b"12345")
    await expire(office)

    async def away(_upload_id: UUID) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(office.blobs, "delete_pieces", away)
        with pytest.raises(ConnectionError):
            await forget_expired(office.database, office.blobs)
    assert len(office.pieces()) == 2
    assert await forget_expired(office.database, office.blobs) == 2
    assert office.pieces() == []
    assert await forget_expired(office.database, office.blobs) == 0


async def test_a_finished_upload_is_forgotten_and_its_file_stays(office: Office) -> None:
    file = await drop(office, office.ana)

    await expire(office)
    assert await forget_expired(office.database, office.blobs) == 1

    assert file.id in await files_of(office, office.ana)


async def test_a_crash_before_the_file_is_added_asks_for_the_last_piece_again(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")
    await as_owner(office.database.url, "alter table files add constraint crash check (false)")
    with pytest.raises(Exception, match="crash"):
        await send(office, office.ana, upload, 5, b"67890")
    await as_owner(office.database.url, "alter table files drop constraint crash")

    assert await files_of(office, office.ana) == {}
    assert (await send(office, office.ana, upload, 5, b"67890")).received == 10
    assert len(await files_of(office, office.ana)) == 1


async def test_the_bytes_of_a_file_that_did_not_come_to_be_go_again(office: Office) -> None:
    upload = await begin(office, office.ana, 5)
    await do(office, archive_room, office.admin, ArchiveRoom(room_id=office.room_id))
    with pytest.raises(RoomIsArchived):
        await send(office, office.ana, upload, 0, b"12345")
    assert office.kept()

    await sweep_later(office)

    assert office.kept() == []


async def sweep_later(office: Office) -> None:
    async with office.database.transaction() as tx:
        await tx.execute(text("update discards set due_at = due_at - interval '1 day'"))
    await delete_discarded(office.database, office.blobs)


# Who sees a file


async def test_what_a_client_uploads_is_for_all(office: Office) -> None:
    assert (await drop(office, office.client, audience=None)).audience == "all"
    with pytest.raises(Invalid):
        await drop(office, office.client, audience="team")


async def test_what_the_team_uploads_is_the_teams_until_it_says_otherwise(office: Office) -> None:
    assert (await drop(office, office.ana, audience=None)).audience == "team"
    assert (await drop(office, office.ana, audience="all")).audience == "all"


async def test_a_teams_file_is_not_there_for_the_client(office: Office) -> None:
    async with told_rightly(office):
        file = await drop(office, office.ana, audience="team")

    assert file.id in await files_of(office, office.mihai)
    assert await files_of(office, office.client) == {}
    assert "plan.txt" not in str(await log_of(office, office.client))
    async with office.database.reading() as tx:
        await visible_file(tx, office.mihai.actor, file.id)
        with pytest.raises(NotFound):
            await visible_file(tx, office.client.actor, file.id)


async def test_a_file_of_another_business_is_not_there(office: Office) -> None:
    file = await drop(office, office.ana)

    async with office.database.reading() as tx:
        await visible_file(tx, office.client.actor, file.id)
        with pytest.raises(NotFound):
            await visible_file(tx, office.outsider.actor, file.id)


async def test_sharing_tells_the_client_the_whole_file(office: Office) -> None:
    file = await drop(office, office.ana, audience="team")

    async with told_rightly(office):
        shared = await do(office, change_file, office.mihai, ChangeFile(file_id=file.id, audience="all"))

    assert (await files_of(office, office.client))[file.id] == shared
    told = (await log_of(office, office.client))[-1]
    assert (told["name"], told["changed"], told["file"]["name"]) == ("file.changed", ["audience"], "plan.txt")


async def test_what_is_taken_back_leaves_no_trace_with_the_client(office: Office) -> None:
    file = await drop(office, office.ana, audience="team")
    await do(office, change_file, office.ana, ChangeFile(file_id=file.id, audience="all"))
    await do(office, change_file, office.ana, ChangeFile(file_id=file.id, name="budget.txt"))
    assert "budget.txt" in str(await log_of(office, office.client))

    async with told_rightly(office):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, audience="team"))

    seen = await log_of(office, office.client)
    assert "plan.txt" not in str(seen)
    assert "budget.txt" not in str(seen)
    assert seen[-1]["name"] == "file.withdrawn"
    assert seen[-1]["file"] == {"id": str(file.id), "gone": True}
    assert await files_of(office, office.client) == {}
    assert "budget.txt" in str(await log_of(office, office.mihai))


async def test_a_file_may_be_shared_and_taken_back_again_and_again(office: Office) -> None:
    file = await drop(office, office.ana, audience="team")

    for audience in ("all", "team", "all", "team", "all"):
        async with told_rightly(office):
            await do(
                office, change_file, office.ana, ChangeFile.model_validate({"file_id": file.id, "audience": audience})
            )

    assert file.id in await files_of(office, office.client)


async def test_a_client_changes_no_file(office: Office) -> None:
    file = await drop(office, office.client)

    with pytest.raises(Forbidden):
        await do(office, change_file, office.client, ChangeFile(file_id=file.id, name="other.txt"))
    await do(office, change_file, office.mihai, ChangeFile(file_id=file.id, name="other.txt"))


async def test_a_file_renamed_keeps_to_plain_names(office: Office) -> None:
    file = await drop(office, office.ana)

    async with told_rightly(office):
        changed = await do(office, change_file, office.ana, ChangeFile(file_id=file.id, name="../../Ofertă.pdf "))

    assert changed.name == "Ofertă.pdf"


async def test_changing_nothing_tells_nothing(office: Office) -> None:
    file = await drop(office, office.ana)
    before = len(await log_of(office, office.ana))

    await do(office, change_file, office.ana, ChangeFile(file_id=file.id, name="plan.txt", audience="all"))

    assert len(await log_of(office, office.ana)) == before


# Files on tasks and messages


async def task(office: Office, audience: str) -> UUID:
    command = CreateTask.model_validate({"room_id": office.room_id, "title": "Draw it", "audience": audience})
    id: UUID = (await do(office, create_task, office.ana, command)).id
    return id


async def test_a_file_on_the_teams_task_is_the_teams(office: Office) -> None:
    async with told_rightly(office):
        file = await drop(office, office.ana, task_id=await task(office, "team"), audience=None)

    assert file.audience == "team"
    with pytest.raises(Invalid):
        await drop(office, office.ana, task_id=file.task_id, audience="all")
    with pytest.raises(Invalid):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, audience="all"))
    with pytest.raises(NotFound):
        await drop(office, office.client, task_id=file.task_id)


async def test_a_file_follows_its_task_out_of_the_clients_sight(office: Office) -> None:
    task_id = await task(office, "all")
    file = await drop(office, office.ana, task_id=task_id)
    assert file.id in await files_of(office, office.client)

    async with told_rightly(office):
        await do(office, change_task, office.ana, ChangeTask(task_id=task_id, audience="team"))

    assert await files_of(office, office.client) == {}
    assert "plan.txt" not in str(await log_of(office, office.client))


async def test_a_file_outlives_its_task(office: Office) -> None:
    task_id = await task(office, "all")
    file = await drop(office, office.ana, task_id=task_id)

    async with told_rightly(office):
        await do(office, remove_task, office.ana, RemoveTask(task_id=task_id))

    assert (await files_of(office, office.client))[file.id].task_id is None


async def test_a_file_is_hung_on_a_task_and_taken_down(office: Office) -> None:
    file = await drop(office, office.ana)
    task_id = await task(office, "all")

    async with told_rightly(office):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, task_id=task_id))
    assert (await files_of(office, office.client))[file.id].task_id == task_id
    async with told_rightly(office):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, task_id=None))
    assert (await files_of(office, office.client))[file.id].task_id is None

    elsewhere = await office.open_room("Internal", office.ana)
    foreign = await do(office, create_task, office.ana, CreateTask(room_id=elsewhere, title="Elsewhere"))
    with pytest.raises(NotFound):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, task_id=foreign.id))


async def test_a_message_carries_files_that_its_readers_see(office: Office) -> None:
    shared = await drop(office, office.ana)
    ours = await drop(office, office.ana, audience="team")

    def message(*ids: UUID, audience: str = "all") -> PostMessage:
        fields = {"room_id": office.room_id, "attachments": ids, "audience": audience}
        return PostMessage.model_validate(fields)

    posted = await do(office, post_message, office.ana, message(shared.id))
    assert posted.attachments == [shared.id]
    await do(office, post_message, office.ana, message(shared.id, ours.id, audience="team"))
    with pytest.raises(Invalid):
        await do(office, post_message, office.ana, message(shared.id, ours.id))
    with pytest.raises(Invalid):
        await do(office, post_message, office.client, message(ours.id))
    with pytest.raises(Invalid):
        await do(office, post_message, office.ana, message(uuid4()))


async def test_a_message_carries_no_file_of_another_room(office: Office) -> None:
    elsewhere = await office.open_room("Internal", office.ana)
    upload = await begin(office, office.ana, 1, room_id=elsewhere, audience="all")
    await send(office, office.ana, upload, 0, b"1")

    with pytest.raises(Invalid):
        await do(office, post_message, office.ana, PostMessage(room_id=office.room_id, attachments=[upload.id]))
    await do(office, post_message, office.ana, PostMessage(room_id=elsewhere, attachments=[upload.id]))


# Removing


async def test_a_removed_files_name_is_nowhere(office: Office) -> None:
    secret = "Rechizitoriu secret.txt"
    file = await drop(office, office.ana, name=secret)
    commands = Commands(office.database, VERBS)
    await commands.run(office.ana.actor, "file.change", {"file_id": str(file.id), "audience": "team"}, "a key")
    await commands.run(office.ana.actor, "file.change", {"file_id": str(file.id), "audience": "all"}, "a key more")

    async with told_rightly(office):
        await do(office, remove_file, office.ana, RemoveFile(file_id=file.id))

    await delete_discarded(office.database, office.blobs)
    assert await tables_with(office.database, secret) == []
    assert await files_of(office, office.ana) == {}
    await sweep_later(office)
    assert office.kept() == []


async def tables_with(database: Database, words: str) -> list[str]:
    """The tables in which the words still stand, in any column."""
    found = []
    async with database.reading() as tx:
        tables = await tx.scalars(TABLES)
        for table in list(tables):
            query = text(f"select count(*) from {table} t where t::text like :words").bindparams(words=f"%{words}%")
            if await tx.scalar(query):
                found.append(table)
    return found


async def test_a_file_is_removed_by_its_author_or_an_admin(office: Office) -> None:
    file, other = await drop(office, office.client), await drop(office, office.ana)

    with pytest.raises(Forbidden):
        await do(office, remove_file, office.mihai, RemoveFile(file_id=file.id))
    with pytest.raises(Forbidden):
        await do(office, remove_file, office.client, RemoveFile(file_id=other.id))
    await do(office, remove_file, office.client, RemoveFile(file_id=file.id))
    await do(office, remove_file, office.admin, RemoveFile(file_id=other.id))
    with pytest.raises(NotFound):
        await do(office, remove_file, office.admin, RemoveFile(file_id=other.id))


async def test_bytes_stay_while_another_file_has_them(office: Office) -> None:
    first, second = await drop(office, office.ana), await drop(office, office.mihai)
    digest = (await row_of(office, first.id)).digest
    assert (await row_of(office, second.id)).digest == digest

    await do(office, remove_file, office.ana, RemoveFile(file_id=first.id))
    await delete_discarded(office.database, office.blobs)
    assert await office.blobs.exists(office.business_id, digest)

    await do(office, remove_file, office.mihai, RemoveFile(file_id=second.id))
    await delete_discarded(office.database, office.blobs)
    assert not await office.blobs.exists(office.business_id, digest)


async def test_bytes_deleted_just_before_they_are_needed_are_put_again(office: Office) -> None:
    puts = 0

    class Racing(Blobs):
        async def put(self, business_id: UUID, content: Any) -> Any:
            nonlocal puts
            puts += 1
            blob = await super().put(business_id, content)
            if puts == 1:
                await self.delete(business_id, blob.digest)
            return blob

    file = await drop(replace(office, blobs=Racing(office.blobs._store)), office.ana)

    assert puts == 2
    assert await office.blobs.exists(office.business_id, (await row_of(office, file.id)).digest)


async def test_held_bytes_are_not_deleted(office: Office) -> None:
    blob = await office.blobs.put(office.business_id, chunks(b"held"))
    async with office.database.transaction() as tx:
        await discard(tx, office.business_id, [blob.digest])
    async with office.database.transaction() as tx:
        await hold(tx, office.blobs, office.business_id, [blob.digest])
        deleting = asyncio.ensure_future(delete_discarded(office.database, office.blobs))
        await until_someone_waits(office.database)
        assert await office.blobs.exists(office.business_id, blob.digest)
    await deleting

    async with office.database.transaction() as tx:
        with pytest.raises(BlobIsGone):
            await hold(tx, office.blobs, office.business_id, [blob.digest])
    with pytest.raises(BlobMissing):
        await office.blobs.get(office.business_id, blob.digest)


async def until_someone_waits(database: Database) -> None:
    while True:
        async with database.reading() as tx:
            if await tx.scalar(text("select count(*) from pg_locks where not granted and locktype = 'advisory'")):
                return


# What a file is


async def test_an_image_is_measured_and_gets_a_preview(office: Office) -> None:
    file = await drop(office, office.ana, picture(), "photo.png")

    assert (file.media_type, file.width, file.height, file.preview) == ("image/png", 1200, 800, True)
    row = await row_of(office, file.id)
    assert row.preview_digest
    kept = await office.bytes_of(row.preview_digest)
    with Image.open(BytesIO(kept)) as preview:
        assert (preview.format, preview.size) == ("WEBP", (640, 427))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF"])
async def test_every_raster_image_gets_a_preview(office: Office, form: str) -> None:
    file = await drop(office, office.ana, picture((90, 60), form), "no-ending")

    assert (file.media_type, file.width, file.height, file.preview) == (f"image/{form.lower()}", 90, 60, True)


async def test_a_photo_held_sideways_is_shown_upright(office: Office) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    file = await drop(office, office.ana, picture((1200, 800), "JPEG", exif=exif), "photo.jpg")

    assert (file.width, file.height) == (800, 1200)
    row = await row_of(office, file.id)
    assert row.preview_digest
    kept = await office.bytes_of(row.preview_digest)
    with Image.open(BytesIO(kept)) as preview:
        assert preview.size == (427, 640)


async def test_a_phone_s_jpeg_of_two_pictures_is_a_jpeg(office: Office) -> None:
    first, second = (Image.new("RGB", (300, 200), colour) for colour in ("teal", "orange"))
    out = BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])

    file = await drop(office, office.ana, out.getvalue(), "photo.jpg")

    assert (file.media_type, file.width, file.height, file.preview) == ("image/jpeg", 300, 200, True)


async def test_a_picture_that_was_cut_keeps_its_type(office: Office) -> None:
    file = await drop(office, office.ana, picture((300, 200), "WEBP")[:-2], "photo.webp")

    assert (file.media_type, file.width, file.height, file.preview) == ("image/webp", 300, 200, False)


def bomb(edge: int) -> bytes:
    """A small PNG that says it is so many pixels wide and high."""
    small = bytearray(picture((8, 8)))
    small[16:24] = edge.to_bytes(4, "big") * 2
    small[29:33] = crc32(small[12:29]).to_bytes(4, "big")
    return bytes(small)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bomb(60_000), id="bomb"),
        pytest.param(picture((300, 300), "JPEG")[:400], id="cut JPEG"),
        pytest.param(b"GIF89a/*\x00<script>alert(1)</script>*/", id="polyglot"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + os.urandom(500), id="noise"),
        pytest.param(b"RIFF\x24\0\0\0WEBPVP8 " + bytes(20), id="nothing in it"),
    ],
)
async def test_an_image_that_says_no_size_is_kept_as_bytes(office: Office, content: bytes) -> None:
    file = await drop(office, office.ana, content, "photo.png")

    assert (file.media_type, file.size, file.preview) == ("application/octet-stream", len(content), False)
    assert (file.width, file.height) == (None, None)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"Buna ziua, \xc8\x99tefan!\n", "a.exe", "text/plain"),
        ("Привіт".encode("utf-16"), "a.txt", "text/plain"),
        (b"caf\xe9", "a.txt", "application/octet-stream"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "photo.png", "text/html"),
        (b"\xef\xbb\xbf \n <HTML><body>", "plan.txt", "text/html"),
        ("<html>".encode("utf-16"), "plan.txt", "text/html"),
        (b"<!-- hi --><script>alert(1)</script>", "plan.txt", "text/html"),
        (b"<img src=x onerror=alert(1)>", "plan.txt", "text/html"),
        (b"See <b>this</b>", "plan.txt", "text/plain"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "logo.png", "image/svg+xml"),
        (b'<?xml version="1.0"?><!-- a --><svg xmlns="..."/>', "logo.png", "image/svg+xml"),
        (b'<?xml version="1.0"?><a/>', "a.txt", "application/xml"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a.txt", "application/pdf"),
        (b"MZ" + bytes(60), "photo.jpg", "application/octet-stream"),
        (
            b"PK\x03\x04" + bytes(40),
            "offer.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"\0\0\0\x18ftypmp42" + bytes(20), "film.mp4", "video/mp4"),
        (bytes(range(256)), "plan.txt", "application/octet-stream"),
        (bytes(range(256)), "plan.pdf", "application/octet-stream"),
        (b"PK\x03\x04" + bytes(40), "photo.png", "application/zip"),
        (b"\xff\xfb\x90\x64" + bytes(40), "song.mp3", "audio/mpeg"),
    ],
)
def test_what_a_file_is_stands_in_its_bytes(content: bytes, name: str, media_type: str) -> None:
    assert media_type_of(content, name) == media_type


@pytest.mark.parametrize("sign", ["<!---->", "<a", "a", "<?", "<!", "]>", "<!--", "<?xml ", " ", "<svg", "<a "])
def test_what_a_file_is_is_seen_soon(sign: str) -> None:
    """Beside plain words of the same length."""
    plain, costly = b"word " * (HEAD_BYTES // 5), ("<" + sign * HEAD_BYTES)[:HEAD_BYTES].encode()

    def looked_at(content: bytes) -> list[str]:
        return [media_type_of(content, "a.txt") for _turn in range(10)]

    must_cost_at_most(20, lambda: looked_at(plain), lambda: looked_at(costly))


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_have_a_media_type(content: bytes, name: str) -> None:
    assert "/" in media_type_of(content, name)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("plan.txt", "plan.txt"),
        ("Ofertă țigle și cărămizi.pdf", "Ofertă țigle și cărămizi.pdf"),
        ("Oferta\u0306.pdf", "Ofertă.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Кошторис.xlsx", "Кошторис.xlsx"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\nc.txt", "ab c.txt"),
        ("  .gitignore  ", ".gitignore"),
        ("л" * 300 + ".docx", "л" * 117 + ".docx"),
        ("<script>alert(1)</script>", "script>"),
    ],
)
def test_a_name_is_kept_plain(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "   ", "..", "folder/", "\x00\x01", "\u202e"])
def test_a_name_with_nothing_in_it_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        plain_name(name)


@given(st.text(max_size=400))
def test_any_name_that_is_kept_is_safe_and_settled(name: str) -> None:
    try:
        kept = plain_name(name)
    except ValueError:
        return
    assert len(kept.encode()) <= 240
    assert not set("/\\\0\r\n") & set(kept)
    assert plain_name(kept) == kept


@given(st.sampled_from(list(AUDIENCES)), st.sampled_from(list(AUDIENCES)))
def test_what_two_audiences_share_is_an_audience(one: str, other: str) -> None:
    assert AUDIENCES[shared_by(one, other)] == AUDIENCES[one] & AUDIENCES[other]  # type: ignore[index]


async def test_a_person_signed_in_twice_goes_on_with_their_upload(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")

    token = await another_token(office.database, office.ana)
    async with office.database.reading() as tx:
        again = await actor_of(tx, token)
    assert again
    await send(office, Person(again, token), upload, 5, b"67890")

    async with office.database.reading() as tx:
        assert (await tx.scalar(select(File.size).where(File.id == upload.id))) == 10
