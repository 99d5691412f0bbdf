"""Sockets: what goes below python-socketio and python-engineio, and what clients may do to a connection.

The first tests are the contract: each names something private that a new version of the libraries may change.
"""

import asyncio
import inspect
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import engineio
import orjson
import pytest
import socketio
import uvicorn
from engineio.async_socket import AsyncSocket
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed

from hub import metrics
from hub.settings import Settings
from hub.sockets.packets import PackedEvent, event_data
from hub.sockets.websockets import WebSocket
from tests.hub.agencies import Agency
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node, running_node
from tests.patience import PATIENT_SECONDS, promised


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (socketio.AsyncServer, "_engineio_server_class", ["self"]),
        (socketio.AsyncServer, "_handle_eio_message", ["self", "eio_sid", "data"]),
        (socketio.AsyncServer, "_handle_event", ["self", "eio_sid", "namespace", "id", "data"]),
        (socketio.AsyncServer, "_send_packet", ["self", "eio_sid", "pkt"]),
        (socketio.AsyncManager, "basic_disconnect", ["self", "sid", "namespace", "kwargs"]),
        (socketio.AsyncManager, "basic_leave_room", ["self", "sid", "namespace", "room"]),
        (engineio.AsyncServer, "_handle_connect", ["self", "environ", "transport", "jsonp_index"]),
        (engineio.AsyncServer, "create_queue", ["self", "args", "kwargs"]),
        (AsyncSocket, "_websocket_handler", ["self", "ws"]),
        (AsyncSocket, "schedule_ping", ["self"]),
        (AsyncSocket, "close", ["self", "wait", "abort", "reason"]),
        (AsyncSocket, "poll", ["self"]),
        (HttpToolsProtocol, "data_received", ["self", "data"]),
        (HttpToolsProtocol, "on_message_begin", ["self"]),
        (HttpToolsProtocol, "on_headers_complete", ["self"]),
        (HttpToolsProtocol, "on_header", ["self", "name", "value"]),
        (HttpToolsProtocol, "on_body", ["self", "body"]),
        (HttpToolsProtocol, "on_message_complete", ["self"]),
    ],
)
def test_the_libraries_have_what_is_overridden(owner: type, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


def test_uvicorn_makes_connections_as_upgrade_expects() -> None:
    for protocol in (HttpToolsProtocol, H11Protocol):
        source = inspect.getsource(protocol.handle_websocket_upgrade)
        made = re.sub(r"\s|#.*", "", source).partition("self.ws_protocol_class(")[2]
        assert made.startswith("config=self.config,server_state=self.server_state,app_state=self.app_state,)")
        assert "protocol.connection_made(self.transport)protocol.data_received(" in made
        assert made.endswith("self.transport.set_protocol(protocol)")
    assert list(inspect.signature(WebSocketsSansIOProtocol).parameters)[:3] == ["config", "server_state", "app_state"]
    assert "for connection in list(self.server_state.connections):\n            connection.shutdown()" in (
        inspect.getsource(uvicorn.Server.shutdown)
    )


async def test_who_is_gone_leaves_nothing_behind(node: Node, agency: Agency) -> None:
    server = node.gateway._server
    async with in_room(node.url, agency.ana, agency.room_id):
        assert len(server.connections) == 1
    await _only(node, 0)
    assert not server.connections
    assert not node.gateway.fanout.streams
    assert not node.gateway._admission._persons
    assert not node.gateway._admission._addresses


async def test_who_polled_leaves_nothing_behind(settings: Settings, agency: Agency) -> None:
    async with running_node(settings.model_copy(update={"polling": True})) as node:
        server = node.gateway._server._polling
        assert server
        for transports in (["polling"], ["polling", "websocket"]):
            async with in_room_by(node, agency, transports):
                assert server.manager.rooms["/"]
            await _only(node, 0)
            for kept in (server.manager.rooms, server.manager.pending_disconnect, server.environ, server.eio.sockets):
                async with asyncio.timeout(PATIENT_SECONDS):
                    while kept:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)


@asynccontextmanager
async def in_room_by(node: Node, agency: Agency, transports: list[str]) -> AsyncIterator[None]:
    client = Client(agency.ana)
    await client.connect(node.url, transports=transports)
    try:
        await client.enter(agency.room_id)
        yield
    finally:
        await client.disconnect()


async def test_a_connection_is_small_and_has_no_task_of_its_own(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.ana, agency.room_id):
        (websocket,) = node.gateway._server.connections
        assert isinstance(websocket, WebSocket)
        assert not hasattr(websocket, "__dict__")
        assert websocket._task is None


@asynccontextmanager
async def bare(node: Node, agency: Agency, **options: Any) -> AsyncIterator[ClientConnection]:
    """A WebSocket of Ana's that speaks whatever a test has it say."""
    url = node.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    headers = {"Authorization": f"Bearer {agency.ana.token}"}
    options = {"compression": None, "close_timeout": 0.2} | options
    async with connect_websocket(url, additional_headers=headers, **options) as websocket:
        assert str(await websocket.recv()).startswith("0{")
        await websocket.send("40")
        while (said := str(await websocket.recv())) == "2":
            await websocket.send("3")
        assert said.startswith("40{")
        yield websocket


MALFORMED: list[str | bytes] = [
    "",
    "x",
    "9",
    "4",
    "4x",
    "49",
    "42",
    "42{}",
    "42[]",
    "42[",
    "42" + "[" * 100_000,
    "42" + "9" * 200 + '["room.leave"]',
    '451-["room.leave",{"_placeholder":true,"num":0}]',
    '44{"message":"x"}',
    "43",
    '43999999["x"]',
    "40/other,",
    "42/other,1[]",
    "40",
    "41",
    b"\x00\x01",
    "4" + "x" * 1_100_000,
]

