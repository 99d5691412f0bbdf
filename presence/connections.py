"""Connections: who is online, on whatever node.

Every node tells the others whom it has, in changes at once and as a whole every twenty seconds, over the bus. So each
holds the whole picture in memory and answers from it; a node that is no longer heard takes its people with it. Nothing
of this is stored, and with Redis away each node knows of its own people alone.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson

from presence.forms import PresenceForm
from store.bus import Bus
from store.commands import Command
from store.loop.tasks import end

State = Literal["online", "away", "offline"]

GRACE_SECONDS = 4.0
"""A reload is shorter than this, and nobody's business."""
TELL_SECONDS = 20.0
SILENT_SECONDS = 50.0
_CHANNEL = "presence"


class SetPresence(Command):
    """Say that nobody looks at this tab, or that somebody does again."""

    state: Literal["online", "away"]


@dataclass
class OtherNode:
    """Another node, by what it told."""

    persons: dict[UUID, State] = field(default_factory=dict)
    heard_at: float = field(default_factory=time.monotonic)


class Connections:
    """``changed`` is called with a person and their new state, on every node, from the event loop."""

    def __init__(self, bus: Bus, node: str, changed: Callable[[UUID, State], None]) -> None:
        self._bus = bus
        self._node = node
        self._changed = changed
        self._sockets: dict[UUID, dict[Hashable, State]] = {}
        self._nodes: defaultdict[str, OtherNode] = defaultdict(OtherNode)
        self._states: dict[UUID, State] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._bus.subscribe(_CHANNEL, self._hear)
        self._bus.turned.append(self._turned)
        self._turned(self._bus.up)
        self._tasks = [asyncio.create_task(self._tell_always())]

    async def stop(self) -> None:
        """Take leave of the other nodes: they give this one's people the time of a reload to come to them."""
        self._bus.turned.remove(self._turned)
        self._say("leave")
        self._bus.unsubscribe(_CHANNEL)
        await end(self._tasks)

    @property
    def has_others(self) -> bool:
        """Whether other nodes are known. Each says hello when it finds the bus."""
        return bool(self._nodes)

    def arrive(self, person_id: UUID, socket: Hashable) -> None:
        """Count a person's socket on this node."""
        self._sockets.setdefault(person_id, {})[socket] = "online"
        self._settle(person_id)

    def set_state(self, person_id: UUID, socket: Hashable, state: State) -> None:
        """Say how a person is at one of their sockets; the most present of all counts."""
        if socket in self._sockets.get(person_id, {}):
            self._sockets[person_id][socket] = state
            self._settle(person_id)

    def depart(self, person_id: UUID, socket: Hashable) -> None:
        """Count a socket no longer. A person without any stays for the time of a reload."""
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._gone, person_id, socket)

    def state_of(self, person_id: UUID) -> State:
        return self._states.get(person_id, "offline")

    def present(self, person_ids: Iterable[UUID]) -> list[PresenceForm]:
        """These are those of the persons who are online or away."""
        return [PresenceForm(id=id, state=self._states[id]) for id in person_ids if id in self._states]

    def _gone(self, person_id: UUID, socket: Hashable) -> None:
        sockets = self._sockets.get(person_id, {})
        sockets.pop(socket, None)
        if not sockets:
            self._sockets.pop(person_id, None)
        self._settle(person_id)

    def _settle(self, person_id: UUID) -> None:
        """Tell the others how the person is here, and see what follows."""
        self._say("state", {str(person_id): self._own(person_id)})
        self._see(person_id)

    def _own(self, person_id: UUID) -> State:
        return _most_present(self._sockets.get(person_id, {}).values())

    def _see(self, person_id: UUID) -> None:
        elsewhere = (node.persons.get(person_id, "offline") for node in self._nodes.values())
        state = _most_present([self._own(person_id), *elsewhere])
        if state == self.state_of(person_id):
            return
        if state == "offline":
            del self._states[person_id]
        else:
            self._states[person_id] = state
        self._changed(person_id, state)

    def _say(self, kind: str, persons: dict[str, State] | None = None) -> None:
        self._bus.publish(_CHANNEL, orjson.dumps({"node": self._node, "kind": kind, "persons": persons or {}}))

    def _say_all(self) -> None:
        self._say("all", {str(person_id): self._own(person_id) for person_id in self._sockets})

    def _hear(self, payload: bytes) -> None:
        told: dict[str, Any] = orjson.loads(payload)
        name = told["node"]
        if name == self._node:
            return
        if told["kind"] == "leave":
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self._forget, name)
            return
        node = self._nodes[name]
        node.heard_at = time.monotonic()
        persons: dict[UUID, State] = {UUID(id): state for id, state in told["persons"].items()}
        if told["kind"] == "hello":
            self._say_all()
        elif told["kind"] == "all":
            touched = node.persons.keys() | persons.keys()
            node.persons = persons
            for person_id in touched:
                self._see(person_id)
        else:
            node.persons |= persons
            for person_id in persons:
                self._see(person_id)

    def _forget(self, name: str) -> None:
        for person_id in self._nodes.pop(name, OtherNode()).persons:
            self._see(person_id)

    def _turned(self, up: bool) -> None:
        if up:
            self._say("hello")
            self._say_all()

    async def _tell_always(self) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            self._say_all()
            silent = time.monotonic() - SILENT_SECONDS
            for name in [name for name, node in self._nodes.items() if node.heard_at < silent]:
                self._forget(name)


def _most_present(states: Iterable[State]) -> State:
    found = set(states)
    return "online" if "online" in found else "away" if "away" in found else "offline"
