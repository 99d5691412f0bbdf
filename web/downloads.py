"""Downloading: a file's bytes, whole or a part of them, to whoever sees the file at that moment.

What strangers uploaded is never run as a page of this site: only raster images, PDF and plain text are shown in the
browser, all else is saved; and nothing is guessed, scripted or framed.
"""

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rooms.files.attachments import File
from rooms.files.files import visible_file
from rooms.files.media_types import BINARY, PDF, PICTURES, TEXT
from store.errors import NotFound
from store.files.blobs import BlobMissing
from web.authentication import signed_in
from web.openapi import ID, Paths, in_path, operation, refusals
from web.site import site_of

SCOPE = "rooms:read"
SHOWN = PICTURES | {PDF, TEXT}
ACTIVE = re.compile(r"^text/|\b(xml|html|javascript|ecmascript|xhtml|svg)\b")
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Some bytes of a whole: from ``start`` up to ``stop``, exclusive."""

    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start


class Unsatisfiable(Exception):
    """A part that lies outside the whole was asked for."""


async def download(request: Request) -> Response:
    """A file, under its name or any other."""
    file = await _file(request)
    shown = file.media_type in SHOWN and "download" not in request.query_params
    headers = {
        "content-type": _content_type(file.media_type),
        "content-disposition": disposition("inline" if shown else "attachment", file.name),
        "content-security-policy": SANDBOX,
    }
    return await _answer(request, file.business_id, file.digest, file.size, headers)


async def preview(request: Request) -> Response:
    """A small picture of an image."""
    file = await _file(request)
    if file.preview_digest is None:
        # A file may be called so.
        return await download(request)
    headers = {"content-type": "image/webp", "content-security-policy": SANDBOX}
    return await _answer(request, file.business_id, file.preview_digest, None, headers)


async def _file(request: Request) -> File:
    try:
        file_id = UUID(request.path_params["file_id"])
    except ValueError as error:
        raise NotFound() from error
    async with signed_in(request, SCOPE) as (tx, actor):
        file = await visible_file(tx, actor, file_id)
    named = request.path_params.get("name", "preview")
    if named == "preview" and file.preview_digest is None and file.name != named:
        raise NotFound()
    return file


async def _answer(
    request: Request, business_id: UUID, digest: str, size: int | None, headers: dict[str, str]
) -> Response:
    etag = f'"{digest}"'
    headers = {"etag": etag, "cache-control": "private, no-store", "accept-ranges": "bytes", **headers}
    if _known(request, etag):
        return Response(status_code=304, headers=headers)
    try:
        part = part_of(request.headers.get("range"), size) if _may_be_part(request, etag) else None
    except Unsatisfiable:
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{size}"})
    if size is not None:
        headers["content-length"] = str(size if part is None else part.size)
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    status = 200 if part is None else 206
    if request.method == "HEAD" and size is not None:
        return Response(status_code=status, headers=headers)
    stream = await _stream(request, business_id, digest, part)
    return StreamingResponse(stream, status, headers)


async def _stream(request: Request, business_id: UUID, digest: str, part: ByteRange | None) -> AsyncIterator[bytes]:
    start, stop = (0, None) if part is None else (part.start, part.stop)
    try:
        return await site_of(request).blobs.get(business_id, digest, start, stop)
    except BlobMissing as error:
        # It was removed between the look and the read.
        raise NotFound() from error


def _known(request: Request, etag: str) -> bool:
    """Whether the asker has these bytes. Source: RFC 9110, section 13.1.2."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in given.split(","))


def _may_be_part(request: Request, etag: str) -> bool:
    """Whether a part fits what the asker has. Source: RFC 9110, section 13.1.5."""
    return request.headers.get("if-range", etag).strip() == etag


def part_of(header: str | None, size: int | None) -> ByteRange | None:
    """This is the part that a ``Range`` header asks for; None is the whole: what can't be read is as if not said.

    Source: RFC 9110, section 14.2.

    Raises:
        Unsatisfiable: it lies outside.
    """
    asked = re.fullmatch(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", header or "", re.IGNORECASE | re.ASCII)
    if asked is None or size is None or asked[1] == asked[2] == "":
        return None
    if asked[1] == "":
        part = ByteRange(max(0, size - int(asked[2])), size)
    else:
        if asked[2] and int(asked[2]) < int(asked[1]):
            return None
        part = ByteRange(int(asked[1]), min(size, int(asked[2]) + 1) if asked[2] else size)
    if part.size <= 0:
        raise Unsatisfiable()
    return part


def disposition(kind: str, name: str) -> str:
    """This is a ``Content-Disposition`` that every browser reads. Source: RFC 6266, appendix D."""
    stem, dot, ending = name.rpartition(".") if "." in name[1:] else (name, "", "")
    plain = _ascii(stem).strip()
    plain = (plain if plain.strip(" ._-()") else "file") + (dot + _ascii(ending)).rstrip(" .")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^\w .()\-]", "_", plain)


def _content_type(media_type: str) -> str:
    if media_type == TEXT:
        return "text/plain; charset=utf-8"
    return BINARY if ACTIVE.search(media_type) else media_type


ROUTES = [
    Route("/files/{file_id}/preview", preview, methods=["GET"]),
    Route("/files/{file_id}/{name}", download, methods=["GET"]),
]

DESCRIBED: Paths = {
    "/files/{file_id}/{name}": {
        "get": operation(
            "files",
            "download",
            "Download a file, whole or by Range.",
            {
                "200": {"description": "The file.", "content": {"*/*": {}}},
                "206": {"description": "The part asked for.", "content": {"*/*": {}}},
                "416": {"description": "There is no such part."},
            }
            | refusals(401, 404, 503),
            scope=SCOPE,
            parameters=in_path(file_id=ID, name={"type": "string"}),
        )
    },
    "/files/{file_id}/preview": {
        "get": operation(
            "files",
            "preview",
            "A small picture of an image.",
            {"200": {"description": "The picture.", "content": {"image/webp": {}}}} | refusals(401, 404, 503),
            scope=SCOPE,
            parameters=in_path(file_id=ID),
        )
    },
}
