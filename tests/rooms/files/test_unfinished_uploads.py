"""Uploads that are given up, or wait too long, leave nothing."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from rooms.access import RoomIsArchived
from rooms.files.received_files import receive
from rooms.files.uploads import end_upload, forget_expired
from rooms.rooms import ArchiveRoom, archive_room
from store.errors import NotFound
from tests.databases import as_owner
from tests.rooms.files.drops import begin, do, drop, files_of, send, sweep_later
from tests.rooms.offices import Office


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


async def test_the_bytes_of_a_file_that_did_not_come_to_be_go_again(office: Office) -> None:
    upload = await begin(office, office.ana, 5)
    await do(office, archive_room, office.admin, ArchiveRoom(room_id=office.room_id))
    with pytest.raises(RoomIsArchived):
        await send(office, office.ana, upload, 0, b"12345")
    assert office.kept()

    await sweep_later(office)

    assert office.kept() == []
