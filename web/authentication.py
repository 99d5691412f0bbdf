"""Who is asking: the session behind a cookie or a bearer token."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from sys import intern
from typing import TypeVar
from uuid import UUID

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from people.actors import Actor
from people.signing.factors import SecondFactorNeeded
from people.signing.known_devices import LIVES as KNOWN_FOR
from people.signing.known_devices import device_token
from people.signing.policies import admits
from people.signing.session_ends import end_session_by
from people.signing.sessions import SEEN_EVERY, leave_old_name, see
from people.signing.tokens import PREFIX, actor_by, must_cover
from store.database import Transaction
from store.errors import NotSignedIn, Refusal
from store.scopes import EVERYWHERE
from web.cookies import cookie, cookie_of, drop_cookie, drop_old_name, is_secure, keep_cookie, name_of
from web.site import site_of

Content = TypeVar("Content")
COOKIE = "hub_session"
OWN = "hub_own_session"
"""The session that whoever acts as somebody laid aside."""
DEVICE = "hub_device"
"""By what a browser is known in which somebody signed in. It opens nothing."""
DRAWN_FOR = "atrium-person"
"""The header in which a window says for whom it was drawn: somebody else may have signed in beside it since."""
_seen: dict[tuple[UUID, bool], float] = {}
SEEN_AT_MOST = 10_000
AT_ONCE_SECONDS = 1.0
BY_ITSELF = ("/parts/", "/api/v1/session")
"""What a page asks for by itself: nobody needs to be there."""
SETTING_UP = ("/account/security", "/account/passkeys", "/sign-out", "/api/v1/session", "/api/v1/commands/")
"""Where someone may be who has yet to set up a second factor; which commands, ``commands.runner`` knows."""


def token_of(connection: HTTPConnection, *, secure: bool) -> str | None:
    """This is the session token that a request shows: the bearer's, else the cookie's."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip() or None
    return _kept_in(cookie_of(connection, COOKIE, secure=secure))


def old_token_of(connection: HTTPConnection, *, secure: bool) -> str | None:
    """This is the session token of a request that shows one by its cookie's old name alone."""
    shown = "authorization" in connection.headers or cookie_of(connection, COOKIE, secure=secure)
    return None if shown or not secure else _kept_in(connection.cookies.get(COOKIE))


def _kept_in(cookie: str | None) -> str | None:
    return None if not cookie or cookie.startswith(PREFIX) else cookie


async def asker(request: Request) -> Actor | None:
    """This is who asks, or None for a stranger."""
    secure, database = is_secure(request), site_of(request).database
    token = token_of(request, secure=secure)
    actor = await actor_by(database, token) if token else None
    if old := old_token_of(request, secure=secure):
        actor = await _going_over(request, old)
    request.state.actor = coming_from(request, actor)
    found: Actor | None = request.state.actor
    return found


async def _going_over(request: Request, token: str) -> Actor | None:
    """This is who shows a session by its cookie's old name, if it began under that; their browser gets the new one."""
    database = site_of(request).database
    actor = await actor_by(database, token)
    if actor is None or not await leave_old_name(database, actor.session_id):
        return None
    request.state.old_token = token
    request.state.slide = True
    return actor


def session_cookie(request: Request) -> str | None:
    """This is the token in the session's cookie, whatever its name was."""
    return getattr(request.state, "old_token", None) or cookie(request, COOKIE)


def coming_from(request: HTTPConnection, actor: Actor | None) -> Actor | None:
    """This is someone, who knows from where; or None when their business doesn't let them in from there."""
    address = address_of(request)
    if actor is None or not admits(actor.networks, address):
        return None
    return replace(actor, address=intern(address), agent=intern(request.headers.get("user-agent", "")))


@asynccontextmanager
async def signed_in(request: Request, scope: str | None = None) -> AsyncIterator[tuple[Transaction, Actor]]:
    """One unchanging picture for a read, and who asks for it: see ``asking``."""
    async with asking(request, scope) as actor, site_of(request).database.reading(actor.within) as tx:
        yield tx, actor


@asynccontextmanager
async def asking(request: Request, scope: str | None = None) -> AsyncIterator[Actor]:
    """This is who asks, for as long as they are answered. A program needs a token that covers the scope; without a
    scope it takes a person's own hands.

    Raises:
        NotSignedIn: nobody known asks, or a window that was drawn for somebody else.
        SecondFactorNeeded: they have to set one up before anything else.
        ScopeMissing: a program asks, and its token doesn't cover this.
        TooMuchWaits: they ask for very much at once.
    """
    site = site_of(request)
    actor = await asker(request)
    if actor is None or request.headers.get(DRAWN_FOR, str(actor.id)) != str(actor.id):
        raise NotSignedIn()
    if actor.second_factor_needed and not request.url.path.startswith(SETTING_UP):
        raise SecondFactorNeeded()
    must_cover(actor, scope)
    async with site.reads.turn(actor.id):
        yield actor
    await note_seen(request, actor)


