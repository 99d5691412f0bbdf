"""The bus: hints from node to node, over Redis or Valkey.

Redis is never the truth. What is published here is a hint that something is in PostgreSQL, or something that may
vanish (presence, typing). So nobody ever waits for Redis: with it away, publishing drops and subscribing returns.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from store.loop.tasks import end, happens

RECONNECT_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
SILENCE_SECONDS = 1.0
"""A listener that hears nothing for so long asks Redis whether it lives, and for as long again waits for the answer."""
CONFIRM_SECONDS = 1.0
WAITING_AT_MOST = 10_000
BATCH = 256

_HEARTBEAT = "heartbeat"

Hear = Callable[[bytes], None]
Turned = Callable[[bool], None]

logger = structlog.get_logger(__name__)


class Bus:
    """Channels by name, each with one hearer on this node.

    Order: what one node publishes arrives in the order of its ``publish`` calls, on all channels together, at every
    node that hears it. Loss: anything may be lost, and what is published while Redis is away is. Doubling: nothing
    arrives twice.
    """

    def __init__(self, url: str, *, prefix: str = "atrium:") -> None:
        self.up = False
        self.turned: list[Turned] = []
        """Called with True when Redis is there and every channel is subscribed, with False when it is lost."""
        self._prefix = prefix
        self._client = Redis.from_url(
            url, protocol=2, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0), max_connections=8
        )
        self._pubsub: Any = None
        self._listeners: dict[str, Hear] = {}
        self._confirming: dict[str, asyncio.Future[None]] = {}
        self._outgoing: deque[tuple[str, bytes]] = deque()
        self._wake = asyncio.Event()
        self._tried = asyncio.Event()
        self._asking = asyncio.Lock()
        """Keeps a channel's SUBSCRIBE and UNSUBSCRIBE in the order in which they were asked for."""
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Connect, and stay connected. Returns when Redis is there, or isn't, or after a second of not knowing."""
        self._tasks = [asyncio.create_task(self._listen_always()), asyncio.create_task(self._publish_always())]
        await happens(self._tried, CONFIRM_SECONDS)

    async def stop(self) -> None:
        """Send what waits, and disconnect."""
        if self.up and self._outgoing:
            with suppress(RedisError, OSError, TimeoutError):
                await self._send_waiting()
        await end(list(self._tasks))
        self._turn(up=False)
        await self._client.aclose()

    def publish(self, channel: str, payload: bytes) -> None:
        """Publish a hint. Returns at once; with Redis away, or far behind, the hint is dropped."""
        if self.up and len(self._outgoing) < WAITING_AT_MOST:
            self._outgoing.append((self._prefix + channel, payload))
            self._wake.set()

    async def subscribe(self, channel: str, hear: Hear) -> bool:
        """Hear a channel from now on, through every loss of Redis.

        Returns True when Redis has confirmed: nothing published after that is missed while Redis stays. Returns False
        at once with Redis away, and within a second when it is silent.
        """
        name = self._prefix + channel
        self._listeners[name] = hear
        if not self.up:
            return False
        confirmed = self._confirming.setdefault(name, asyncio.get_running_loop().create_future())
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(CONFIRM_SECONDS):
                async with self._asking:
                    await self._pubsub.subscribe(name)
                await asyncio.shield(confirmed)
        return confirmed.done() and self.up

    def unsubscribe(self, channel: str) -> None:
        """Hear a channel no longer. Returns at once; nothing is heard from now on."""
        name = self._prefix + channel
        if self._listeners.pop(name, None) and self.up:
            task = asyncio.ensure_future(self._unsubscribe(name))
            self._tasks.append(task)
            task.add_done_callback(self._tasks.remove)

    async def _unsubscribe(self, name: str) -> None:
        async with self._asking:
            if name not in self._listeners:
                with suppress(RedisError, OSError, TimeoutError):
                    await self._pubsub.unsubscribe(name)

    async def _listen_always(self) -> None:
        failures = 0
        while True:
            try:
                async with self._client.pubsub() as pubsub:
                    self._pubsub = pubsub
                    # The heartbeat comes last, so its confirmation is that of all.
                    await pubsub.subscribe(*self._listeners, self._prefix + _HEARTBEAT)
                    failures = 0
                    await self._listen(pubsub)
            except (RedisError, OSError, TimeoutError) as error:
                if self.up:
                    logger.warning("redis_lost", error=str(error))
            except Exception:  # a hearer's fault must not end the hearing
                logger.exception("bus_listener_failed")
            self._turn(up=False)
            await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
            failures += 1

    async def _listen(self, pubsub: Any) -> None:
        asked = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if message is None:
                if asked:
                    raise ConnectionError("no answer")
                await pubsub.ping()
                asked = True
                continue
            asked = False
            kind = message["type"]
            if kind == "message":
                self._hear(message["channel"].decode(), message["data"])
            elif kind == "subscribe":
                name = message["channel"].decode()
                if name != self._prefix + _HEARTBEAT:
                    self._confirm(name)
                elif missed := [name for name in self._listeners if name.encode() not in pubsub.channels]:
                    await pubsub.subscribe(*missed, self._prefix + _HEARTBEAT)
                else:
                    self._turn(up=True)

    def _hear(self, name: str, payload: bytes) -> None:
        if hear := self._listeners.get(name):
            try:
                hear(payload)
            except Exception:  # one bad hint must not cost the others
                logger.exception("hint_failed", channel=name)

    def _confirm(self, name: str) -> None:
        if confirmed := self._confirming.pop(name, None):
            _finish(confirmed)

    def _turn(self, *, up: bool) -> None:
        self._tried.set()
        if not up:
            self._outgoing.clear()
            waiting, self._confirming = self._confirming, {}
            for confirmed in waiting.values():
                _finish(confirmed)
        if up == self.up:
            return
        self.up = up
        for turned in list(self.turned):
            turned(up)

    async def _publish_always(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._send_waiting()
            except (RedisError, OSError, TimeoutError):
                self._outgoing.clear()

    async def _send_waiting(self) -> None:
        while self._outgoing:
            pipe = self._client.pipeline(transaction=False)
            for _nr in range(min(BATCH, len(self._outgoing))):
                channel, payload = self._outgoing.popleft()
                pipe.execute_command("PUBLISH", channel, payload)
            await pipe.execute(raise_on_error=False)


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
