"""Pictures: what an image shows, made small. A sandbox's work: decoders are fed by strangers here.

Whatever can be decoded is shown: a picture that was cut as far as it goes, one of sixteen bits in eight. A JPEG is
decoded at about the size that is needed, and every other picture is made small before anything else is done with it.
"""

import re
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO

import pi_heif
from PIL import ExifTags, Image, ImageFile, ImageOps

HEAD_BYTES = 64 * 1024
EDGE = 640
"""A preview's longer edge, in pixels."""
MOST_DECODED_BYTES = 512 * 1024 * 1024
"""A picture that takes more in memory has no preview."""
MOST_PIXELS = 250_000_000
"""What says that it has more isn't taken for a picture: it would harm whoever opens it."""

Source = str | bytes
"""A path, or a picture's bytes."""

_FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "PNG", "WEBP")
_SIDEWAYS = (5, 6, 7, 8)
_PIXEL_BYTES = 4

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # how large a picture may be is looked at here
warnings.simplefilter("ignore")  # of what is odd about a stranger's picture nobody here hears


def look(path: str) -> tuple[int, int, bytes | None] | None:
    """This is an image's width and height as seen, and a small WebP of it, or None where none can be made; None when it
    is no image, or says that it is larger than any."""
    try:
        with _opened(path) as image:
            sideways = _orientation(image) in _SIDEWAYS
            width, height = reversed(image.size) if sideways else image.size
    except Exception:  # noqa: BLE001 - broken images break decoders in many ways, and each means the same
        with Path(path).open("rb") as file:
            width, height = size_said(file.read(HEAD_BYTES))
    if not 0 < width * height <= MOST_PIXELS:
        return None
    return width, height, _or_none(lambda: _saved(_small(path, EDGE, EDGE), "WEBP", quality=80))


def size_said(head: bytes) -> tuple[int, int]:
    """This is the size that a picture's head says, of those whose decoders open nothing but what is whole: nothing by
    nothing when it doesn't.

    Source: RFC 9649, section 2 (WebP); ISO/IEC 23008-12, section 6.5.3 (HEIF and AVIF: the largest is the picture, the
    others are its tiles).
    """
    if head[8:15] == b"WEBPVP8":
        return _size_of_webp(head[15:16], head[20:30])
    if head[4:8] == b"ftyp":
        boxes = [head[found.end() : found.end() + 12] for found in re.finditer(b"ispe", head)]
        sizes = [(int.from_bytes(box[4:8]), int.from_bytes(box[8:])) for box in boxes if len(box) == 12]
        return max(sizes, default=(0, 0))
    return 0, 0


def _size_of_webp(kind: bytes, chunk: bytes) -> tuple[int, int]:
    number = int.from_bytes(chunk, "little")
    if kind == b"X":
        return (number >> 32 & 0xFFFFFF) + 1, (number >> 56 & 0xFFFFFF) + 1
    if kind == b"L" and chunk[:1] == b"\x2f":
        return (number >> 8 & 0x3FFF) + 1, (number >> 22 & 0x3FFF) + 1
    if kind == b" " and chunk[3:6] == b"\x9d\x01\x2a":
        return number >> 48 & 0x3FFF, number >> 64 & 0x3FFF
    return 0, 0


def redraw(content: bytes, width: int, height: int) -> bytes | None:
    """This is an image drawn anew as a PNG that fits a frame, or None when it is none or too large.

    Nothing but its colours comes along: no profiles, no comments, no bytes behind its end.
    """
    return _or_none(lambda: _png(_small(content, width, height)))


def _orientation(image: Image.Image) -> int | None:
    """How a camera was held, as the picture's head says it: ``getexif`` would decode all of a PNG for it."""
    exif = Image.Exif()
    exif.load(image.info.get("exif", b""))
    return exif.get(ExifTags.Base.Orientation)


def _opened(source: Source) -> Image.Image:
    return Image.open(source if isinstance(source, str) else BytesIO(source), formats=_FORMATS)


def _or_none(made: Callable[[], bytes]) -> bytes | None:
    try:
        return made()
    except MemoryError:
        raise  # the sandbox's to tell
    except Exception:  # noqa: BLE001 - as above
        return None


def _small(source: Source, width: int, height: int) -> Image.Image:
    image = _of_shades(_of_eight_bits(_decoded(source, width, height)))
    image.thumbnail((max(width, height),) * 2, reducing_gap=2)  # it may be turned yet
    seen = ImageOps.exif_transpose(image)
    seen = seen.convert("RGBA" if seen.has_transparency_data else "RGB")
    seen.thumbnail((width, height))
    return seen


def _decoded(source: Source, width: int, height: int) -> Image.Image:
    """A picture's pixels; of one that was cut those that are there, if any are."""
    try:
        return _loaded(source, width, height)
    except OSError:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            cut = _loaded(source, width, height)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        if all(darkest == lightest for darkest, lightest in _extrema(cut)):
            raise
        return cut


def _loaded(source: Source, width: int, height: int) -> Image.Image:
    with _opened(source) as image:
        image.draft("RGB", (width * 2, height * 2))
        if image.width * image.height * _PIXEL_BYTES > MOST_DECODED_BYTES:
            raise ValueError
        image.load()
        return image


def _extrema(image: Image.Image) -> list[tuple[float, float]]:
    return [image.getchannel(band).getextrema() for band in image.getbands()]  # type: ignore[misc]


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of sixteen bits in eight: converting it would cut off all that is lighter than the darkest of 256 greys."""
    if not image.mode.startswith("I"):
        return image
    exif = image.getexif()
    grey = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    grey.getexif().update(exif)
    return grey


def _of_shades(image: Image.Image) -> Image.Image:
    """Colours of a palette, or black and white, as what may be mixed: only the nearest of them would be picked else."""
    if image.mode not in ("1", "P", "PA"):
        return image
    exif = image.getexif()
    mixed = image.convert("RGBA" if image.has_transparency_data else "RGB")
    mixed.getexif().update(exif)
    return mixed


def _png(image: Image.Image) -> bytes:
    fresh = Image.new("RGBA", image.size)
    fresh.paste(image)
    return _saved(fresh, "PNG", optimize=True)


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    out: IO[bytes] = BytesIO()
    image.save(out, form, **options)
    out.seek(0)
    return out.read()
