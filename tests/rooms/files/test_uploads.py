"""Uploads into rooms: whole or not at all, in as many pieces as it takes."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from rooms.files.received_files import begin_upload, receive
from rooms.files.uploads import BeginUpload, OffsetIsWrong, Upload
from store.errors import TooLarge
from store.files.blobs import PIECE_BYTES
from tests.databases import as_owner
from tests.rooms.files.drops import begin, drop, files_of, log_of, row_of, send, told_rightly
from tests.rooms.offices import Office


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
