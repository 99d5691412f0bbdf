"""Media types: what a file is, told from its first bytes and never from what the sender says.

A file's name only chooses among what the bytes allow (a ZIP named ``.docx`` is a document).
"""

import codecs
import re

import puremagic

HEAD_BYTES = 64 * 1024
"""How much of a file is looked at."""

BINARY = "application/octet-stream"
TEXT = "text/plain"
PDF = "application/pdf"
PICTURES = frozenset(("image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"))
"""The raster images that every browser shows."""
HEIF = "image/heif"
PREVIEWED = PICTURES | {HEIF, "image/heic"}
"""Those that a preview is made of: phones' photos too, which few browsers show."""
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""Source: ISO/IEC 23008-12, section 10."""

_ALSO_CALLED = {"image/x-ms-bmp": "image/bmp", "image/x-bmp": "image/bmp", "image/jpg": "image/jpeg"}

# Source: WHATWG MIME Sniffing, sections 3.1 (binary data bytes) and 7.1 (how HTML and XML begin).
_BINARY_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_HTML_TAGS = "html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|form|img|link|meta|object|embed"
_HTML = re.compile(rf"\s*<(!doctype html|!--|({_HTML_TAGS})[\s/>])", re.IGNORECASE)
_SVG = re.compile(r"<(\w+:)?svg[\s/>]", re.IGNORECASE)
_NAME = re.compile(r"<\w")
_BLANKS = re.compile(r"\s*")
_MOST_BEFORE_ROOT = 100
_BEFORE_ROOT = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"), ("]", ">"))
"""What may stand before a document's root and how it ends: comments, declarations, a type and its own declarations.

Source: XML 1.0, production 22 (prolog).
"""


def media_type_of(head: bytes, name: str) -> str:
    """This is the media type of a file that begins so; of text, whether a browser would take it for a page."""
    if head.startswith(b"%PDF-"):
        return PDF
    text = _text(head)
    if text is not None:
        return _type_of_text(text)
    return _type_of_binary(head, name)


def _text(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif _BINARY_BYTES.search(head):
        return None
    else:
        encoding = "utf-8-sig"
    try:
        # A head that isn't the whole file may end in the middle of a character.
        return codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return None


def _type_of_text(text: str) -> str:
    root = _root(text)
    if _SVG.match(root):
        return "image/svg+xml"
    if _HTML.match(text):
        return "text/html"
    if text.lstrip().startswith("<?xml") or (_NAME.match(root) and "xmlns" in root):
        return "application/xml"
    return TEXT


def _root(text: str) -> str:
    """A document's first tag, behind all that may stand before it."""
    at = _after_blanks(text, 0)
    for _each in range(_MOST_BEFORE_ROOT):
        closing = next((end for begin, end in _BEFORE_ROOT if text.startswith(begin, at)), None)
        if closing is None:
            break
        end = text.find(closing, at)
        if end < 0:
            return ""
        at = _after_blanks(text, end + len(closing))
    if not text.startswith("<", at):
        return ""
    tag = text[at + 1 :].partition(">")[0]
    return f"<{tag}>"


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _type_of_binary(head: bytes, name: str) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS and b"avif" not in head[8:64]:
        return HEIF if head[8:12] in (b"mif1", b"msf1") else "image/heic"
    try:
        # The name is kept from it: where bytes say nothing, it would believe the name.
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return BINARY
    types = [(match.extension, _ALSO_CALLED.get(match.mime_type, match.mime_type)) for match in matches]
    ending = "." + name.rpartition(".")[2].lower()
    # AVIF is a kind of MP4, and the more telling of the two.
    for chosen in (".avif", ending):
        if chosen in dict(types):
            return next((media_type for extension, media_type in types if extension == chosen and media_type), BINARY)
    if head.startswith(b"PK"):
        return "application/zip"
    return next((media_type for _extension, media_type in types if media_type), BINARY)
