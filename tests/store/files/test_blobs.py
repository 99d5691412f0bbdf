"""Blobs keep what they said they kept, and nothing that they didn't."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.files.blobs import ABANDONED, BlobMissing, Blobs, BlobsUnavailable

FIRM = uuid4()
MEGABYTE = 1024 * 1024


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def read(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in stream])


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.at(tmp_path / "blobs")


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    Blobs.at(tmp_path / "data" / "blobs")
    assert (tmp_path / "data" / "blobs").stat().st_mode & 0o777 == 0o700


async def test_a_blob_is_named_by_its_digest_and_comes_back_whole(blobs: Blobs) -> None:
    parts = [os.urandom(3 * MEGABYTE), b"", os.urandom(4 * MEGABYTE + 7)]

    blob = await blobs.put(FIRM, chunks(*parts))

    assert blob.digest == hashlib.sha256(b"".join(parts)).hexdigest()
    assert blob.size == 7 * MEGABYTE + 7
    assert await read(await blobs.get(FIRM, blob.digest)) == b"".join(parts)


async def test_an_empty_blob_is_a_blob(blobs: Blobs) -> None:
    blob = await blobs.put(FIRM, chunks())

    assert blob.size == 0
    assert await read(await blobs.get(FIRM, blob.digest)) == b""
    assert await read(await blobs.get(FIRM, blob.digest, 3, 9)) == b""


async def test_the_same_bytes_twice_are_one_blob(blobs: Blobs, tmp_path: Path) -> None:
    first = await blobs.put(FIRM, chunks(b"Atrium"))
    again = await blobs.put(FIRM, chunks(b"Atr", b"ium"))

    assert first == again
    assert files_in(tmp_path) == [f"blobs/{FIRM}/{first.digest}"]


async def test_a_blob_is_of_one_business_alone(blobs: Blobs) -> None:
    blob = await blobs.put(FIRM, chunks(b"Atrium"))

    assert await blobs.exists(FIRM, blob.digest)
    assert not await blobs.exists(uuid4(), blob.digest)
    with pytest.raises(BlobMissing):
        await blobs.get(uuid4(), blob.digest)


async def test_a_stream_that_breaks_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(6 * MEGABYTE)
        raise ConnectionAbortedError

    with pytest.raises(BlobsUnavailable):
        await blobs.put(FIRM, broken())
    assert files_in(tmp_path) == []


async def test_a_deleted_blob_is_gone_and_may_be_deleted_again(blobs: Blobs) -> None:
    blob = await blobs.put(FIRM, chunks(b"Atrium"))

    await blobs.delete(FIRM, blob.digest)
    await blobs.delete(FIRM, blob.digest)

    assert not await blobs.exists(FIRM, blob.digest)


async def test_a_stream_that_was_begun_outlives_the_blob(blobs: Blobs) -> None:
    content = os.urandom(5 * MEGABYTE)
    blob = await blobs.put(FIRM, chunks(content))
    stream = await blobs.get(FIRM, blob.digest)
    begun = await anext(stream)

    await blobs.delete(FIRM, blob.digest)

    assert begun + await read(stream) == content


@given(size=st.integers(0, 3000), start=st.integers(0, 4000), length=st.one_of(st.none(), st.integers(0, 5000)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_part_of_a_blob_is_what_slicing_gives(
    blobs: Blobs, size: int, start: int, length: int | None
) -> None:
    content = os.urandom(size)
    stop = None if length is None else start + length
    blob = await blobs.put(FIRM, chunks(content))

    assert await read(await blobs.get(FIRM, blob.digest, start, stop)) == content[start:stop]


async def test_pieces_come_back_in_the_order_asked_for(blobs: Blobs) -> None:
    upload = uuid4()
    await blobs.put_piece(upload, "a", b"first ")
    await blobs.put_piece(upload, "b", b"second")
    await blobs.put_piece(upload, "c", b"one that lost")

    assert await read(blobs.pieces(upload, ["a", "b"])) == b"first second"


async def test_pieces_are_deleted_together(blobs: Blobs, tmp_path: Path) -> None:
    upload, other = uuid4(), uuid4()
    await blobs.put_piece(upload, "a", b"mine")
    await blobs.put_piece(other, "a", b"another's")

    await blobs.delete_pieces(upload)
    await blobs.delete_pieces(upload)

    assert files_in(tmp_path) == [f"blobs/uploads/{other}/a"]
    with pytest.raises(BlobMissing):
        await read(blobs.pieces(upload, ["a"]))


async def test_what_a_killed_process_left_is_forgotten_after_a_while(blobs: Blobs, tmp_path: Path) -> None:
    blob = await blobs.put(FIRM, chunks(b"Atrium"))
    left = [tmp_path / "blobs/arriving/whole", tmp_path / "blobs/arriving/half#1", tmp_path / "blobs/uploads/u/p#2"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")

    await blobs.forget_abandoned()
    assert all(path.exists() for path in left)

    await blobs.forget_abandoned(datetime.now(UTC) + ABANDONED + timedelta(minutes=1))
    assert not any(path.exists() for path in left)
    assert await blobs.exists(FIRM, blob.digest)


async def test_a_store_that_is_away_refuses_clearly() -> None:
    away = Blobs.at("http://127.0.0.1:9/bucket")

    with pytest.raises(BlobsUnavailable):
        await away.put_piece(uuid4(), "a", b"x")
