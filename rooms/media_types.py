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
"""The raster images that every browser shows, and that a preview is made of."""

_ALSO_CALLED = {"image/x-ms-bmp": "image/bmp", "image/x-bmp": "image/bmp", "image/jpg": "image/jpeg"}

# Source: WHATWG MIME Sniffing, sections 3.1 (binary data bytes) and 7.1 (how HTML and XML begin).
_BINARY_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_HTML_TAGS = "html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|form|img|link|meta|object|embed"
_HTML = re.compile(rf"\s*<(!doctype html|!--|({_HTML_TAGS})[\s/>])", re.IGNORECASE)
_SVG = re.compile(r"\s*(<\?xml.*)?(<!--.*?-->\s*)*(<!doctype svg.*)?<(\w+:)?svg[\s/>]", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<(\?xml|\w+[^<>]*xmlns)")


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
    if _SVG.match(text):
        return "image/svg+xml"
    if _HTML.match(text):
        return "text/html"
    if _XML.match(text):
        return "application/xml"
    return TEXT


def _type_of_binary(head: bytes, name: str) -> str:
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
