"""Uploading by tus 1.0.0: core, creation, creation-with-upload, termination, expiration.

Source: https://tus.io/protocols/resumable-upload. What an upload is stands in ``rooms.files.uploads``; here is
how it is spoken to. ``Upload-Metadata``: ``room_id``, ``filename``, and perhaps ``audience`` and ``task_id``.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import format_datetime
from functools import wraps
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from commands.faults import read_command
from people.actors import Actor
from rooms.files.received_files import begin_upload, receive
from rooms.files.uploads import BeginUpload, Upload, end_upload, own_upload
from store.errors import Malformed, NotFound, Refusal, _
from web.authentication import must_be_signed_in, signed_in
from web.openapi import ID, NUMBER, TEXT, Paths, header, in_path, operation, refusals
from web.refusals import refused
from web.site import site_of

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
CONTENT_TYPE = "application/offset+octet-stream"
PATH = "/api/v1/uploads"
SCOPE = "rooms:write"

Call = Callable[[Request], Awaitable[Response]]


class WrongTusVersion(Refusal):
    status = 412
    code = "wrong_tus_version"
    message = _("Uploads are spoken to in tus 1.0.0.")


class WrongContentType(Refusal):
    status = 415
    code = "wrong_content_type"
    message = _("Uploads must be application/offset+octet-stream.")


def tus(call: Call) -> Call:
    """Hold a call to the protocol's version, and say the version in every answer, refusals too."""

    @wraps(call)
    async def spoken(request: Request) -> Response:
        try:
            if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
                raise WrongTusVersion()
            response = await call(request)
        except Refusal as refusal:
            response = refused(request, refusal)
        response.headers["tus-resumable"] = VERSION
        response.headers["tus-version"] = VERSION
        return response

    return spoken


@tus
async def abilities(request: Request) -> Response:
    """What this server can do."""
    most = str(site_of(request).file_bytes)
    return Response(status_code=204, headers={"tus-extension": EXTENSIONS, "tus-max-size": most})


@tus
async def create(request: Request) -> Response:
    """Begin an upload; its first bytes may come along."""
    actor = await must_be_signed_in(request, SCOPE)
    site = site_of(request)
    if site.upload_pace is not None:
        site.upload_pace.take(actor)
    command = read_command(BeginUpload, _metadata(request) | {"size": _number(request, "upload-length")})
    assert isinstance(command, BeginUpload)
    upload = await begin_upload(
        site.database, site.blobs, actor, command, most_bytes=site.file_bytes, limits=site.upload_limits
    )
    if upload.size and _brings_bytes(request):
        upload = await _receive(request, actor, upload.id, 0)
    return Response(status_code=201, headers=_progress(upload) | {"location": f"{PATH}/{upload.id}"})


@tus
async def one_upload(request: Request) -> Response:
    """Where an upload stands, its next bytes, or its end."""
    asked = request.headers.get("x-http-method-override", request.method).upper()
    match asked:
        case "HEAD":
            return await _state(request)
        case "PATCH":
            return await _continue(request)
        case "DELETE":
            return await _end(request)
    raise Malformed()


async def _state(request: Request) -> Response:
    async with signed_in(request, SCOPE) as (tx, actor):
        upload = await own_upload(tx, actor, _id(request))
    headers = {
        "upload-length": str(upload.size),
        "upload-metadata": _told_metadata(upload),
        "cache-control": "no-store",
    }
    return Response(headers=_progress(upload) | headers)


async def _continue(request: Request) -> Response:
    actor = await must_be_signed_in(request, SCOPE)
    if not _brings_bytes(request):
        raise WrongContentType()
    site = site_of(request)
    if site.commands.pace is not None:
        site.commands.pace.take(actor.id)  # each piece is a change of the database, as a command is
    offset = _number(request, "upload-offset")
    upload = await _receive(request, actor, _id(request), offset)
    return Response(status_code=204, headers=_progress(upload))


