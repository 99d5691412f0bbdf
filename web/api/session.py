"""The session: signing in and out, and who one is."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from people.actors import Actor
from people.installation.impersonations import step_out
from people.persons.own_accounts import account
from people.signing.sign_in import sign_in
from people.signing.tokens import ANY
from store.errors import Invalid, _
from web.api.answers import answered
from web.authentication import address_of, begin_session, device_of, drop_session, must_be_signed_in, signed_in
from web.openapi import ID, JSON, TEXT, Paths, fields, ok, operation, or_null, refusals
from web.request_limits import FOR_STRANGERS, json_object, plain_text
from web.site import site_of

PATH = "/session"
WORK_SAYS = """\
The device's cookie, which is set too, opens nothing: wrong tries of whoever shows it later are counted apart from those
of strangers.

When too many tries for an account were wrong, one without that cookie is answered 429 with `error.challenge`: work for
one more try for this e-mail, good for ten minutes. It is a proof of work of ALTCHA, version 2, with scrypt: find the
counter, from 0 and below `parameters.data.most`, for which `scrypt(nonce + counter as 4 bytes, salt, N=cost,
r=memoryCost, p=1)` in hexadecimal (`derivedKey`) begins with `keyPrefix`. Ask again with `solution`: the Base64 of the
JSON `{"challenge": challenge, "solution": {"counter": counter, "derivedKey": derivedKey}}`. A 429 without a challenge
passes with time alone. Send `code` along where a second step is needed: a solution is good for one request."""


async def open_session(request: Request) -> Response:
    """Sign in."""
    body = await json_object(request)
    email, password = body.get("email"), body.get("password")
    if not (isinstance(email, str) and isinstance(password, str)):
        missing = [name for name in ("email", "password") if not isinstance(body.get(name), str)]
        raise Invalid(fields={name: _("This is required.") for name in missing})
    site = site_of(request)
    actor, token = await sign_in(
        site.database,
        plain_text(email).strip(),
        plain_text(password),
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
        limits=site.sign_in_limits,
        code=plain_text(code) if isinstance(code := body.get("code"), str) else None,
        device=device_of(request),
        solution=solution if isinstance(solution := body.get("solution"), str) else "",
    )
    request.state.actor = actor
    response = answered({"ok": True, "person": person(actor)})
    await begin_session(request, response, token)
    return response


async def own_session(request: Request) -> Response:
    """Who am I."""
    async with signed_in(request, ANY) as (tx, actor):
        form = await account(tx, actor)
        return answered({"ok": True, "person": person(actor) | form.model_dump(mode="json")})


async def end_session(request: Request) -> Response:
    """Sign out."""
    actor = await must_be_signed_in(request)
    async with site_of(request).database.asked_by(actor) as tx:
        await step_out(tx, actor)
    response = answered({"ok": True})
    drop_session(request, response)
    return response


def person(actor: Actor) -> dict[str, Any]:
    return {
        "id": actor.id,
        "name": actor.name,
        "kind": actor.kind,
        "business_id": actor.business_id,
        "email": actor.email,
        "language": actor.language,
        "time_zone": actor.time_zone,
        "theme": actor.theme,
        "permissions": sorted(actor.permissions),
    }


ROUTES = [
    Route(PATH, open_session, methods=["POST"], middleware=FOR_STRANGERS),
    Route(PATH, own_session, methods=["GET"]),
    Route(PATH, end_session, methods=["DELETE"]),
]

_CREDENTIALS = fields({"email": TEXT, "password": TEXT}, {"code": TEXT, "solution": TEXT})
_PERSON = fields({"id": ID, "name": TEXT, "kind": TEXT, "business_id": or_null(ID)})
DESCRIBED: Paths = {
    PATH: {
        "post": operation(
            "session",
            "sign_in",
            "Sign in: sets the session's cookie.",
            ok(person=_PERSON) | refusals(400, 401, 413, 422, 429, 503),
            description=WORK_SAYS,
            security=[],
            requestBody={"required": True, "content": {JSON: {"schema": _CREDENTIALS}}},
        ),
        "get": operation("session", "who_am_i", "Who am I.", ok(person=_PERSON) | refusals(401, 503)),
        "delete": operation("session", "sign_out", "Sign out.", ok() | refusals(401, 503), scope=None),
    }
}
