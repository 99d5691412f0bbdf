"""How much one person may have on its way, and how often an upload may be broken off."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rooms.files.received_files import begin_upload, receive
from rooms.files.uploads import (
    MOST_BREAKS,
    BeginUpload,
    TooManyPieces,
    TooManyUploads,
    Upload,
    UploadLimits,
    end_upload,
)
from tests.databases import as_owner
from tests.hub.agencies import Person
from tests.rooms.offices import Office

LIMITS = UploadLimits(at_once=8, bytes=8_000)


async def begin(office: Office, who: Person, size: int = 10, limits: UploadLimits | None = LIMITS) -> Upload:
    command = BeginUpload(room_id=office.room_id, name="film.mp4", size=size)
    return await begin_upload(office.database, office.blobs, who.actor, command, most_bytes=10**9, limits=limits)


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def send(office: Office, who: Person, upload: Upload, offset: int, content: bytes) -> Upload:
    return await receive(office.database, office.blobs, who.actor, upload.id, offset, once(content))


@pytest.mark.parametrize(("who", "most"), [("ana", 8), ("admin", 8), ("client", 2)])
async def test_so_many_are_on_their_way_of_one_person(office: Office, who: str, most: int) -> None:
    person: Person = getattr(office, who)
    begun = [await begin(office, person) for _ in range(most)]
    with pytest.raises(TooManyUploads) as refused:
        await begin(office, person)
    assert refused.value.retry_after_seconds > 0
    await begin(office, office.mihai)  # others have theirs

    await send(office, person, begun[0], 0, b"1234567890")
    await begin(office, person)
    with pytest.raises(TooManyUploads):
        await begin(office, person)
    await end_upload(office.database, office.blobs, person.actor, begun[1].id)
    await begin(office, person)


async def test_of_many_at_once_no_more_are_begun(office: Office) -> None:
    begun = await asyncio.gather(*(begin(office, office.ana) for _ in range(15)), return_exceptions=True)
    assert sum(isinstance(each, Upload) for each in begun) == 8
    assert all(isinstance(each, Upload | TooManyUploads) for each in begun)


@pytest.mark.parametrize(("who", "most"), [("ana", 8_000), ("client", 2_000)])
async def test_so_many_bytes_are_on_their_way_of_one_person(office: Office, who: str, most: int) -> None:
    person: Person = getattr(office, who)
    first = await begin(office, person, most - 10)
    await begin(office, person, 10)
    await end_upload(office.database, office.blobs, person.actor, first.id)
    with pytest.raises(TooManyUploads):
        await begin(office, person, most - 9)


async def test_one_file_may_always_be_sent(office: Office) -> None:
    await begin(office, office.client, 9_000)
    with pytest.raises(TooManyUploads):
        await begin(office, office.client, 1)


async def test_what_has_expired_is_not_on_its_way(office: Office) -> None:
    for _ in range(8):
        await begin(office, office.ana)
    await as_owner(office.database.url, "update uploads set expires_at = now() - interval '1 second'")
    await begin(office, office.ana)


async def test_empty_files_are_there_at_once(office: Office) -> None:
    for _ in range(10):
        await begin(office, office.ana, 0)


async def test_limits_can_be_lifted(office: Office) -> None:
    for _ in range(9):
        await begin(office, office.ana, limits=None)


async def test_an_upload_that_was_broken_off_too_often_is_refused(office: Office) -> None:
    """Each break leaves a piece that takes a file of its own on the disk, however small it is."""
    upload = await begin(office, office.ana, 1_000)
    pieces = f"array_fill('x'::text, array[{MOST_BREAKS - 1}])"
    await as_owner(office.database.url, f"update uploads set pieces = {pieces}")
    await send(office, office.ana, upload, 0, b"1")
    with pytest.raises(TooManyPieces):
        await send(office, office.ana, upload, 1, b"2")
    assert len(office.pieces()) == 1
