"""What the log tells of who was refused what, and that nobody writes lines of their own into it."""

from collections.abc import Callable

import pytest
import structlog
from socketio.exceptions import ConnectionError as NotConnected
from structlog.typing import Processor

from hub.gateway.requests import NOTED_AT_ONCE
from hub.operations.logs import json_processors, text_processors
from tests.hub.agencies import Agency
from tests.hub.clients import Client, connected
from tests.hub.nodes import Node

FORGED = "/rooms\r\n2026-11-29T12:00:00Z [info] signed in\u2028\x1b[2J\x9b2J\u202e"


async def test_what_is_refused_on_a_socket_is_in_the_log(node: Node, agency: Agency) -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        async with connected(node.url, agency.client) as clara:
            await clara.send("person.lock", {"person_id": str(agency.ana.id)})
    [line] = [line for line in lines if line["event"] == "command_refused"]
    assert line["command"] == "person.lock"
    assert line["refusal"] in ("forbidden", "not_found")
    assert line["person_id"] == str(agency.client.id)
    assert line["address"] == "127.0.0.1"


async def test_who_insists_on_a_socket_fills_no_log(node: Node, agency: Agency) -> None:
    with structlog.testing.capture_logs() as lines:
        async with connected(node.url, agency.client) as clara:
            for _each in range(3 * NOTED_AT_ONCE):
                await clara.send("person.lock", {"person_id": str(agency.ana.id)})
    refused = [line for line in lines if line["event"] == "command_refused"]
    assert NOTED_AT_ONCE <= len(refused) < 2 * NOTED_AT_ONCE


async def test_a_stranger_s_socket_is_in_the_log(node: Node) -> None:
    client = Client(token="nobody's")
    with structlog.testing.capture_logs() as lines:
        with pytest.raises(NotConnected):
            await client.connect(node.url)
        await client.disconnect()
    [line] = [line for line in lines if line["event"] == "socket_refused"]
    assert (line["refusal"], line["address"]) == ("not_signed_in", "127.0.0.1")
    assert "nobody's" not in str(lines)


@pytest.mark.parametrize("processors", [text_processors, json_processors])
def test_what_was_sent_ends_no_line_and_moves_no_cursor(processors: Callable[[], list[Processor]]) -> None:
    drawn: object = {"event": "request", "path": FORGED, "level": "info", "timestamp": "2026-11-29T12:00:00Z"}
    for processor in processors():
        drawn = processor(None, "info", drawn)  # type: ignore[arg-type]  # the last one gives a text
    assert "signed in" in str(drawn)
    assert len(str(drawn).splitlines()) == 1
    assert not any(sign in str(drawn) for sign in FORGED if not sign.isprintable())