async def must_be_signed_in(request: Request, scope: str | None = None) -> Actor:
    """This is who asks.

    Raises:
        NotSignedIn: nobody known asks.
        ScopeMissing: a program asks, and its token doesn't cover this.
    """
    async with signed_in(request, scope) as (_, actor):
        return actor


async def signed_in_with(
    request: Request, read: Callable[[Request], Awaitable[Content]], scope: str | None = None
) -> tuple[Actor, Content]:
    """This is who asks, and what they send. Who sends it slowly is asked for again once it has come: what ended
    meanwhile has ended.

    Raises:
        NotSignedIn: nobody known asks.
        ScopeMissing: a program asks, and its token doesn't cover this.
    """
    actor, began = await must_be_signed_in(request, scope), time.monotonic()
    content = await read(request)
    if time.monotonic() - began > AT_ONCE_SECONDS:
        actor = await must_be_signed_in(request, scope)
    return actor, content


async def note_seen(request: Request, actor: Actor) -> None:
    """Note that a session is in use, and let its cookie live on too. This is seldom, and in the way of no answer."""
    used = not request.url.path.startswith(BY_ITSELF)
    if actor.session_id is None or _seen.get((actor.session_id, used), 0) > time.monotonic():
        return
    if len(_seen) > SEEN_AT_MOST:
        _seen.clear()
    _seen[actor.session_id, used] = time.monotonic() + SEEN_EVERY.total_seconds()
    with suppress(Refusal):
        async with site_of(request).database.transaction(EVERYWHERE) as tx:
            await see(tx, actor.session_id, used=used, address=actor.address if used else None)
    request.state.slide = "authorization" not in request.headers and actor.impersonator_id is None


class Sliding:
    """Gives the session's cookie anew when its session was noted to be in use: both then live on from there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_sliding(message: Message) -> None:
            if message["type"] == "http.response.start" and scope.get("state", {}).get("slide"):
                _slide(Request(scope), MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_sliding if scope["type"] == "http" else send)


def _slide(request: Request, headers: MutableHeaders) -> None:
    # Who signs in or out with this very answer gets or loses another one.
    name, token = name_of(COOKIE, secure=is_secure(request)), session_cookie(request)
    if token is None or any(given.startswith(f"{name}=") for given in headers.getlist("set-cookie")):
        return
    response = Response()
    keep_cookie(request, response, COOKIE, token, site_of(request).session_lifetime)
    drop_old_name(request, response, COOKIE)
    if cookie(request, DEVICE):
        keep_device(request, response)
    for given in response.headers.getlist("set-cookie"):
        headers.append("set-cookie", given)


async def begin_session(request: Request, response: Response, token: str) -> None:
    """Give the browser the cookie of a session that has just begun; what it had until then ends, laid aside or not."""
    if formers := [former for name in (COOKIE, OWN) if (former := cookie(request, name))]:
        agent = request.headers.get("user-agent", "")
        async with site_of(request).database.transaction(EVERYWHERE) as tx:
            for former in formers:
                await end_session_by(tx, former, address=address_of(request), agent=agent)
    keep_session(request, response, token)
    keep_device(request, response)


def keep_session(request: Request, response: Response, token: str) -> None:
    """Give the browser the session's cookie: the only one, whatever was laid aside before."""
    keep_cookie(request, response, COOKIE, token, site_of(request).session_lifetime)
    drop_old_name(request, response, COOKIE)
    if cookie(request, OWN):
        drop_cookie(request, response, OWN)


def go_over(request: Request, response: Response, token: str, lasts: timedelta) -> None:
    """Give the browser the cookie of a session as somebody else, and lay its own aside meanwhile."""
    own = session_cookie(request)
    assert own is not None, "who goes over is signed in by a cookie"
    keep_cookie(request, response, OWN, own, lasts)
    keep_cookie(request, response, COOKIE, token, lasts)


def device_of(request: Request) -> str:
    """This is the token by which a browser is known: the one that it keeps, or gets when somebody has signed in."""
    token: str = getattr(request.state, "device", None) or device_token(cookie(request, DEVICE))
    request.state.device = token
    return token


def keep_device(request: Request, response: Response) -> None:
    """Give the browser the cookie by which it is known where somebody signed in."""
    keep_cookie(request, response, DEVICE, device_of(request), KNOWN_FOR)


def drop_session(request: Request, response: Response) -> None:
    """Take the sessions' cookies from the browser, and what it keeps for who was signed in: drafts, say."""
    response.headers["clear-site-data"] = '"storage"'
    for name in (COOKIE, OWN):
        drop_cookie(request, response, name)


def address_of(request: HTTPConnection) -> str:
    return request.client.host if request.client else "unknown"
