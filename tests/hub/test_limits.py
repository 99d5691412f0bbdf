"""Limits of sockets and of pace, and long-polling where a setting allows it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as NotConnected

from hub.settings import Settings
from tests.hub.agencies import Agency
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node, running_node
from tests.hubs import running_hub
from tests.patience import PATIENT_SECONDS, browser_at


@pytest.fixture
async def narrow_node(settings: Settings, agency: Agency) -> AsyncIterator[Node]:
    """A node that lets in two sockets a person and four an address, and takes a signal a second."""
    limits = {"limit_sockets_per_person": 2, "limit_sockets_per_address": 4, "limit_signals_per_second": 1}
    async with running_node(settings.model_copy(update=limits)) as node:
        yield node


async def test_a_person_may_open_so_many_sockets(narrow_node: Node, agency: Agency) -> None:
    async with connected(narrow_node.url, agency.ana):
        async with connected(narrow_node.url, agency.ana):
            assert await refusal(narrow_node, agency) == {"code": "too_many_sockets"}
        async with connected(narrow_node.url, agency.mihai), connected(narrow_node.url, agency.mihai):
            assert not await refusal(narrow_node, agency)
            async with connected(narrow_node.url, agency.client):
                assert await refusal(narrow_node, agency) == {"code": "too_many_sockets"}


async def test_the_limits_can_be_lifted(settings: Settings, agency: Agency) -> None:
    lifted = settings.model_copy(update={"limit_sockets_per_person": 1, "limits": False})
    async with running_node(lifted) as node, connected(node.url, agency.ana):
        assert not await refusal(node, agency)


@pytest.mark.parametrize(
    ("set_to", "refusals"),
    [({"limit_sign_ins_per_account": 3}, 2), ({"limit_sign_ins_per_account": 3, "limits": False}, 0)],
)
async def test_who_is_signed_in_tries_their_password_as_often_as_is_set(
    settings: Settings, agency: Agency, set_to: dict[str, Any], refusals: int
) -> None:
    wrong, ana = {"password": "wrong"}, {"Authorization": f"Bearer {agency.ana.token}"}
    async with running_hub(settings.model_copy(update=set_to)) as url, browser_at(url, headers=ana) as program:
        tries = [await program.post("/api/v1/commands/recovery_codes.renew", json=wrong) for _number in range(3)]
        tries += [await program.post("/account/passkeys/options", json=wrong) for _number in range(2)]
    assert [answer.status_code for answer in tries] == [422] * (5 - refusals) + [429] * refusals


async def test_signals_go_at_a_pace(narrow_node: Node, agency: Agency) -> None:
    signal = {"room_id": agency.room_id, "kind": "typing"}
    async with in_room(narrow_node.url, agency.ana, agency.room_id) as ana:
        answers = await asyncio.gather(*(ana.send("signal.send", signal) for _nr in range(60)))
        assert answers[0] == {"ok": True}
        error = next(answer["error"] for answer in answers if not answer["ok"])
        assert error["code"] == "too_many_requests"
        assert 0 < error["retry_after_seconds"] <= 1


UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: hub\r\n", UPGRADE], ids=["nothing", "half", "no name"])
async def test_connections_that_are_nobodys_are_so_many_of_an_address(settings: Settings, said: bytes) -> None:
    async with (
        running_hub(settings.model_copy(update={"limit_sockets_per_address": 4})) as url,
        AsyncExitStack() as stack,
    ):
        taken = [await opened(url, said, stack) for _nr in range(4)]
        assert await is_over((await opened(url, said, stack))[0], PATIENT_SECONDS)
        assert not any([await is_over(reader) for reader, _writer in taken])
        taken[0][1].close()
        async with asyncio.timeout(PATIENT_SECONDS):
            while await is_over((await opened(url, said, stack))[0]):
                pass  # until the hub has seen that one is gone


async def test_a_proxy_that_is_trusted_speaks_for_many(settings: Settings) -> None:
    told = settings.model_copy(update={"limit_sockets_per_address": 2, "trusted_proxies": "127.0.0.0/8"})
    async with running_hub(told) as url, AsyncExitStack() as stack:
        assert not any([await is_over((await opened(url, b"", stack))[0]) for _nr in range(5)])


async def opened(url: str, said: bytes, stack: AsyncExitStack) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    stack.callback(writer.close)
    writer.write(said)
    return reader, writer


async def is_over(reader: asyncio.StreamReader, seconds: float = 0.3) -> bool:
    """Whether the hub closes a connection soon."""
    try:
        async with asyncio.timeout(seconds):
            while await reader.read(1000):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


async def test_where_a_setting_allows_it_a_client_may_poll(settings: Settings, agency: Agency) -> None:
    async with running_node(settings.model_copy(update={"polling": True})) as node:
        for transports in (["polling"], ["polling", "websocket"]):
            client = Client(agency.ana)
            await client.connect(node.url, transports=transports)
            await client.enter(agency.room_id)
            for nr in range(10):
                await node.commands.run(
                    agency.mihai.actor, "message.post", {"room_id": agency.room_id, "body": f"{nr}"}
                )
            await client.hears_all("message.posted", 10)
            assert client.bodies() == [f"{nr}" for nr in range(10)]
            await client.disconnect()


async def refusal(node: Node, agency: Agency) -> Any:
    """Why Ana isn't let in once more, or None when she is."""
    client = Client(agency.ana)
    refusals: list[Any] = []
    client._io.on("connect_error", refusals.append)
    try:
        await client.connect(node.url)
    except NotConnected:
        return refusals[0]["data"]
    finally:
        await client.disconnect()
    return None
