"""Listening: many who knock together are soon let in, and an address that is taken is named."""

import asyncio
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvloop

from hub.settings import Settings
from hub.sockets.listeners import AT_A_TURN, AddressUnusable, listening_sockets
from tests.hub.test_main import hub as command
from tests.hubs import running_server

KNOCKING = 80


async def test_of_those_who_knock_together_several_are_taken_at_each_turn(settings: Settings) -> None:
    turns = await asyncio.to_thread(uvloop.run, turns_until_taken(settings))  # asyncio's own loop takes all at once
    assert turns < KNOCKING / 4


async def turns_until_taken(settings: Settings) -> int:
    turns = 0
    async with running_server(settings) as server:
        address = server.servers[0].sockets[0].getsockname()
        with ExitStack() as stack:
            for _nr in range(KNOCKING):
                stack.enter_context(socket.create_connection(address))
            while len(server.server_state.connections) < KNOCKING:
                await asyncio.sleep(0)
                turns += 1
    return turns


async def test_a_host_with_several_addresses_is_listened_on_at_each() -> None:
    sockets = await listening_sockets("localhost", 0)
    try:
        addresses = {one.getsockname() for one in sockets}
        known = {found[4][0] for found in socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)}
        assert {address[0] for address in addresses} == known
        assert len(sockets) == AT_A_TURN * len(addresses)
    finally:
        for one in sockets:
            one.close()


async def test_an_address_that_cannot_be_listened_on_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressUnusable, match=f"port {port}: address already in use"):
            await listening_sockets("127.0.0.1", port)
    sockets = await listening_sockets("127.0.0.1", 0)
    with pytest.raises(AddressUnusable, match=r"already in use"):  # by one that has yet to begin serving
        await listening_sockets("127.0.0.1", sockets[0].getsockname()[1])
    for one in sockets:
        one.close()
    with pytest.raises(AddressUnusable, match=r"on nowhere\.invalid, port 80"):
        await listening_sockets("nowhere.invalid", 80)


def test_a_hub_whose_address_is_taken_says_so(database_url: str, redis_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        data = ("--data-dir", str(tmp_path))
        refused = command("serve", "--port", port, *data, HUB_DATABASE_URL=database_url, HUB_REDIS_URL=redis_url)
    assert refused.returncode == 1
    assert "can't listen on 127.0.0.1" in refused.stderr
    assert "Traceback" not in refused.stderr
