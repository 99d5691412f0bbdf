"""The gateway, through real Socket.IO clients."""

from typing import Any

import pytest
from socketio.exceptions import ConnectionError as NotConnected

from tests.hub.agencies import Agency
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node


async def test_a_message_reaches_everyone_in_the_room_in_order(node: Node, agency: Agency) -> None:
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(node.url, agency.client, agency.room_id) as clara,
        in_room(node.url, agency.admin, agency.room_id) as irina,
    ):
        for nr in range(20):
            answer = await ana.send("message.post", {"room_id": agency.room_id, "body": f"{nr}", "audience": "all"})
            assert answer["ok"], answer
        for client in (ana, clara, irina):
            await client.hears_all("message.posted", 20)
            assert client.bodies() == [f"{nr}" for nr in range(20)]
            assert client.offsets() == sorted(set(client.offsets()))
        assert answer["at"]["offset"] == ana.offsets()[-1]


async def test_what_is_for_the_team_does_not_reach_the_client(node: Node, agency: Agency) -> None:
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(node.url, agency.client, agency.room_id) as clara,
    ):
        for audience in ("team", "all"):
            await ana.send("message.post", {"room_id": agency.room_id, "body": audience, "audience": audience})
        await clara.until(lambda: "all" in clara.bodies())
        assert clara.bodies() == ["all"]
        assert ana.bodies() == ["team", "all"]
        answer = await clara.enter(agency.room_id, epoch=clara.at["epoch"], after=0)
        assert "team" not in str(answer["events"])


async def refusal(client: Client, node: Node, **options: Any) -> Any:
    """Why somebody isn't let in."""
    refusals: list[Any] = []
    client._io.on("connect_error", refusals.append)
    with pytest.raises(NotConnected):
        await client.connect(node.url, **options)
    await client.disconnect()
    return refusals[0]["data"]


async def test_a_stranger_is_not_let_in(node: Node) -> None:
    assert await refusal(Client(token="nobody's"), node) == {"code": "not_signed_in"}


async def test_a_window_lets_in_nobody_but_whom_it_was_drawn_for(node: Node, agency: Agency) -> None:
    for other in ({"person_id": str(agency.ana.id)}, {"person_id": "nobody"}):
        assert await refusal(Client(agency.mihai), node, drawn_for=other) == {"code": "not_signed_in"}
    mihai = Client(agency.mihai)
    await mihai.connect(node.url, drawn_for={"person_id": str(agency.mihai.id)})
    await mihai.enter(agency.room_id)
    await mihai.disconnect()


@pytest.mark.parametrize("way", ["cookie", "bearer"])
async def test_a_session_may_come_as_a_header(node: Node, agency: Agency, way: str) -> None:
    client = Client()
    token = agency.ana.token
    header = {"Cookie": f"hub_session={token}"} if way == "cookie" else {"Authorization": f"Bearer {token}"}
    await client.connect(node.url, headers=header)
    await client.enter(agency.room_id)
    await client.disconnect()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"])
async def test_another_sites_page_is_not_let_in(node: Node, agency: Agency, origin: str) -> None:
    client = Client(agency.ana)
    with pytest.raises(NotConnected):
        await client.connect(node.url, headers={"Origin": origin})
    await client.disconnect()


async def test_the_own_page_is_let_in(node: Node, agency: Agency) -> None:
    client = Client(agency.ana)
    await client.connect(node.url, headers={"Origin": node.url})
    await client.disconnect()


async def test_another_business_sees_nothing(node: Node, agency: Agency) -> None:
    async with connected(node.url, agency.outsider) as oleh, in_room(node.url, agency.ana, agency.room_id) as ana:
        answer = await oleh.send("room.enter", {"room_id": agency.room_id})
        assert answer["error"]["code"] == "not_found"
        answer = await oleh.send("message.post", {"room_id": agency.room_id, "body": "x"})
        assert answer["error"]["code"] == "not_found"
        answer = await oleh.send("signal.send", {"room_id": agency.room_id, "kind": "typing"})
        assert answer["error"]["code"] == "not_found"
        await ana.send("message.post", {"room_id": agency.room_id, "body": "ours"})
        assert (await oleh.send("stream.enter", {"stream": "business"}))["snapshot"] == {"timers": [], "absences": []}
        assert not oleh.heard


async def test_what_is_missed_is_told_on_coming_back(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.client, agency.room_id) as clara:
        await agency.post(agency.ana, "first", audience="all")
        at = (await clara.hears("message.posted"))["at"]
    for nr in range(30):
        await agency.post(agency.ana, f"{nr}", audience="team" if nr % 3 else "all")
    async with connected(node.url, agency.client) as clara:
        answer = await clara.enter(agency.room_id, epoch=at["epoch"], after=at["offset"])
        bodies = [event["message"]["body"] for event in answer["events"]]
        assert bodies == [f"{nr}" for nr in range(0, 30, 3)]
        assert {event["name"] for event in answer["events"]} == {"message.posted"}
        assert answer["at"]["offset"] == at["offset"] + 30
        other = await clara.enter(agency.room_id, epoch="another", after=at["offset"])
        assert "events" not in other
        assert other["snapshot"]["room"]["title"] == "Website"
        ahead = await clara.enter(agency.room_id, epoch=at["epoch"], after=10_000)
        assert "snapshot" in ahead