async def _receive(request: Request, actor: Actor, upload_id: UUID, offset: int) -> Upload:
    site, content = site_of(request), _body(request)
    return await receive(site.database, site.blobs, actor, upload_id, offset, content, senders=site.senders)


async def _end(request: Request) -> Response:
    actor = await must_be_signed_in(request, SCOPE)
    site = site_of(request)
    await end_upload(site.database, site.blobs, actor, _id(request))
    return Response(status_code=204)


async def _body(request: Request) -> AsyncIterator[bytes]:
    """A request's body as it comes. A line that is cut ends it: what has come counts."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        return


def _progress(upload: Upload) -> dict[str, str]:
    headers = {"upload-offset": str(upload.received)}
    if upload.received < upload.size:
        headers["upload-expires"] = format_datetime(upload.expires_at, usegmt=True)
    return headers


def _brings_bytes(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == CONTENT_TYPE


def _id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["upload_id"])
    except ValueError as error:
        raise NotFound() from error


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Malformed(_("The header %(header)s must be a whole number."), header=header)
    return int(text)


def _metadata(request: Request) -> dict[str, str]:
    """What ``Upload-Metadata`` says of ours; other people's keys are let be, and what is empty isn't there."""
    named = {"room_id": "room_id", "filename": "name", "audience": "audience", "task_id": "task_id"}
    found: dict[str, str] = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _space, value = pair.strip().partition(" ")
        if key in named and (text := _decoded(value)):
            found[named[key]] = text
    return found


def _decoded(value: str) -> str:
    try:
        return b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Malformed(_("Upload-Metadata can't be read.")) from error


def _told_metadata(upload: Upload) -> str:
    said = {"room_id": upload.room_id, "filename": upload.name, "audience": upload.audience, "task_id": upload.task_id}
    return ",".join(f"{key} {b64encode(str(value).encode()).decode()}" for key, value in said.items() if value)


ROUTES = [
    Route(PATH, abilities, methods=["OPTIONS"]),
    Route(PATH, create, methods=["POST"]),
    Route(f"{PATH}/{{upload_id}}", abilities, methods=["OPTIONS"]),
    Route(f"{PATH}/{{upload_id}}", one_upload, methods=["HEAD", "PATCH", "DELETE", "POST"]),
]

_SPOKEN = header("Tus-Resumable", {"const": VERSION})
_METADATA = "room_id, filename, and if wanted audience and task_id, as tus encodes them."
_ONE = [*in_path(upload_id=ID), _SPOKEN]
_OFFSET = {"Upload-Offset": {"schema": NUMBER}}
DESCRIBED: Paths = {
    PATH: {
        "post": operation(
            "files",
            "create_upload",
            "Begin an upload; `Location` says where to send it. The file's id is the upload's.",
            {"201": {"description": "Begun.", "headers": {"Location": {"schema": TEXT}}}}
            | refusals(400, 401, 403, 404, 409, 413, 422, 429, 503),
            scope=SCOPE,
            parameters=[
                _SPOKEN,
                header("Upload-Length", NUMBER),
                header("Upload-Metadata", TEXT, description=_METADATA),
            ],
        )
    },
    f"{PATH}/{{upload_id}}": {
        "head": operation(
            "files",
            "upload_offset",
            "How much of an upload has arrived.",
            {"200": {"description": "So much.", "headers": _OFFSET}} | refusals(401, 404, 503),
            scope=SCOPE,
            parameters=_ONE,
        ),
        "patch": operation(
            "files",
            "continue_upload",
            "Send more of an upload. With the last byte the file appears, whole.",
            {"204": {"description": "Taken.", "headers": _OFFSET}} | refusals(400, 401, 403, 404, 409, 413, 429, 503),
            scope=SCOPE,
            parameters=[*_ONE, header("Upload-Offset", NUMBER)],
            requestBody={"required": True, "content": {CONTENT_TYPE: {}}},
        ),
        "delete": operation(
            "files",
            "drop_upload",
            "Give an upload up.",
            {"204": {"description": "Gone."}} | refusals(401, 404, 503),
            scope=SCOPE,
            parameters=_ONE,
        ),
    },
}
