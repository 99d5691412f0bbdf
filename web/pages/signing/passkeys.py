"""Passkeys: what the browser asks for and answers, in JSON, when it makes one or signs in with one."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from people.signing.passkeys import (
    PasskeyChallenge,
    Relying,
    WrongPasskey,
    add_passkey,
    ask_for_new_passkey,
    ask_for_passkey,
    take_passkey,
)
from people.signing.reauthentication import counted
from people.signing.throttling import note_wrong
from store.errors import Invalid, Malformed, _
from store.scopes import EVERYWHERE
from web.authentication import address_of, signed_in_with
from web.cookies import cookie
from web.pages.signing.sign_in import begun_step, finish_step, keep_step, let_in, whence_of
from web.request_limits import FOR_STRANGERS, json_object, plain_text
from web.site import site_of

CEREMONY = "hub_passkey"
NAME_LENGTH = 60


async def ask_to_make(request: Request) -> Response:
    """Ask the browser of someone who is signed in, and gave their password again, to make a passkey."""
    actor, body = await signed_in_with(request, json_object)
    site = site_of(request)
    async with counted(site.database, actor, site.sign_in_limits), site.database.asked_by(actor) as tx:
        asked = await ask_for_new_passkey(tx, actor, relying(request), text(body, "password"))
    return _asking(request, asked)


async def make(request: Request) -> Response:
    """Keep a passkey that the browser has made."""
    actor, body = await signed_in_with(request, json_object)
    name = text(body, "name").strip()[:NAME_LENGTH]
    if not name:
        raise Invalid(fields={"name": _("This is required.")})
    token, database = cookie(request, CEREMONY) or "", site_of(request).database
    passkey = await add_passkey(database, actor, relying(request), name, credential(body), token)
    return JSONResponse({"ok": True, "result": passkey.model_dump(mode="json")})


async def ask_to_use(request: Request) -> Response:
    """Ask the browser of someone who isn't signed in for one of their passkeys."""
    step = await begun_step(request) if (await json_object(request)).get("second") else None
    whom, limited = UUID(step["person_id"]) if step else None, site_of(request).sign_in_limits is not None
    async with site_of(request).database.transaction(EVERYWHERE) as tx:
        asked = await ask_for_passkey(tx, relying(request), address_of(request), whom, limited=limited)
    return _asking(request, asked)


async def use(request: Request) -> Response:
    """Sign in with a passkey: by itself it is both steps, else it is the second."""
    body, database = await json_object(request), site_of(request).database
    token, whence, limited = (
        cookie(request, CEREMONY) or "",
        whence_of(request),
        site_of(request).sign_in_limits is not None,
    )
    try:
        answer = credential(body)
        person_id = await take_passkey(database, relying(request), answer, token, whence.address, limited=limited)
    except WrongPasskey:
        await note_wrong(database, "", whence, None, how="passkey")
        raise
    step = await begun_step(request) if body.get("second") else None
    if step is not None and step["person_id"] == str(person_id):
        entered = await finish_step(request, step, "passkey")
    else:
        entered = await let_in(request, person_id, "passkey", text(body, "onward"))
    response = JSONResponse({"ok": True, "onward": entered.headers["location"]})
    response.raw_headers.extend(header for header in entered.raw_headers if header[0] == b"set-cookie")
    return response


def relying(request: Request) -> Relying:
    """This is the hub as passkeys know it: by the address that people use."""
    public = site_of(request).public_url
    origin = public or f"{request.url.scheme}://{request.headers.get('host', '')}"
    parts = urlsplit(origin)
    return Relying(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def credential(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("credential")
    if not isinstance(found, dict):
        raise Malformed()
    return found


def text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Malformed()
    return plain_text(value)


def _asking(request: Request, asked: PasskeyChallenge) -> Response:
    response = JSONResponse({"ok": True, "options": asked.options})
    keep_step(request, response, asked.token, name=CEREMONY)
    return response


ROUTES: list[BaseRoute] = [
    Route("/account/passkeys/options", ask_to_make, methods=["POST"]),
    Route("/account/passkeys", make, methods=["POST"]),
    Route("/sign-in/passkey/options", ask_to_use, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/sign-in/passkey", use, methods=["POST"], middleware=FOR_STRANGERS),
]
