"""Downloads go on from where they were cut: any part comes as it was asked for."""

import os

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.web.files.downloads import CONTENT, get
from tests.web.tus import Tus
from web.downloads import ByteRange, Unsatisfiable, part_of


async def test_a_download_goes_on_from_where_it_was_cut(ana: Tus) -> None:
    file_id = await ana.upload(CONTENT)
    etag = (await get(ana, file_id)).headers["etag"]

    rest = await get(ana, file_id, range="bytes=1000-", if_range=etag)
    assert (rest.status_code, rest.content) == (206, CONTENT[1000:])
    assert rest.headers["content-range"] == f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"

    changed = await get(ana, file_id, range="bytes=1000-", if_range='"another"')
    assert (changed.status_code, changed.content) == (200, CONTENT)
    dated = await get(ana, file_id, range="bytes=1000-", if_range="Sat, 21 Nov 2026 19:00:00 GMT")
    assert dated.status_code == 200


async def test_a_part_beyond_the_end_is_refused(ana: Tus) -> None:
    file_id = await ana.upload(b"12345")

    for asked in ("bytes=5-", "bytes=9-12", "bytes=-0"):
        answer = await get(ana, file_id, range=asked)
        assert (answer.status_code, answer.headers["content-range"], answer.content) == (416, "bytes */5", b"")
    empty = await ana.upload(b"")
    assert (await get(ana, empty, range="bytes=0-")).status_code == 416
    assert (await get(ana, empty)).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "bytes=4-2", "bytes=-", "bytes=a-b", "lines=0-1", "bytes", ""])
async def test_a_part_that_cannot_be_read_is_the_whole(ana: Tus, asked: str) -> None:
    file_id = await ana.upload(b"12345")

    answer = await get(ana, file_id, range=asked)

    assert (answer.status_code, answer.content) == (200, b"12345")


@given(size=st.integers(0, 50), first=st.integers(0, 60), last=st.integers(0, 60))
def test_a_part_is_what_slicing_gives(size: int, first: int, last: int) -> None:
    whole = os.urandom(size)

    for header, expected in (
        (f"bytes={first}-{last}", whole[first : last + 1] if first <= last else None),
        (f"bytes={first}-", whole[first:]),
        (f"bytes=-{last}", whole[-last:] if last else b""),
    ):
        try:
            part = part_of(header, size)
        except Unsatisfiable:
            assert expected == b""
        else:
            assert (None if part is None else whole[part.start : part.stop]) == expected
            assert part is None or part.size > 0


@given(header=st.text(max_size=40), size=st.integers(0, 100))
def test_no_header_breaks_it(header: str, size: int) -> None:
    try:
        part = part_of(header, size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part.start < part.stop <= size


@given(first=st.integers(0, 11_000), length=st.integers(0, 3_000))
@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_part_comes_down_right(ana: Tus, first: int, length: int) -> None:
    file_id = getattr(ana, "file_id", None) or await ana.upload(CONTENT)
    ana.file_id = file_id  # type: ignore[attr-defined]  # one file for all examples

    answer = await get(ana, file_id, range=f"bytes={first}-{first + length}")

    if first < len(CONTENT):
        assert (answer.status_code, answer.content) == (206, CONTENT[first : first + length + 1])
    else:
        assert answer.status_code == 416


def test_a_part_knows_its_size() -> None:
    assert ByteRange(2, 5).size == 3
