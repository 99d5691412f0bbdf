"""Previews: a small picture of an image, and the proof that it is one.

What strangers upload is decoded here: only by the formats that browsers show, off the event loop, one at a time, and
never more pixels than memory has room for.
"""

import asyncio
import warnings
from collections.abc import AsyncIterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from PIL import ExifTags, Image, ImageOps

MOST_BYTES = 64 * 1024 * 1024
MOST_PIXELS = 40_000_000
EDGE = 640
"""A preview's longer edge, in pixels."""

_FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "PNG", "WEBP")
_SIDEWAYS = (5, 6, 7, 8)
_darkroom = ThreadPoolExecutor(1, thread_name_prefix="previews")

# Past this Pillow warns, and past twice this it refuses: here both are a refusal.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that could be read: its size as seen, and a small WebP of it."""

    media_type: str
    width: int
    height: int
    preview: bytes


async def picture(content: AsyncIterable[bytes]) -> Picture | None:
    """This is what an image shows, or None when it is broken, none at all, or too large to look at."""
    with TemporaryFile() as file:
        async for chunk in content:
            await asyncio.to_thread(file.write, chunk)
            if file.tell() > MOST_BYTES:
                return None
        return await asyncio.get_running_loop().run_in_executor(_darkroom, _picture, file)


def _picture(file: IO[bytes]) -> Picture | None:
    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as image:
            media_type = Image.MIME[image.format or ""]
            sideways = image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
            width, height = reversed(image.size) if sideways else image.size
            # A JPEG is decoded at about the size that is needed.
            image.draft("RGB", (EDGE * 2, EDGE * 2))
            return Picture(media_type, width, height, _webp(ImageOps.exif_transpose(image)))
    # Broken images break decoders in many ways, and each means the same.
    except Exception:  # noqa: BLE001
        return None


async def redrawn(content: bytes, width: int, height: int) -> bytes | None:
    """This is an image drawn anew as a PNG that fits a frame, or None when it is none, broken or too large.

    Nothing but its colours comes along: no profiles, no comments, no bytes behind its end.
    """
    return await asyncio.get_running_loop().run_in_executor(_darkroom, _redrawn, content, width, height)


def _redrawn(content: bytes, width: int, height: int) -> bytes | None:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            image.draft("RGB", (width * 2, height * 2))
            seen = ImageOps.exif_transpose(image).convert("RGBA")
            seen.thumbnail((width, height))
            fresh = Image.new("RGBA", seen.size)
            fresh.paste(seen)
    except Exception:  # noqa: BLE001 - as above
        return None
    out = BytesIO()
    fresh.save(out, "PNG", optimize=True)
    return out.getvalue()


def _webp(image: Image.Image) -> bytes:
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((EDGE, EDGE))
    out = BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()
