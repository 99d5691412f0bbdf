"""Admission: who is let in at a socket, by their cookie or token, and how many at once."""

import asyncio
from collections import Counter
from sys import intern
from typing import Any
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.types import Scope

from hub import metrics
from hub.gateway.fanout import Client
from hub.settings import Settings
from hub.sockets.connections import Connection, ConnectionRefused
from people.actors import Actor
from people.signing.factors import SecondFactorNeeded
from people.signing.sessions import may_have_old_name
from people.signing.tokens import actor_by
from store.database import Database
from store.errors import NotSignedIn, Unavailable, _
from web.authentication import coming_from, old_token_of, token_of

WELCOMERS = 1
"""So many newcomers are looked up at once; the others of a rush wait their turn."""


class Stopping(Unavailable):
    message = _("Atrium is restarting. Nothing was changed. Please try again.")


class Admission:
    """Lets clients in, and knows who is in."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._clients: dict[Connection, Client] = {}
        self._persons: Counter[UUID] = Counter()
        self._addresses: Counter[str] = Counter()
        self._welcomers = asyncio.Semaphore(WELCOMERS)
        self.stopping = False
        """Nobody more is let in."""

    @property
    def clients(self) -> list[Client]:
        return list(self._clients.values())

    async def admit(self, connection: Connection, scope: Scope, auth: Any) -> Client:
        """Let a client in.

        Raises:
            Refused: nobody known, too many, or the hub is stopping.
        """
        address = intern(address_of(scope))
        actor = await self._known(HTTPConnection(scope), auth)
        if self.stopping:
            raise ConnectionRefused(Stopping.code, Stopping.message)
        self._limit(actor, address)
        client = Client(connection, actor, address)
        connection.client = client
        self._clients[connection] = client
        self._persons[actor.id] += 1
        self._addresses[address] += 1
        metrics.sockets.set(len(self._clients))
        return client

    def forget(self, connection: Connection) -> Client | None:
        """Let a client out; this is who it was, or None when it was let out before."""
        client = self._clients.pop(connection, None)
        if client is None:
            return None
        connection.client = None
        client.gone = True
        _count_down(self._persons, client.actor.id)
        _count_down(self._addresses, client.address)
        metrics.sockets.set(len(self._clients))
        return client

    async def _known(self, request: HTTPConnection, auth: Any) -> Actor:
        try:
            actor = await self._actor(request, auth)
        except Unavailable as refusal:
            raise ConnectionRefused(refusal.code, refusal.message) from None
        if actor is None or _drawn_for(auth) not in (None, str(actor.id)):
            raise ConnectionRefused(NotSignedIn.code, NotSignedIn.message)
        if actor.second_factor_needed:
            raise ConnectionRefused(SecondFactorNeeded.code, SecondFactorNeeded.message)
        return actor

    async def _actor(self, request: HTTPConnection, auth: Any) -> Actor | None:
        given = auth.get("token") if isinstance(auth, dict) else None
        secure = self._settings.is_secure or request.url.scheme in ("wss", "https")
        token = given if isinstance(given, str) and given else token_of(request, secure=secure)
        old = None if token else old_token_of(request, secure=secure)
        if not token and not old:
            return None
        async with self._welcomers:
            actor = await actor_by(self._database, token or old or "")
            if old and actor and not await may_have_old_name(self._database, actor.session_id):
                return None
            return coming_from(request, actor)

    def _limit(self, actor: Actor, address: str) -> None:
        if self._settings.limits and (
            self._persons[actor.id] >= self._settings.limit_sockets_per_person
            or self._addresses[address] >= self._settings.limit_sockets_per_address
        ):
            raise ConnectionRefused("too_many_sockets", _("Too many windows are open. Please close some."))


def address_of(scope: Scope) -> str:
    """This is from where a connection comes; empty where that isn't known."""
    return scope["client"][0] if scope.get("client") else ""


def _drawn_for(auth: Any) -> str | None:
    """For whom a window was drawn, if it says so: somebody else may have signed in beside it since."""
    given = auth.get("person_id") if isinstance(auth, dict) else None
    return given if isinstance(given, str) and given else None


def _count_down(counter: "Counter[Any]", thing: Any) -> None:
    counter[thing] -= 1
    if counter[thing] <= 0:
        del counter[thing]
