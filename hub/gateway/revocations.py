"""Rights: an open socket is a standing permission, and is taken back when the right goes.

What is told on a stream takes it back at once; a sweep looks again at every session and every subscription every few
seconds, on every node, whether or not anything was heard. It goes round at an even pace, some at a time: nobody's
events wait for it.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from uuid import UUID

import structlog

from hub.gateway.fanout import Client, Subscription
from people.actors import Actor
from people.signing.policies import admits
from people.signing.sessions import SEEN_EVERY, living_at_once, see
from people.signing.tokens import living_tokens_at_once
from rooms.access import processes_still_visible, still_visible
from rooms.lenses import lens_of
from store.database import Database
from store.driver import Driver
from store.errors import Unavailable
from store.loop.tasks import end, happens
from store.scopes import EVERYWHERE

SWEEP_SECONDS = 2.0
"""So long one round takes."""
SEEN_SECONDS = SEEN_EVERY.total_seconds() / 5
AT_ONCE = 100

logger = structlog.get_logger(__name__)
T = TypeVar("T")
Place = tuple[UUID, str]
"""A person, and a stream that they hear."""
Seen = Callable[[Driver, Iterable[tuple[Actor, UUID]]], Awaitable[set[tuple[UUID, UUID]]]]


class Rights:
    """Looks whether clients still may what they do.

    ``expel`` is called with a client whose session has ended, ``close`` with a subscription whose right is gone,
    ``reset`` with one that now looks through another lens.
    """

    def __init__(
        self,
        database: Database,
        clients: Callable[[], list[Client]],
        *,
        expel: Callable[[Client], None],
        close: Callable[[Subscription], None],
        reset: Callable[[Subscription], None],
        is_away: Callable[[Client], bool],
    ) -> None:
        self._database = database
        self._clients = clients
        self._expel = expel
        self._close = close
        self._reset = reset
        self._is_away = is_away
        self._soon = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._sweep_always())

    async def stop(self) -> None:
        if self._task:
            await end([self._task])

    def look(self) -> None:
        """Look now rather than when the next sweep is due."""
        self._soon.set()

    async def _sweep_always(self) -> None:
        seen_at = -math.inf
        while True:
            hurried = self._soon.is_set()
            self._soon.clear()
            try:
                await self._sweep(hurried=hurried)
                if time.monotonic() - seen_at > SEEN_SECONDS:
                    seen_at = time.monotonic()
                    await self._see()
            except Unavailable:
                logger.info("rights_wait_for_database")
                await self._is_asked_within(SWEEP_SECONDS)
            except Exception:
                logger.exception("rights_sweep_failed")
                await self._is_asked_within(SWEEP_SECONDS)

    async def _sweep(self, *, hurried: bool) -> None:
        """Look at everyone once: over a while, until somebody asks to look now, or without a pause."""
        chunks = list(_chunks(self._clients())) or [[]]
        for some in chunks:
            await self.look_at(some)
            if not hurried and await self._is_asked_within(SWEEP_SECONDS / len(chunks)):
                return

    async def _is_asked_within(self, seconds: float) -> bool:
        return await happens(self._soon, seconds)

    async def _see(self) -> None:
        """An open socket keeps its session alive; it is in use while somebody is at the screen."""
        here = [client for client in self._clients() if client.actor.session_id]
        for away in (True, False):
            for some in _chunks({client.actor.session_id for client in here if self._is_away(client) is away}):
                async with self._database.transaction(EVERYWHERE) as tx:
                    await see(tx, *filter(None, some), used=not away)

    async def look_at(self, clients: list[Client]) -> None:
        """Take back what these may no longer have; they ask as they are now."""
        if not clients:
            return
        actors = await self._living(clients)
        lost = await self._lost(clients, actors, "room:", still_visible)
        lost |= await self._lost(clients, actors, "process:", processes_still_visible)
        for client in clients:
            if not client.gone:
                self._renew(client, _actor_of(actors, client), lost)

    async def _lost(self, clients: list[Client], actors: dict[UUID, Actor], kind: str, seen: Seen) -> set[Place]:
        """Who of the clients hears what of a kind that they no longer see, by person and stream."""
        pairs = {
            (actor.id, stream): (actor, UUID(stream[len(kind) :]))
            for client in clients
            if (actor := _actor_of(actors, client))
            for held in client.subscriptions
            if held.asked and (stream := held.stream).startswith(kind)
        }
        if not pairs:
            return set()
        visible = await seen(self._database.driver, pairs.values())
        return {place for place, (actor, id) in pairs.items() if (actor.id, id) not in visible}

    async def _living(self, clients: list[Client]) -> dict[UUID, Actor]:
        """Whom the clients' sessions and tokens speak for now, by the session or token."""
        sessions = [client.actor.session_id for client in clients if client.actor.session_id]
        tokens = [client.actor.token_id for client in clients if client.actor.token_id]
        actors = await living_at_once(self._database, sessions)
        return actors | await living_tokens_at_once(self._database, tokens) if tokens else actors

    def _renew(self, client: Client, found: Actor | None, lost: set[Place]) -> None:
        """Take back what isn't theirs any more: the rooms lost, and what they see through another lens."""
        if found is None:
            self._expel(client)
            return
        actor = replace(found, address=client.actor.address, agent=client.actor.agent)
        if actor != client.actor:  # else what lives long would be made anew, for the garbage collector to walk
            client.actor = actor
        asked = [held for held in client.subscriptions if held.asked]  # the others go with these
        for subscription in asked:
            kind, _colon, id = subscription.stream.partition(":")
            if (actor.id, subscription.stream) in lost or not _listens_to(actor, kind, id):
                self._close(subscription)
            elif kind in ("room", "process", "business") and subscription.lens != lens_of(actor):
                self._reset(subscription)


def _listens_to(actor: Actor, kind: str, id: str) -> bool:
    """Whether someone may listen to a stream that isn't a room's, nor a process's."""
    if kind == "installation":
        return actor.kind == "superadmin"
    return kind != "business" or (actor.of_the_team and id == str(actor.business_id))


def _chunks(things: Iterable[T]) -> Iterable[list[T]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, AT_ONCE)):
        yield chunk


def _actor_of(actors: dict[UUID, Actor], client: Client) -> Actor | None:
    """This is who a client is now, or None when they may no longer be here."""
    by = client.actor.session_id or client.actor.token_id
    actor = actors.get(by) if by else None
    if actor is None or actor.second_factor_needed or not admits(actor.networks, client.address):
        return None
    return actor