SENSELESS = [
    "[3,{}]",
    "[null]",
    '["room.enter",1,2]',
    '["message.post",[]]',
    '[{"a":1}]',
    '["x"]',
    '["room.enter",null]',
]


async def test_a_malformed_frame_harms_only_its_own_connection(node: Node, agency: Agency) -> None:
    async with connected(node.url, agency.mihai) as mihai:
        for frame in MALFORMED:
            async with bare(node, agency) as websocket:
                with suppress(ConnectionClosed):
                    await websocket.send(frame)
                    await websocket.send(f'427["room.leave",{{"room_id":"{agency.room_id}"}}]')
                    while (said := str(await websocket.recv())) != '437[{"ok":true}]':
                        assert said.startswith(("44", "40", "41")), said
                        if frame == "41":
                            break
            await _only(node, 1)
        await mihai.enter(agency.room_id)


async def test_a_packet_that_makes_no_sense_is_refused(node: Node, agency: Agency) -> None:
    async with bare(node, agency) as websocket:
        for data in SENSELESS:
            await websocket.send(f"421{data}")
            answer = str(await websocket.recv())
            assert answer.startswith("431[")
            assert orjson.loads(answer[3:])[0]["error"]["code"] in ("malformed", "unknown_command")


async def test_a_reader_that_stalls_is_closed_and_costs_the_others_nothing(node: Node, agency: Agency) -> None:
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.setblocking(False)
    host, port = node.url.removeprefix("http://").split(":")
    await asyncio.get_running_loop().sock_connect(stalled, (host, int(port)))
    async with bare(node, agency, sock=stalled) as websocket, in_room(node.url, agency.client, agency.room_id) as clara:
        await websocket.send(f'421["room.enter",{{"room_id":"{agency.room_id}"}}]')
        assert str(await websocket.recv()).startswith("431[")
        websocket.transport.pause_reading()
        before = metrics.sockets_too_slow._value.get()
        large = PackedEvent(f"room:{agency.room_id}", None, None, "x", "all", event_data("x", {"x": "x" * 100_000}))
        nr = 0
        while metrics.sockets_too_slow._value.get() == before:
            node.gateway.fanout.deliver(large)
            nr += 1
            await clara.hears_all("x", nr)
        await _only(node, 1)


async def test_a_packet_may_come_in_parts_between_pings(node: Node, agency: Agency) -> None:
    async with bare(node, agency) as websocket:
        pong = await websocket.ping(b"there?")
        await websocket.send(["427", '["room.leave",', f'{{"room_id":"{agency.room_id}"}}', "]"])
        assert await websocket.recv() == '437[{"ok":true}]'
        await asyncio.wait_for(pong, PATIENT_SECONDS)
        await websocket.close(3001, "bye")
        assert websocket.close_code == 3001


async def test_packets_sent_together_are_answered_in_their_order(node: Node, agency: Agency) -> None:
    async with bare(node, agency) as websocket:
        for id in range(60):
            name = ("message.post", "room.leave")[id % 2]
            fields = ('"body":"x",', "")[id % 2]
            await websocket.send(f'42{id}["{name}",{{{fields}"room_id":"{agency.room_id}"}}]')
        answered = [str(await websocket.recv()).partition("[")[0] for _nr in range(60)]
        assert answered == [f"43{id}" for id in range(60)]


async def test_nobody_else_is_told_what_another_namespace_is_for(node: Node, agency: Agency) -> None:
    async with bare(node, agency) as websocket:
        await websocket.send("40/other,{}")
        assert str(await websocket.recv()).startswith("44/other,")
        await websocket.send('42/other,1["room.leave",{}]')
        await websocket.send(f'422["room.leave",{{"room_id":"{agency.room_id}"}}]')
        assert str(await websocket.recv()) == '432[{"ok":true}]'


async def test_a_connection_that_never_signs_in_is_closed(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.sockets.connections.NAMELESS_SECONDS", 0.1)
    url = node.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with connect_websocket(url) as websocket, asyncio.timeout(PATIENT_SECONDS):
        assert str(await websocket.recv()).startswith("0{")
        with pytest.raises(ConnectionClosed):
            await websocket.recv()


async def test_a_connection_that_answers_no_pings_is_closed(
    node: Node, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.sockets.server.BEAT_SECONDS", 0.05)
    monkeypatch.setattr(node.gateway._server, "ping_interval", 0.3)
    monkeypatch.setattr(node.gateway._server, "ping_timeout", promised(0.5))
    async with bare(node, agency) as websocket:
        assert str(await websocket.recv()) == "2"
        await websocket.send("3")
        assert str(await websocket.recv()) == "2"
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(websocket.recv(), PATIENT_SECONDS)


async def test_long_polling_is_refused_unless_a_setting_allows_it(node: Node, agency: Agency) -> None:
    client = socketio.AsyncClient()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(node.url, transports=["polling"], auth={"token": agency.ana.token})
    if client.eio.http is not None:
        await client.eio.http.close()


async def _only(node: Node, count: int) -> None:
    async with asyncio.timeout(PATIENT_SECONDS):
        while len(node.gateway.clients) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def test_a_hub_without_long_polling_loads_none_of_it() -> None:
    program = "import hub.server, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "hub.sockets.websockets" in loaded.stdout.split()
    assert not {"engineio", "socketio", "aiohttp", "hub.sockets.polling"} & set(loaded.stdout.split())