async def test_a_room_is_entered_by_part(node: Node, agency: Agency) -> None:
    task = await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Copy", description="Words")
    async with connected(node.url, agency.ana) as ana, connected(node.url, agency.mihai) as mihai:
        glance = await ana.enter(agency.room_id, parts=["wall", "something of tomorrow"])
        wanted = await mihai.enter(agency.room_id, parts=["tasks"])
        every = await mihai.enter(agency.room_id)
        assert glance["at"] == wanted["at"] == every["at"]
        assert glance["snapshot"]["tasks"][0]["description"] is None
        assert wanted["snapshot"]["tasks"][0]["description"] == "Words"
        assert glance["snapshot"]["counts"] == wanted["snapshot"]["counts"] == {"tasks": 1, "open_tasks": 1, "files": 0}
        assert "counts" not in every["snapshot"]
        assert every["snapshot"]["tasks"] == wanted["snapshot"]["tasks"]
        await agency.run(agency.mihai, "task.complete", task_id=task.result["id"])
        told = await ana.hears("task.completed")
        again = await ana.enter(
            agency.room_id, epoch=glance["at"]["epoch"], after=glance["at"]["offset"], parts=["wall"]
        )
        assert [event["task"]["id"] for event in again["events"] if event["name"] == "task.completed"] == [
            told["task"]["id"]
        ]


async def test_own_streams(node: Node, agency: Agency) -> None:
    async with connected(node.url, agency.ana) as ana, connected(node.url, agency.client) as clara:
        assert (await ana.send("stream.enter", {"stream": "person"}))["snapshot"]["account"]["name"] == "Ana"
        assert (await ana.send("stream.enter", {"stream": "business"}))["ok"]
        assert (await clara.send("stream.enter", {"stream": "business"}))["error"]["code"] == "forbidden"
        await ana.send("timer.start", {"room_id": agency.room_id})
        assert (await ana.hears("timer.started"))["stream"] == f"person:{agency.ana.id}"
        assert (await ana.send("stream.leave", {"stream": "person"})) == {"ok": True}


async def test_signals_are_told_to_the_others_in_the_room(node: Node, agency: Agency) -> None:
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(node.url, agency.mihai, agency.room_id) as mihai,
        in_room(node.url, agency.client, agency.room_id) as clara,
    ):
        typing = {"room_id": agency.room_id, "kind": "typing"}
        assert await ana.send("signal.send", {**typing, "audience": "team"}) == {"ok": True}
        assert await ana.send("signal.send", {**typing, "data": {"at": 3}, "audience": "all"}) == {"ok": True}
        await clara.hears("signal.sent")
        await mihai.until(lambda: len(mihai.named("signal.sent")) == 2)
        (signal,) = clara.named("signal.sent")
        assert (signal["kind"], signal["data"], signal["at"]) == ("typing", {"at": 3}, None)
        assert signal["actor_id"] == str(agency.ana.id)
        assert not ana.named("signal.sent")
        answer = await clara.send("signal.send", {**typing, "audience": "team"})
        assert answer["error"]["fields"].keys() == {"audience"}
        answer = await clara.send("signal.send", {**typing, "data": "x" * 1100})
        assert answer["error"]["fields"].keys() == {"data"}


async def test_a_signal_defaults_to_the_rooms_audience(node: Node, agency: Agency) -> None:
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(node.url, agency.client, agency.room_id) as clara,
        in_room(node.url, agency.admin, agency.room_id) as irina,
    ):
        await irina.send("room.change", {"room_id": agency.room_id, "default_audience": "team"})
        await clara.hears("room.changed")
        await ana.send("signal.send", {"room_id": agency.room_id, "kind": "typing"})
        await irina.hears("signal.sent")
        await ana.send("message.post", {"room_id": agency.room_id, "body": "x", "audience": "all"})
        await clara.hears("message.posted")
        assert not clara.named("signal.sent")


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("nothing.known", {}, "unknown_command"),
        ("message.post", {"room_id": "x"}, "invalid"),
        ("message.post", ["a", "b"], "malformed"),
        ("message.post", "text", "malformed"),
        ("message.post", {"body": "x", "key": 3}, "malformed"),
        ("room.enter", {"room_id": "x"}, "invalid"),
        ("room.enter", {"room_id": "00000000-0000-0000-0000-000000000000"}, "not_found"),
        ("stream.enter", {"stream": "other"}, "invalid"),
    ],
)
async def test_what_cannot_be_done_is_said(node: Node, agency: Agency, name: str, fields: Any, code: str) -> None:
    async with connected(node.url, agency.ana) as ana:
        answer = await ana.send(name, fields)
        assert answer["ok"] is False
        assert answer["error"]["code"] == code
        assert await ana.send("room.leave", {"room_id": agency.room_id}) == {"ok": True}


@pytest.mark.parametrize("key", ["", "k" * 201, "\0", "a\nb"])
async def test_a_key_can_be_written_down(node: Node, agency: Agency, key: str) -> None:
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        answer = await ana.send("message.post", {"room_id": agency.room_id, "body": "once", "key": key})
        assert list(answer["error"]["fields"]) == ["key"]
        assert ana.bodies() == []


async def test_a_key_posts_once(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        post = {"room_id": agency.room_id, "body": "once", "key": "k1"}
        answers = [await ana.send("message.post", post) for _nr in range(12)]
        assert all(answer == answers[0] for answer in answers)
        assert (await ana.send("message.post", {**post, "body": "twice"}))["error"]["code"] == "key_reused"
        assert ana.bodies() == ["once"]
