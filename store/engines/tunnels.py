"""Tunnels: ways by which PostgreSQL's own programs come to a database as the hub does.

The programs of the wheel speak no TLS, so the hub speaks it for them: it listens on a socket in a folder that no other
account can enter, and hands on what comes there, over TLS as the address says. Their password is theirs to prove: it
goes through the tunnel as PostgreSQL's own exchange has it.
"""

import asyncio
import socket
import ssl
import struct
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from store.addresses.connection_strings import AddressWrong
from store.addresses.database_addresses import Address, reason
from store.loop.tasks import end

PORT = 5432
"""No port: a socket's file is named by it."""
CHUNK_BYTES = 256 * 1024
SECONDS = 30.0

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_SASL, _DONE = 10, 0
_BOUND = b"SCRAM-SHA-256-PLUS"

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NoTLS(ConnectionError):
    """The server speaks no TLS, and is to."""


@asynccontextmanager
async def tunnel(address: Address) -> AsyncIterator[Path]:
    """This is the folder of a socket that leads to the address's first host; it is gone at the end."""
    passing: set[asyncio.Task[None]] = set()

    def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_pass((reader, writer), address))
        passing.add(task)
        task.add_done_callback(passing.discard)

    with tempfile.TemporaryDirectory(prefix="atrium-") as folder:  # made for its owner alone
        server = await asyncio.start_unix_server(take, f"{folder}/.s.PGSQL.{PORT}", limit=CHUNK_BYTES)
        try:
            yield Path(folder)
        finally:
            server.close()
            if passing:  # whose programs have ended, and who are about to
                await asyncio.wait(passing, timeout=SECONDS)
            await end(list(passing))


async def _pass(client: Stream, address: Address) -> None:
    try:
        server = await _server(address)
    except (OSError, AddressWrong) as error:
        client[1].write(_error(reason(error)))
        await _close(client)
        return
    ways = [asyncio.create_task(_from_client(client, server)), asyncio.create_task(_from_server(server, client))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        client[1].close()
        server[1].close()
        await end(ways)
        await _close(client)
        await _close(server)


async def _from_client(client: Stream, server: Stream) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        await _hand_on(client[0], server[1])


async def _from_server(server: Stream, client: Stream) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        await _let_in(server[0], client[1])
        await _hand_on(server[0], client[1])


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK_BYTES):
        writer.write(chunk)
        await writer.drain()


async def _let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what the server says until it has let the client in.

    Over TLS it offers to bind the password's proof to the certificate. The client, which sees no TLS, would take that
    for an attack; so it isn't told. Whose the certificate is was looked at here.
    """
    while True:
        kind, length = struct.unpack("!ci", await reader.readexactly(5))
        body = await reader.readexactly(length - 4)
        said = int.from_bytes(body[:4]) if kind == b"R" else None
        if said == _SASL:
            names = [name for name in body[4:].split(b"\0") if name and name != _BOUND]
            body = body[:4] + b"".join(name + b"\0" for name in names) + b"\0"
        writer.write(struct.pack("!ci", kind, len(body) + 4) + body)
        await writer.drain()
        if kind == b"E" or said == _DONE:
            return


async def _server(address: Address) -> Stream:
    """A connection to the first host, over TLS where the address says so."""
    (host, port), *_others = address.hosts
    async with asyncio.timeout(SECONDS):
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}", limit=CHUNK_BYTES)
        context = address.tls()
        if context is None:
            return await asyncio.open_connection(host, port, limit=CHUNK_BYTES)
        try:
            return await _over_tls(host, port, context)
        except (NoTLS, ssl.SSLError):
            if address.sslmode not in ("allow", "prefer"):
                raise
            return await asyncio.open_connection(host, port, limit=CHUNK_BYTES)


async def _over_tls(host: str, port: int, context: ssl.SSLContext) -> Stream:
    """Only the answer's one byte is read before TLS begins, so that nothing said in the open is taken for more."""
    loop, connection = asyncio.get_running_loop(), await _connection(host, port)
    try:
        await loop.sock_sendall(connection, _SSL_REQUEST)
        if await loop.sock_recv(connection, 1) != b"S":
            raise NoTLS(f"the server at {host}:{port} speaks no TLS")
        return await asyncio.open_connection(
            sock=connection, ssl=context, server_hostname=host, limit=CHUNK_BYTES, ssl_handshake_timeout=SECONDS
        )
    except BaseException:
        connection.close()
        raise


async def _connection(host: str, port: int) -> socket.socket:
    loop, last = asyncio.get_running_loop(), OSError(f"{host} is no host")
    for family, kind, protocol, _name, place in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)
        try:
            await loop.sock_connect(connection, place)
        except OSError as error:
            connection.close()
            last = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise last


def _error(message: str) -> bytes:
    """What a server says that refuses a client. Source: PostgreSQL's manual, 54.7, ErrorResponse."""
    body = b"".join(part.encode() + b"\0" for part in ("SFATAL", "VFATAL", "C08001", f"M{message}")) + b"\0"
    return struct.pack("!ci", b"E", len(body) + 4) + body


async def _close(stream: Stream) -> None:
    """Close a connection, and wait until it is."""
    stream[1].close()
    try:
        await stream[1].wait_closed()
    except OSError:
        pass
    except asyncio.CancelledError:
        stream[1].transport.abort()
        raise
