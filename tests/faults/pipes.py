"""Pipes: a TCP connection's way to where it is wanted, which a test closes, blocks or narrows."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

CHUNK_BYTES = 16_384
BUFFER_BYTES = 4096

Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Pipe:
    """One address before another. ``state`` counts for all connections through it, those that are there already too.

    open: what comes goes on. blocked: it is taken and kept back, as by a cable that was pulled out. closed: connections
    are ended, and no others taken.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.port = 0
        self.bytes_per_second: float | None = None
        """How fast answers come through; None is as fast as they can, 0 not at all: they aren't even taken."""
        self._state: Literal["open", "blocked", "closed"] = "open"
        self._turned = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def turn(self, state: Literal["open", "blocked", "closed"]) -> None:
        self._state = state
        self._turn()
        if state == "closed":
            for task in self._tasks:
                task.cancel()

    def narrow(self, bytes_per_second: float | None) -> None:
        self.bytes_per_second = bytes_per_second
        self._turn()

    def _turn(self) -> None:
        self._turned.set()
        self._turned = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._state == "closed":
            writer.transport.abort()
            return
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError):
                onward_reader, onward = await self._onward()
                await self._flow_both_ways((reader, onward), (onward_reader, writer))
        finally:
            writer.transport.abort()

    async def _flow_both_ways(self, asked: Way, answered: Way) -> None:
        flows = (
            asyncio.ensure_future(self._flow(*asked)),
            asyncio.ensure_future(self._flow(*answered, answers=True)),
        )
        try:
            await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for flow in flows:
                flow.cancel()
            await asyncio.gather(*flows, return_exceptions=True)
            asked[1].transport.abort()

    async def _onward(self) -> Way:
        """The way on. Whoever is cancelled in the moment in which it opens closes it."""
        connected = await self._socket()
        opening = asyncio.ensure_future(asyncio.open_connection(sock=connected, limit=BUFFER_BYTES))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            _reader, writer = await opening
            writer.transport.abort()
            raise

    async def _socket(self) -> socket.socket:
        """A connection onward that takes little in advance, so that what isn't read stays at the other side."""
        onward = socket.socket()
        onward.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        onward.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(onward, self.target)
        except BaseException:
            onward.close()
            raise
        return onward

    async def _flow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool = False) -> None:
        with suppress(OSError):
            while True:
                while self._state == "blocked" or (answers and self.bytes_per_second == 0):
                    await self._turned.wait()
                at_once = min(CHUNK_BYTES, int(self.bytes_per_second or CHUNK_BYTES)) if answers else CHUNK_BYTES
                data = await reader.read(at_once)
                if not data:
                    break
                writer.write(data)
                await writer.drain()
                if answers and self.bytes_per_second:
                    await asyncio.sleep(len(data) / self.bytes_per_second)


@asynccontextmanager
async def pipe_to(host: str, port: int) -> AsyncIterator[Pipe]:
    pipe = Pipe((host, port))
    server = await asyncio.start_server(pipe.connected, "127.0.0.1", 0)
    pipe.port = server.sockets[0].getsockname()[1]
    try:
        yield pipe
    finally:
        server.close()
        pipe.turn("closed")
        await asyncio.gather(*pipe._tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # transports end in a turn of the loop after
