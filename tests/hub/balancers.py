"""A load balancer: one address before several nodes, of which it asks one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Balancer:
    """Passes connections on to whichever node it is told to."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.url = ""
        self._pipes: set[asyncio.Task[None]] = set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self.target.removeprefix("http://").split(":")
        try:
            onward_reader, onward_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        for source, sink in ((reader, onward_writer), (onward_reader, writer)):
            pipe = asyncio.create_task(_pipe(source, sink))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def balancing(target: str) -> AsyncIterator[Balancer]:
    balancer = Balancer(target)
    server = await asyncio.start_server(balancer._connected, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    balancer.url = f"http://{host}:{port}"
    try:
        yield balancer
    finally:
        server.close()
        for pipe in list(balancer._pipes):
            pipe.cancel()
        await asyncio.gather(*balancer._pipes, return_exceptions=True)
