"""Slow readers: people with a room open who take what they are told slowly, or not at all, and come back when cut off.

A process of its own, whose input has the address, the room and how each reads; it says each time that one is cut off.
"""

import asyncio
import json
import os
import select
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

NICENESS = 10
SMALL_BYTES = 4096
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n"
)


@dataclass
class SlowReaders:
    """Those who read slowly now."""

    cut_off: list[str] = field(default_factory=list)
    """How each read that was cut off, once for each time."""


@asynccontextmanager
async def slow_readers(
    url: str, token: str, place: dict[str, Any], bytes_per_second: list[int]
) -> AsyncIterator[SlowReaders]:
    """Meanwhile so many have the room open, and read so much each."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.faults.slow", stdin=pipe, stdout=pipe)
    assert process.stdin
    assert process.stdout
    asked = {"url": url, "token": token, "place": place, "bytes_per_second": bytes_per_second}
    process.stdin.write(json.dumps(asked).encode() + b"\n")
    readers = SlowReaders()

    async def note() -> None:
        assert process.stdout
        async for line in process.stdout:
            readers.cut_off.append(line.decode().strip())

    for _one in bytes_per_second:
        assert await process.stdout.readline() == b"in\n"
    noting = asyncio.create_task(note())
    try:
        yield readers
    finally:
        process.kill()
        await process.wait()
        await noting


# The process


def read_always(asked: dict[str, Any], pace: int) -> None:
    said_in = False
    while True:
        with suppress(OSError):
            connection = enter(asked)
            if not said_in:
                say("in")
            said_in = True
            read(connection, pace)
            say(str(pace))
        time.sleep(0.5)


def enter(asked: dict[str, Any]) -> socket.socket:
    host, port = asked["url"].removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BYTES)
    connection.connect((host, int(port)))
    connection.sendall(UPGRADE.format(token=asked["token"]).encode())
    until(connection, b"0{")
    connection.sendall(text("40"))
    until(connection, b"40{")
    connection.sendall(text("420" + json.dumps(["room.enter", asked["place"]])))
    until(connection, b'430[{"ok":true')
    return connection


def read(connection: socket.socket, pace: int) -> None:
    """Read until it is cut off, which shows at once, and not after what had come before."""
    watch = select.poll()
    watch.register(connection, select.POLLHUP | select.POLLERR)
    while not watch.poll(100 if pace else None):
        if not connection.recv(max(1, pace // 10)):
            return


def until(connection: socket.socket, sought: bytes) -> None:
    read = b""
    while sought not in read:
        data = connection.recv(SMALL_BYTES)
        if not data:
            raise ConnectionError
        read += data


def text(packet: str) -> bytes:
    data = packet.encode()
    head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else b"\x81\xfe" + len(data).to_bytes(2)
    return head + b"\x00\x00\x00\x00" + data


def say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    os.nice(NICENESS)
    given = json.loads(sys.stdin.readline())
    for each in given["bytes_per_second"]:
        threading.Thread(target=read_always, args=(given, each), daemon=True).start()
    threading.Event().wait()
