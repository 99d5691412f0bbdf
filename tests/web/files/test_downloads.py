"""Downloading: whole, under a name that every browser reads, and never as a page of this site."""

import os
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.web.files.downloads import CONTENT, get, picture
from tests.web.tus import Tus
from web.downloads import disposition


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
