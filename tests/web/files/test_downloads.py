"""Downloading: whole or in parts, by those who see the file, and never as a page of this site."""

import os
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from tests.hub.agencies import Agency, Person
from tests.web.tus import Tus
from web.downloads import ByteRange, Unsatisfiable, disposition, part_of

CONTENT = bytes(range(256)) * 40


async def get(
    tus: Tus, file_id: UUID | str, name: str = "a", person: Person | None = None, method: str = "GET", **headers: str
) -> httpx.Response:
    signed = {"authorization": f"Bearer {(person or tus.person).token}"}
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    return await tus.client.request(method, f"/files/{file_id}/{name}", headers=signed | more)


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(out, "PNG")
    return out.getvalue()


async def test_a_file_comes_down_whole(ana: Tus) -> None:
    file_id = await ana.upload(CONTENT, "plan.bin")

    answer = await get(ana, file_id, "plan.bin")

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"].startswith('attachment; filename="plan.bin"')


async def test_asking_for_the_head_tells_all_but_the_bytes(ana: Tus) -> None:
    file_id = await ana.upload(CONTENT)

    whole, head = await get(ana, file_id), await get(ana, file_id, method="HEAD")

    assert head.content == b""
    for name in ("content-length", "etag", "content-type", "content-disposition", "accept-ranges"):
        assert head.headers[name] == whole.headers[name]
    part = await get(ana, file_id, method="HEAD", range="bytes=2-5")
    assert (part.status_code, part.headers["content-length"]) == (206, "4")


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
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_part_comes_down_right(ana: Tus, first: int, length: int) -> None:
    file_id = getattr(ana, "file_id", None) or await ana.upload(CONTENT)
    ana.file_id = file_id  # type: ignore[attr-defined]  # one file for all examples

    answer = await get(ana, file_id, range=f"bytes={first}-{first + length}")

    if first < len(CONTENT):
        assert (answer.status_code, answer.content) == (206, CONTENT[first : first + length + 1])
    else:
        assert answer.status_code == 416


async def test_what_the_browser_has_is_not_sent_again(ana: Tus) -> None:
    file_id = await ana.upload(CONTENT)
    etag = (await get(ana, file_id)).headers["etag"]

    for given_tags in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        known = await get(ana, file_id, if_none_match=given_tags)
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    assert (await get(ana, file_id, if_none_match='"other"')).status_code == 200


async def test_a_file_is_never_compressed_on_its_way(ana: Tus) -> None:
    content = b"the same words again and again\n" * 500
    file_id = await ana.upload(content)

    answer = await get(ana, file_id, accept_encoding="gzip")

    assert "content-encoding" not in answer.headers
    assert answer.headers["content-length"] == str(len(content))


HTML = b"<!DOCTYPE html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (b"Hello <b>there</b>", "a.txt", "inline", "text/plain; charset=utf-8"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a.pdf", "inline", "application/pdf"),
        (picture(), "a.png", "inline", "image/png"),
        (picture(), "a.html", "inline", "image/png"),
        (HTML, "a.html", "attachment", "application/octet-stream"),
        (HTML, "a.png", "attachment", "application/octet-stream"),
        (b"\xef\xbb\xbf  " + HTML, "a.txt", "attachment", "application/octet-stream"),
        (HTML.decode().encode("utf-16"), "a.txt", "attachment", "application/octet-stream"),
        (SVG, "a.svg", "attachment", "application/octet-stream"),
        (b'<?xml version="1.0"?>' + SVG, "a.png", "attachment", "application/octet-stream"),
        (b"GIF89a\x00" + HTML, "a.gif", "attachment", "application/octet-stream"),
        (b"PK\x03\x04" + bytes(50), "a.zip", "attachment", "application/zip"),
        pytest.param(os.urandom(99), "a.pdf", "attachment", "application/octet-stream", id="noise"),
    ],
)
async def test_only_what_is_harmless_is_shown(ana: Tus, content: bytes, name: str, kind: str, media_type: str) -> None:
    file_id = await ana.upload(content, name)

    answer = await get(ana, file_id, name)

    assert answer.content == content
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"].split(";")[0] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert {"default-src 'none'", "sandbox"} <= set(answer.headers["content-security-policy"].split("; "))
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_what_would_be_shown_may_be_saved(ana: Tus) -> None:
    file_id = await ana.upload(b"Hello", "a.txt")

    answer = await get(ana, file_id, "a.txt?download")

    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plan.txt", "inline; filename=\"plan.txt\"; filename*=UTF-8''plan.txt"),
        ("Ofertă țigle.pdf", "inline; filename=\"Oferta tigle.pdf\"; filename*=UTF-8''Ofert%C4%83%20%C8%9Bigle.pdf"),
        (
            "Кошторис.xlsx",
            "inline; filename=\"file.xlsx\"; filename*=UTF-8''"
            + "%D0%9A%D0%BE%D1%88%D1%82%D0%BE%D1%80%D0%B8%D1%81.xlsx",
        ),
        ('a"b\\c%0d;.txt', "inline; filename=\"a_b_c_0d_.txt\"; filename*=UTF-8''a%22b%5Cc%250d%3B.txt"),
    ],
)
def test_a_name_is_said_so_that_every_browser_reads_it(name: str, said: str) -> None:
    assert disposition("inline", name) == said


