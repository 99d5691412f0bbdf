"""Rights: an open socket is a standing permission, and is taken back when the right goes.

What is told on a stream takes it back at once; a sweep every few seconds looks again at every session and every entry,
on every node, whether or not anything was heard.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from uuid import UUID

import structlog

from hub.fanout import Entry, Guest
from people.actors import Actor
from people.sessions import SEEN_EVERY, living, see
from people.signing.policies import admits
from people.tokens import living_tokens
from rooms.doors import still_visible
from rooms.lenses import lens_of
from store.database import Database
from store.errors import Unavailable
from store.scopes import EVERYWHERE

SWEEP_SECONDS = 2.0
SEEN_SECONDS = SEEN_EVERY.total_seconds() / 5
AT_ONCE = 200
LENSED = ("room:", "business:")
"""The streams of which some see less than others."""

logger = structlog.get_logger(__name__)
T = TypeVar("T")


class Rights:
    """Looks whether guests still may what they do.

    ``expel`` is called with a guest whose session has ended, ``close`` with an entry whose right is gone, ``reset``
    with one that now looks through another lens.
    """

    def __init__(
        self,
        database: Database,
        guests: Callable[[], list[Guest]],
        *,
        expel: Callable[[Guest], None],
        close: Callable[[Entry], None],
        reset: Callable[[Entry], None],
        is_away: Callable[[Guest], bool],
    ) -> None:
        self._database = database
        self._guests = guests
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
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def look(self) -> None:
        """Look now rather than when the next sweep is due."""
        self._soon.set()

    async def _sweep_always(self) -> None:
        seen_at = -math.inf
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._soon.wait(), SWEEP_SECONDS)
            self._soon.clear()
            try:
                await self.sweep(self._guests())
                if time.monotonic() - seen_at > SEEN_SECONDS:
                    seen_at = time.monotonic()
                    await self._see()
            except Unavailable:
                logger.info("rights_wait_for_database")
            except Exception:
                logger.exception("rights_sweep_failed")

    async def _see(self) -> None:
        """An open socket keeps its session alive; it is in use while somebody is at the screen."""
        here = [guest for guest in self._guests() if guest.actor.session_id]
        for away in (True, False):
            for some in _chunks({guest.actor.session_id for guest in here if self._is_away(guest) is away}):
                async with self._database.transaction(EVERYWHERE) as tx:
                    await see(tx, *filter(None, some), used=not away)

    async def sweep(self, guests: list[Guest]) -> None:
        """Look at these guests, some at a time: nobody's events wait for it."""
        for some in _chunks(guests):
            await self._look_at(some)

    async def _look_at(self, guests: list[Guest]) -> None:
        async with self._database.reading(EVERYWHERE) as tx:
            actors = await living(tx, [guest.actor.session_id for guest in guests if guest.actor.session_id])
            actors |= await living_tokens(tx, [guest.actor.token_id for guest in guests if guest.actor.token_id])
            pairs = {
                (actor.id, room_id): (actor, room_id)
                for guest in guests
                if (actor := _actor_of(actors, guest))
                for room_id in _rooms(guest)
            }
            visible = await still_visible(tx, pairs.values())
        for guest in guests:
            self._renew(guest, _actor_of(actors, guest), pairs, visible)

    def _renew(
        self,
        guest: Guest,
        actor: Actor | None,
        looked_at: "dict[tuple[UUID, UUID], tuple[Actor, UUID]]",
        visible: set[tuple[UUID, UUID]],
    ) -> None:
        if guest.gone:
            return
        if actor is None:
            self._expel(guest)
            return
        guest.actor = actor
        unseen = looked_at.keys() - visible
        for entry in list(guest.entries.values()):
            if not _may_hear(actor, entry.stream, unseen):
                self._close(entry)
            elif entry.stream.startswith(LENSED) and entry.lens != lens_of(actor):
                self._reset(entry)


def _may_hear(actor: Actor, stream: str, unseen: set[tuple[UUID, UUID]]) -> bool:
    kind, _, id = stream.partition(":")
    if kind == "room":
        return (actor.id, UUID(id)) not in unseen
    if kind == "installation":
        return actor.kind == "superadmin"
    return kind != "business" or (actor.of_the_team and id == str(actor.business_id))


def _rooms(guest: Guest) -> list[UUID]:
    return [UUID(stream.removeprefix("room:")) for stream in guest.entries if stream.startswith("room:")]


def _chunks(things: Iterable[T]) -> Iterable[list[T]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, AT_ONCE)):
        yield chunk


def _actor_of(actors: dict[UUID, Actor], guest: Guest) -> Actor | None:
    """This is who a guest is now, or None when they may no longer be here."""
    by = guest.actor.session_id or guest.actor.token_id
    actor = actors.get(by) if by else None
    if actor is None or actor.second_factor_needed or not admits(actor.networks, guest.address):
        return None
    return replace(actor, address=guest.actor.address, agent=guest.actor.agent)
