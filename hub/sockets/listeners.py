"""Listeners: the sockets on which newcomers knock.

libuv takes one connection of a listening socket at each turn of the loop (since 1.45, libuv's pull request 3696). When
thousands come back at once each turn has work for many who are in already, so that who knocks then stands behind all of
them for seconds, a person who signs in as well. One socket that is listened on several times is asked as many times.
"""

import asyncio
import socket

AT_A_TURN = 8
"""So many are taken at each turn of the loop."""
BACKLOG = 4096
"""So many may knock at once, when everyone comes back; whom the kernel turns away tries again a second later."""


class AddressUnusable(Exception):
    """The address to listen on is another program's, or none of this machine's."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Atrium can't listen on {host}, port {port}: {reason}. "
            "Stop what listens there, or choose another address with --host and --port."
        )


async def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """These are the sockets of each address of a host, several of each. Who knocks from now on waits to be taken.

    Raises:
        AddressUnusable: it can't be listened on.
    """
    loop = asyncio.get_running_loop()
    try:
        bound = await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
        return _several_of_each(bound)
    except OSError as error:
        raise AddressUnusable(host, port, (error.strerror or str(error)).rpartition(": ")[2]) from error


def _several_of_each(bound: asyncio.Server) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for one in bound.sockets:
            sockets += [socket.fromfd(one.fileno(), one.family, one.type) for _time in range(AT_A_TURN)]
            sockets[-1].listen(BACKLOG)
    except OSError:
        for taken in sockets:
            taken.close()
        raise
    finally:
        bound.close()
    return sockets
