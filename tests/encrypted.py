"""TLS before the tests' PostgreSQL, which has none: what stands in its place speaks as a server with TLS does."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import trustme

from store.addresses.database_addresses import Address
from store.loop.tasks import end

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_SASL = struct.pack("!i", 10)
_REFUSAL = b"SFATAL\0VFATAL\0C28000\0Mno entry in pg_hba.conf for this host, no encryption\0\0"


@dataclass
class Authority:
    """Who signs servers' certificates, with its own in a file."""

    folder: Path
    _ca: trustme.CA = field(default_factory=trustme.CA)

    @property
    def file(self) -> Path:
        path = self.folder / f"authority-{id(self)}.pem"
        self._ca.cert_pem.write_to_path(str(path))
        return path

    def server(self, name: str, *, asks: bool = False) -> ssl.SSLContext:
        """The server's side of TLS, with a certificate for a name; it may ask for the client's certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(name).configure_cert(context)
        if asks:
            self._ca.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def client(self, name: str) -> tuple[Path, Path]:
        """The files of a client's certificate and its key."""
        issued = self._ca.issue_cert(name, common_name=name)
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        issued.cert_chain_pems[0].write_to_path(str(certificate))
        issued.private_key_pem.write_to_path(str(key))
        key.chmod(0o600)
        return certificate, key


@dataclass
class Encrypted:
    """A database that is reached over TLS alone."""

    inner: Address
    port: int
    taken: int = 0
    """So many connections were let in."""

    def url(self, host: str = "localhost", **parameters: object) -> str:
        """The address at which it is reached, with libpq's parameters."""
        query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in parameters.items())
        return f"postgresql://{self.inner.user}:{self.inner.password}@{host}:{self.port}/{self.inner.database}?{query}"


@asynccontextmanager
async def encrypted(url: str, context: ssl.SSLContext, *, binding: bool = False) -> AsyncIterator[Encrypted]:
    """A database, behind TLS. With ``binding`` it offers, as servers do, to bind a password's proof to its certificate:
    only who doesn't take that up comes in, since what it stands before can't."""
    inner = Address.parse(url)
    (host, port), *_others = inner.hosts

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readexactly(8) != _SSL_REQUEST:
            writer.write(struct.pack("!ci", b"E", len(_REFUSAL) + 4) + _REFUSAL)
            return
        writer.write(b"S")
        await writer.drain()
        await writer.start_tls(context)
        found.taken += 1
        await _pass_on((reader, writer), await asyncio.open_connection(host, port), binding=binding)

    async with _served(take) as its_port:
        found = Encrypted(inner, its_port)
        yield found


@asynccontextmanager
async def encrypted_bus(url: str, context: ssl.SSLContext) -> AsyncIterator[str]:
    """A Redis, behind TLS: its address, to which what looks at the certificate is added."""
    inner = urlsplit(url)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _pass_on((reader, writer), await asyncio.open_connection(inner.hostname, inner.port))

    async with _served(take, context) as port:
        yield f"rediss://:{inner.password}@localhost:{port}/0"


@asynccontextmanager
async def _served(
    take: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    taken: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await take(reader, writer)
        finally:
            await _close(writer)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        taken.add(task)
        task.add_done_callback(taken.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await end(list(taken))


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _pass_on(client: Stream, server: Stream, *, binding: bool = False) -> None:
    ways = [
        asyncio.create_task(_hand_on(client[0], server[1])),
        asyncio.create_task(_hand_on(server[0], client[1], binding=binding)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server[1].close()
        await end(ways)
        await _close(server[1])


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, binding: bool = False) -> None:
    while binding:
        kind, length = struct.unpack("!ci", await reader.readexactly(5))
        body = await reader.readexactly(length - 4)
        if kind == b"R" and body.startswith(_SASL):
            body = _SASL + b"SCRAM-SHA-256-PLUS\0" + body[4:]
            binding = False
        writer.write(struct.pack("!ci", kind, len(body) + 4) + body)
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