@given(st.text(max_size=60))
def test_no_name_breaks_out_of_the_header(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    said = disposition("attachment", name)
    assert said.isascii()
    assert said.isprintable()
    assert said.count('"') == 2


async def test_a_name_comes_down_with_its_diacritics(ana: Tus) -> None:
    file_id = await ana.upload(b"1", "Ofertă.txt")

    answer = await get(ana, file_id, "Ofert%C4%83.txt")

    assert "filename*=UTF-8''Ofert%C4%83.txt" in answer.headers["content-disposition"]


async def test_an_image_has_a_preview(ana: Tus) -> None:
    file_id = await ana.upload(picture(), "photo.png")

    answer = await get(ana, file_id, "preview")

    assert answer.headers["content-type"] == "image/webp"
    with Image.open(BytesIO(answer.content)) as preview:
        assert preview.size == (640, 427)
    assert (await get(ana, file_id, "preview", if_none_match=answer.headers["etag"])).status_code == 304


async def test_what_is_no_image_has_no_preview(ana: Tus) -> None:
    assert (await get(ana, await ana.upload(b"1", "a.txt"), "preview")).status_code == 404
    assert (await get(ana, await ana.upload(b"1", "preview"), "preview")).content == b"1"


async def test_a_teams_file_is_for_the_client_a_file_that_is_not_there(ana: Tus, agency: Agency) -> None:
    ours, shared = await ana.upload(picture(), "a.png", audience="team"), await ana.upload(b"1", audience="all")
    nowhere = await get(ana, uuid4(), person=agency.client, accept="application/json")

    assert (await get(ana, shared, person=agency.client)).status_code == 200
    for name in ("a.png", "preview"):
        for method in ("GET", "HEAD"):
            answer = await get(ana, ours, name, agency.client, method)
            assert answer.status_code == 404
        answer = await get(ana, ours, name, agency.client, accept="application/json")
        assert (answer.status_code, answer.json()) == (nowhere.status_code, nowhere.json())
        assert (await get(ana, ours, name, agency.client, range="bytes=0-1", if_none_match="*")).status_code == 404
        assert (await get(ana, ours, name, agency.mihai)).status_code == 200


async def test_a_file_of_another_business_is_not_there(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    assert (await get(ana, file_id, person=agency.outsider)).status_code == 404
    assert (await get(ana, "nonsense")).status_code == 404


async def test_a_stranger_gets_no_file(ana: Tus) -> None:
    file_id = await ana.upload(b"1", audience="all")

    asked = f"/files/{file_id}/a"
    assert (await ana.client.get(asked, headers={"accept": "application/json"})).status_code == 401
    assert (await ana.client.get(asked, headers={"accept": "text/html"})).status_code == 303


async def test_what_is_taken_back_is_gone_at_once(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")
    etag = (await get(ana, file_id, person=agency.client)).headers["etag"]

    await agency.run(agency.ana, "file.change", file_id=str(file_id), audience="team")

    assert (await get(ana, file_id, person=agency.client, if_none_match=etag)).status_code == 404
    await agency.run(agency.ana, "file.change", file_id=str(file_id), audience="all")
    assert (await get(ana, file_id, person=agency.client, if_none_match=etag)).status_code == 304


async def test_who_left_the_room_gets_no_file(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=str(agency.client.id))

    assert (await get(ana, file_id, person=agency.client)).status_code == 404
    assert (await get(ana, file_id, person=agency.mihai)).status_code == 200


async def test_a_removed_file_is_gone_at_once(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    await agency.run(agency.ana, "file.remove", file_id=str(file_id))

    assert (await get(ana, file_id)).status_code == 404


async def test_an_archived_rooms_files_are_still_read(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    await agency.run(agency.admin, "room.archive", room_id=agency.room_id)

    assert (await get(ana, file_id)).content == b"1"


def test_a_part_knows_its_size() -> None:
    assert ByteRange(2, 5).size == 3


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("план.тхт", "file"),
        ("план 2.3 версія", "2.3"),
        ("план.pdf", "file.pdf"),
        ("plan. тхт ", "plan"),
        ("v1.2", "v1.2"),
    ],
)
def test_an_ending_of_which_nothing_is_left_leaves_no_dot(name: str, plain: str) -> None:
    assert disposition("attachment", name).split("; ")[1] == f'filename="{plain}"'
