"""What a file is: its bytes say so, and a picture gets a preview."""

import os
from io import BytesIO
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rooms.files.media_types import HEAD_BYTES, media_type_of
from tests.costs import must_cost_at_most
from tests.rooms.files.drops import drop, row_of
from tests.rooms.offices import Office


def picture(size: tuple[int, int] = (1200, 800), form: str = "PNG", **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **more)
    return out.getvalue()


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
