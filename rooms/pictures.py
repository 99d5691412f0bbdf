"""Pictures: what an image shows, made small. A sandbox's work: decoders are fed by strangers here.

Whatever can be decoded is shown: a picture that was cut as far as it goes, one of sixteen bits in eight. A JPEG is
decoded at about the size that is needed, and every other picture is made small before anything else is done with it.
"""

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import IO

import pi_heif
from PIL import ExifTags, Image, ImageFile, ImageOps

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


def look(path: str) -> tuple[str, int, int, bytes | None] | None:
    """This is an image's media type, its width and height as seen, and a small WebP of it, or None where none can be
    made; None when it is no image, or says that it is larger than any."""
    try:
        with _opened(path) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            media_type = Image.MIME[image.format or ""]
            sideways = _orientation(image) in _SIDEWAYS
            width, height = reversed(image.size) if sideways else image.size
    except Exception:  # noqa: BLE001 - broken images break decoders in many ways, and each means the same
        return None
    return media_type, width, height, _or_none(lambda: _saved(_small(path, EDGE, EDGE), "WEBP", quality=80))


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
    image = _of_eight_bits(_decoded(source, width, height))
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


def _png(image: Image.Image) -> bytes:
    fresh = Image.new("RGBA", image.size)
    fresh.paste(image)
    return _saved(fresh, "PNG", optimize=True)


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    out: IO[bytes] = BytesIO()
    image.save(out, form, **options)
    out.seek(0)
    return out.read()
