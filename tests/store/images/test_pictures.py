"""Pictures: whatever can be decoded is shown, and what it takes is bounded."""

import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
from PIL import Image, ImageDraw

from rooms.files.media_types import media_type_of
from store.images.pictures import EDGE, look, redraw
from store.images.previews import picture, redrawn

PHOTO = Path(__file__).parent / "pictures" / "photo.heic"


def drawn(size: tuple[int, int] = (1200, 800), form: str = "PNG", mode: str = "RGB") -> bytes:
    image = Image.new(mode, size, 0)
    lightest = 65535 if mode.startswith("I") else 255
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill=lightest if len(mode) != 3 else "teal")
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()


def saying(width: int, height: int) -> bytes:
    """A small PNG that says it is so wide and high."""
    small = bytearray(drawn((8, 8)))
    small[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    small[29:33] = crc32(small[12:29]).to_bytes(4, "big")
    return bytes(small)


def at(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def shown(preview: bytes | None) -> Image.Image:
    assert preview is not None
    return Image.open(BytesIO(preview)).convert("RGB")


@pytest.mark.parametrize(("size", "form"), [((8064, 6048), "JPEG"), ((7000, 6000), "PNG"), ((640, 2), "WEBP")])
def test_a_large_picture_is_made_small(tmp_path: Path, size: tuple[int, int], form: str) -> None:
    seen = look(at(tmp_path / "a", drawn(size, form)))
    assert seen is not None
    assert seen[:2] == size
    assert max(shown(seen[2]).size) == EDGE


@pytest.mark.parametrize("missing", [2, 200])
def test_a_picture_that_was_cut_is_shown_as_far_as_it_goes(tmp_path: Path, missing: int) -> None:
    seen = look(at(tmp_path / "a", drawn(form="JPEG")[:-missing]))
    assert seen is not None
    assert seen[:2] == (1200, 800)
    assert shown(seen[2]).getpixel((100, 10)) == pytest.approx((0, 128, 128), abs=12)


def test_a_picture_of_which_nothing_came_has_its_size_and_no_preview(tmp_path: Path) -> None:
    assert look(at(tmp_path / "a", drawn()[:60])) == (1200, 800, None)
    assert redraw(drawn()[:60], 100, 100) is None


WEBP: dict[str, dict[str, Any]] = {
    "lossy": {"quality": 80},
    "lossless": {"lossless": True},
    "with a profile": {"icc_profile": b"colours"},
}


@pytest.mark.parametrize("options", WEBP.values(), ids=WEBP)
@pytest.mark.parametrize("missing", [2, 0.5])
def test_a_webp_that_was_cut_has_its_size_and_no_preview(
    tmp_path: Path, options: dict[str, Any], missing: float
) -> None:
    image, out = Image.effect_noise((1200, 800), 50).convert("RGB"), BytesIO()
    image.save(out, "WEBP", **options)
    content = cut(out.getvalue(), missing)
    assert media_type_of(content, "a.webp") == "image/webp"
    assert look(at(tmp_path / "a", content)) == (1200, 800, None)


@pytest.mark.parametrize("missing", [2, 150, 0.5])
def test_an_avif_that_was_cut_has_its_size_and_no_preview(tmp_path: Path, missing: float) -> None:
    out = BytesIO()
    Image.effect_noise((600, 400), 50).save(out, "AVIF")
    content = cut(out.getvalue(), missing)
    assert media_type_of(content, "a.avif") == "image/avif"
    assert look(at(tmp_path / "a", content)) == (600, 400, None)


@pytest.mark.parametrize("missing", [2, 10])
def test_a_phone_s_photo_that_was_cut_has_its_size_and_no_preview(tmp_path: Path, missing: float) -> None:
    content = cut(PHOTO.read_bytes(), missing)
    assert media_type_of(content, "a.heic") == "image/heic"
    assert look(at(tmp_path / "a", content)) == (96, 64, None)


def cut(content: bytes, missing: float) -> bytes:
    """Without so many bytes, or so large a share."""
    return content[: len(content) - int(missing if missing >= 1 else len(content) * missing)]


def test_grey_of_sixteen_bits_stays_grey(tmp_path: Path) -> None:
    image = Image.new("I;16", (100, 100), 0x8080)
    out = BytesIO()
    image.save(out, "PNG")
    seen = look(at(tmp_path / "a", out.getvalue()))
    assert seen is not None
    assert shown(seen[2]).getpixel((50, 50)) == pytest.approx((128, 128, 128), abs=2)
    assert redraw(out.getvalue(), 50, 50) is not None


def test_a_phone_s_photo_is_shown(tmp_path: Path) -> None:
    content = PHOTO.read_bytes()
    assert media_type_of(content, "IMG_0001.HEIC") == "image/heic"
    seen = look(at(tmp_path / "a", content))
    assert seen is not None
    assert seen[:2] == (96, 64)
    left, right = shown(seen[2]).getpixel((10, 30)), shown(seen[2]).getpixel((85, 30))
    assert left == pytest.approx((255, 165, 0), abs=30)
    assert right == pytest.approx((0, 128, 128), abs=30)
    assert redraw(content, 48, 48) is not None


@pytest.mark.parametrize(
    "content", [b"", os.urandom(500), b"\x89PNG\r\n\x1a\n" + os.urandom(500), saying(60_000, 60_000)]
)
def test_what_is_no_picture_is_none(tmp_path: Path, content: bytes) -> None:
    assert look(at(tmp_path / "a", content)) is None
    assert redraw(content, 100, 100) is None


def test_a_picture_too_large_to_decode_has_no_preview(tmp_path: Path) -> None:
    assert look(at(tmp_path / "a", saying(15_000, 15_000))) == (15_000, 15_000, None)


@pytest.mark.parametrize("mode", ["1", "P"])
def test_lines_of_few_colours_are_mixed_as_they_are_made_small(tmp_path: Path, mode: str) -> None:
    image, out = Image.new("L", (6400, 640), 255), BytesIO()
    for x in range(0, 6400, 10):
        ImageDraw.Draw(image).rectangle((x, 0, x + 4, 640), fill=0)
    image.convert(mode).save(out, "PNG")
    seen = look(at(tmp_path / "a", out.getvalue()))
    assert seen is not None
    shades = [shown(seen[2]).getpixel((x, 30)) for x in range(100, 500)]
    assert all(shade == pytest.approx((127, 127, 127), abs=40) for shade in shades)


def test_a_palette_s_transparency_stays(tmp_path: Path) -> None:
    image, out = Image.new("RGBA", (1000, 1000), (0, 128, 128, 255)), BytesIO()
    image.paste((0, 0, 0, 0), (0, 0, 500, 1000))
    image.quantize(4).save(out, "PNG")
    seen = look(at(tmp_path / "a", out.getvalue()))
    assert seen is not None
    assert seen[2] is not None
    small = Image.open(BytesIO(seen[2])).convert("RGBA")
    assert [small.getpixel((x, 300))[3] for x in (100, 500)] == [0, 255]  # type: ignore[index]


async def test_a_large_picture_of_few_bytes_costs_the_hub_no_memory() -> None:
    """Forty megapixels of one colour are decoded in a sandbox, three at once one after the other."""
    content = drawn((8000, 5000))
    assert len(content) < 400_000
    before = _resident()
    for _turn in range(3):
        seen = await picture(_stream(content), turn=uuid4())
        assert seen is not None
        assert seen.preview is not None
    assert await redrawn(content, 100, 100, turn=uuid4()) is not None
    assert _resident() - before < 60_000_000


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
