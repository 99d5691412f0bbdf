"""Who is asking: the session behind a cookie or a bearer token."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from people.actors import Actor
from people.sessions import SEEN_EVERY, actor_at_once, see
from store.database import Transaction
from store.errors import NotSignedIn, Refusal
from store.scopes import EVERYWHERE
from web.site import Site, site_of

COOKIE = "hub_session"
_seen: dict[UUID, float] = {}
SEEN_AT_MOST = 10_000


def token_of(request: HTTPConnection) -> str | None:
    """This is the session token that a request shows: the bearer's, else the cookie's."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip() or None
    return request.cookies.get(COOKIE) or None


async def asker(request: Request) -> Actor | None:
    """This is who asks, or None for a stranger."""
    token = token_of(request)
    actor = await actor_at_once(site_of(request).database, token) if token else None
    request.state.actor = actor
    return actor


@asynccontextmanager
async def signed_in(request: Request) -> AsyncIterator[tuple[Transaction, Actor]]:
    """One unchanging picture for a read, and who asks for it.

    Raises:
        NotSignedIn: nobody known asks.
    """
    site = site_of(request)
    actor = await asker(request)
    if actor is None:
        raise NotSignedIn()
    async with site.database.reading(actor.within) as tx:
        yield tx, actor
    await note_seen(site, actor)


async def must_be_signed_in(request: Request) -> Actor:
    """This is who asks.

    Raises:
        NotSignedIn: nobody known asks.
    """
    async with signed_in(request) as (_, actor):
        return actor


async def note_seen(site: Site, actor: Actor) -> None:
    """Note that a session is in use. This is seldom, and never in the way of an answer."""
    if actor.session_id is None or _seen.get(actor.session_id, 0) > time.monotonic():
        return
    if len(_seen) > SEEN_AT_MOST:
        _seen.clear()
    _seen[actor.session_id] = time.monotonic() + SEEN_EVERY.total_seconds()
    with suppress(Refusal):
        async with site.database.transaction(EVERYWHERE) as tx:
            await see(tx, actor.session_id)


def keep_session(request: Request, response: Response, token: str) -> None:
    """Give the browser the session's cookie."""
    site = site_of(request)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(site.session_lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=site.https or request.url.scheme == "https",
    )


def drop_session(request: Request, response: Response) -> None:
    site = site_of(request)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=site.https or request.url.scheme == "https")


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"
