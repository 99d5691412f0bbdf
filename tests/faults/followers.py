"""Followers: people with a room open, like our own browser side. They come back by themselves, go on where they left
off, fold what they are told into what they see, and repeat what wasn't acknowledged under the same key."""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from socketio.exceptions import ConnectionError as NotConnected
from socketio.exceptions import SocketIOError

from hub.contract.classes import THINGS
from tests.fold import State, fold
from tests.hub.agencies import Person
from tests.hub.clients import Client
from tests.patience import PATIENT_SECONDS

PUT_OFF = {"unavailable", "overloaded", "too_many", "stopping"}


@dataclass(frozen=True)
class Told:
    """One event of the log as it was told; a snapshot too, which is told with the position that it was read at."""

    epoch: str
    offset: int
    name: str
    body: dict[str, Any]


SNAPSHOT = "snapshot"


class Follower:
    """Someone in one room, over sockets at any of several addresses, who hears its process with it. Who left may enter
    it anew."""

    def __init__(self, urls: list[str], person: Person, room_id: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.urls = list(urls)
        self.person = person
        self.room_id = room_id
        self.told: list[Told] = []
        self.told_beside: list[Told] = []
        """What was told of the room's process."""
        self.state: State = {}
        self.lens: Any = None
        self.asked: list[str] = []
        self.acknowledged: list[str] = []
        self.entered = 0
        self.closed_by = ""
        """The notice that ended it: the room was closed to this person, or their session ended."""
        self.heard_at: dict[str, float] = {}
        """When each text, and each new name of the process, was told first, by the monotonic clock."""
        self.away_seconds: list[float] = []
        """How long each absence was, from the loss of the connection until being in the room again."""
        self._tls = tls
        self._client: Client | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        before = self.entered
        self._task = asyncio.create_task(self._follow())
        self._task.add_done_callback(lambda _done: self._news.set())
        await self.until(lambda: self.entered > before)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    @property
    def at(self) -> tuple[str, int]:
        return (self.told[-1].epoch, self.told[-1].offset) if self.told else ("", 0)

    def bodies(self) -> list[str]:
        return [told.body["message"]["body"] for told in self.told if told.name == "message.posted"]

    async def until(self, holds: Callable[[], Any], seconds: float = PATIENT_SECONDS) -> None:
        """Wait until something holds that being told brings about."""
        async with asyncio.timeout(seconds):
            while not holds():
                assert self._task
                if self._task.done():
                    self._task.result()
                    raise AssertionError(f"closed by {self.closed_by}")
                self._news.clear()
                await self._news.wait()

    async def post(self, body: str) -> None:
        self.asked.append(body)
        await self.run("message.post", room_id=self.room_id, body=body)
        self.acknowledged.append(body)

    async def run(self, name: str, /, **fields: Any) -> Any:
        key = str(uuid4())
        async with asyncio.timeout(PATIENT_SECONDS):
            while True:
                answer = await self._answer(name, {**fields, "key": key})
                if answer is not None and answer["ok"]:
                    return answer["result"]
                assert answer is None or answer["error"]["code"] in PUT_OFF, answer
                await asyncio.sleep(0.05)

    async def _answer(self, name: str, fields: dict[str, Any]) -> Any | None:
        """This is what a command is answered with; None when the connection is lost before that."""
        client = self._client
        if client is None:
            return None
        answering = asyncio.ensure_future(client.send(name, fields))
        leaving = asyncio.ensure_future(client.is_closed(None))
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            return answering.result() if answering.done() else None
        except (SocketIOError, TimeoutError):
            return None
        finally:
            answering.cancel()
            leaving.cancel()

    async def _follow(self) -> None:
        lost_at: float | None = None
        while not self.closed_by:
            client = Client(self.person, tls=self._tls)
            try:
                await client.connect(self.urls[0])
                await self._enter(client)
                if lost_at is not None:
                    self.away_seconds.append(time.monotonic() - lost_at)
                await self._listen(client)
            except (NotConnected, SocketIOError, TimeoutError):
                self.urls.append(self.urls.pop(0))  # perhaps another node
                await asyncio.sleep(0.05)
            finally:
                lost_at = time.monotonic() if self._client or lost_at is None else lost_at
                self._client = None
                await client.disconnect()

    async def _enter(self, client: Client) -> None:
        epoch, offset = self.at
        place = {"epoch": epoch, "after": offset, "lens": self.lens} if self.told else {}
        if self.told_beside:
            last = self.told_beside[-1]
            place |= {"process_epoch": last.epoch, "process_after": last.offset}
        answer = await client.send("room.enter", {"room_id": self.room_id, **place})
        if not answer["ok"]:
            if answer["error"]["code"] == "not_found":
                self.closed_by = "not_found"
            raise TimeoutError
        if "snapshot" in answer:
            self.state = answer["snapshot"]
            self.lens = self.state.pop("me")["lens"]
            for told, at in ((self.told, answer["at"]), (self.told_beside, answer["process_at"])):
                told.append(Told(at["epoch"], at["offset"], SNAPSHOT, {}))
        for event in answer.get("events", ()):
            self._take(event["name"], event)
        self.entered += 1
        self._client = client
        self._news.set()

    async def _listen(self, client: Client) -> None:
        taken = 0
        while True:
            for name, payload in client.heard[taken:]:
                taken += 1
                stream = payload.get("stream", "")
                if payload.get("room_id") == self.room_id or stream.startswith(("person:", "process:")):
                    self._hear(name, payload)
            self._news.set()
            if not client.connected or self.closed_by:
                return
            await client.until(partial(_has_news, client, taken), None)

    def _hear(self, name: str, payload: dict[str, Any]) -> None:
        if payload.get("at"):
            self._take(name, payload)
        elif name in {"room.closed", "session.ended"}:
            self.closed_by = name

    def _take(self, name: str, payload: dict[str, Any]) -> None:
        told = self.told_beside if payload["stream"].startswith("process:") else self.told
        told.append(Told(payload["at"]["epoch"], payload["at"]["offset"], name, payload))
        fold(self.state, [payload], THINGS)
        if name == "message.posted":
            self.heard_at.setdefault(payload["message"]["body"], time.monotonic())
        if name == "process.changed":
            self.heard_at.setdefault(payload["process"]["name"], time.monotonic())


class Renamer:
    """Someone who renames their room's process, again and again, as others post."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    async def post(self, body: str) -> None:
        process = self._follower.state["process"]
        await self._follower.run("process.change", process_id=process["id"], name=body)


def _has_news(client: Client, taken: int) -> bool:
    return len(client.heard) > taken or not client.connected
