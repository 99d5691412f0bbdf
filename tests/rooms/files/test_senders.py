"""Who sends: of each upload the newest, of each person some at a time, and slow ones cost no memory."""

import asyncio
import gc
import os
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from rooms.files.received_files import begin_upload, receive
from rooms.files.senders import AT_ONCE, Senders, TooManySenders, UploadTakenOver
from rooms.files.uploads import BeginUpload, OffsetIsWrong, Upload
from store.files.blobs import PIECE_BYTES
from store.files.spools import HELD_BYTES, STRIDE_BYTES, Spool
from tests.hub.agencies import Person
from tests.rooms.offices import Office

ALMOST = PIECE_BYTES - 100_000
CHUNK = 64 * 1024


async def begin(office: Office, who: Person, size: int) -> Upload:
    command = BeginUpload(room_id=office.room_id, name="film.mp4", size=size)
    return await begin_upload(office.database, office.blobs, who.actor, command, most_bytes=10**9)


class Slow:
    """A body of which some comes, and then nothing until its end."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.has_come = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), CHUNK):
            yield self.content[start : start + CHUNK]
        self.has_come.set()
        await self.goes_on.wait()


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def sending(office: Office, who: Person, upload: Upload, body: Slow, senders: Senders) -> asyncio.Task[Upload]:
    content = aiter(body)
    call = receive(office.database, office.blobs, who.actor, upload.id, upload.received, content, senders=senders)
    return asyncio.create_task(call)


@asynccontextmanager
async def slowly(
    office: Office, who: Person, upload: Upload, content: bytes, senders: Senders
) -> AsyncIterator[asyncio.Task[Upload]]:
    """Somebody who has sent some of an upload, and hangs."""
    body = Slow(content)
    task = sending(office, who, upload, body, senders)
    await body.has_come.wait()
    yield task
    body.goes_on.set()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_sends_anew_takes_over_from_a_line_that_hangs(office: Office) -> None:
    senders, content = Senders(), os.urandom(ALMOST)
    upload = await begin(office, office.ana, len(content))
    async with slowly(office, office.ana, upload, content[:-5], senders) as lost:
        done = await receive(
            office.database, office.blobs, office.ana.actor, upload.id, 0, once(content), senders=senders
        )
        assert done.received == len(content)
        with pytest.raises(UploadTakenOver):
            await lost
    assert office.pieces() == []


async def test_who_begins_at_another_place_takes_nothing_over(office: Office) -> None:
    senders = Senders()
    upload = await begin(office, office.ana, 10)
    async with slowly(office, office.ana, upload, b"12345", senders) as first:
        with pytest.raises(OffsetIsWrong):
            await receive(
                office.database, office.blobs, office.ana.actor, upload.id, 5, once(b"67890"), senders=senders
            )
        assert not first.done()
    assert (await first).received == 5


async def test_of_many_who_send_one_upload_the_newest_is_heard(office: Office) -> None:
    senders, content = Senders(), os.urandom(100_000)
    upload = await begin(office, office.ana, len(content))
    bodies = [Slow(content) for _ in range(60)]
    tasks = [sending(office, office.ana, upload, body, senders) for body in bodies]
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for body in bodies:
        body.goes_on.set()
    ended = await asyncio.gather(*done, *others, return_exceptions=True)
    assert [each.received for each in ended if isinstance(each, Upload)] == [len(content)]
    assert all(isinstance(each, Upload | UploadTakenOver | OffsetIsWrong) for each in ended)


async def test_so_many_files_come_from_a_person_at_a_time(office: Office) -> None:
    senders = Senders()
    uploads = [await begin(office, office.ana, 10) for _ in range(AT_ONCE + 1)]
    theirs = await begin(office, office.mihai, 10)
    async with AsyncExitStack() as stack:
        tasks = [
            await stack.enter_async_context(slowly(office, office.ana, upload, b"1", senders))
            for upload in uploads[:AT_ONCE]
        ]
        with pytest.raises(TooManySenders) as refused:
            await sending(office, office.ana, uploads[-1], Slow(b"1"), senders)
        assert refused.value.retry_after_seconds > 0
        _mihais = await stack.enter_async_context(
            slowly(office, office.mihai, theirs, b"1", senders)
        )  # others have theirs
        _newer = await stack.enter_async_context(slowly(office, office.ana, uploads[0], b"1", senders))
        with pytest.raises(UploadTakenOver):
            await tasks[0]
    async with slowly(office, office.ana, uploads[-1], b"1", senders):
        pass


async def test_what_comes_slowly_is_not_in_memory(office: Office) -> None:
    senders, content = Senders(), os.urandom(ALMOST)
    uploads = [await begin(office, office.ana, 2 * PIECE_BYTES) for _ in range(AT_ONCE)]
    tracemalloc.start()
    try:
        async with AsyncExitStack() as stack:
            for upload in uploads:
                _hangs = await stack.enter_async_context(slowly(office, office.ana, upload, content, senders))
            gc.collect()
            assert tracemalloc.get_traced_memory()[0] < AT_ONCE * (2 * HELD_BYTES + 100_000)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < PIECE_BYTES
    finally:
        tracemalloc.stop()
    assert len(office.pieces()) == AT_ONCE


@pytest.mark.parametrize("size", [0, 1, HELD_BYTES - 1, HELD_BYTES, STRIDE_BYTES + 1, 2 * STRIDE_BYTES + 5])
async def test_a_spool_gives_what_was_put_in_and_begins_anew(tmp_path: Path, size: int) -> None:
    with Spool(tmp_path) as spool:
        for _round in range(2):
            content = os.urandom(size)
            for start in range(0, size, 50_000):
                await spool.add(content[start : start + 50_000])
            assert spool.size == size
            for _again in range(2):
                assert await spool.whole() == content
            await spool.clear()
            assert (spool.size, await spool.whole()) == (0, b"")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a file of its own would have a name
