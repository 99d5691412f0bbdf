"""Reads over HTTP: for whom they are, in pages, and as the document says."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from openapi_schema_validator import OAS31Validator

from hub.contract import openapi
from hub.parts import READS
from store.reads import Read
from tests.web.calls import get
from tests.web.houses import House

OF_A_ROOM = [read.path for read in READS if "room_id" in read.in_path]
DOCUMENT = openapi("1.0.0")


@pytest.mark.parametrize("read", OF_A_ROOM)
async def test_cc22_cc102_another_s_room_is_not_there(house: House, read: str) -> None:
    of_ours, of_nobody_s = (read.format(room_id=room, task_id=house.scene.task) for room in (house.room, uuid4()))
    for who in ("outsider", "freelancer", "root"):
        there = await get(house, who, of_ours)
        nowhere = await get(house, who, of_nobody_s)
        assert there.status_code == nowhere.status_code == 404
        assert there.json() == nowhere.json()
    assert (await get(house, "ana", of_ours)).status_code == 200


@pytest.mark.parametrize("read", OF_A_ROOM)
async def test_what_is_for_the_team_is_in_no_read_of_a_client_s(house: House, read: str) -> None:
    await house.scene.agency.run(
        house.scene.agency.ana, "timer.start", room_id=house.room, task_id=house.scene.secret_task
    )
    path = read.format(room_id=house.room, task_id=house.scene.secret_task)
    client = (await get(house, "client", path)).text
    for secret in ("Between us", "Raise the price", "margins.txt", house.scene.secret_task):
        assert secret not in client
    found = (await get(house, "client", "/search", q="Between")).json()["results"]
    assert found == []
    assert (await get(house, "ana", "/search", q="Between")).json()["results"]


async def test_a_task_is_read_in_its_room_alone(house: House) -> None:
    scene = house.scene
    task = (await get(house, "client", f"/rooms/{house.room}/tasks/{scene.task}")).json()["task"]
    assert (task["id"], task["title"], task["description"]) == (scene.task, "Homepage copy", "")
    secret = (await get(house, "ana", f"/rooms/{house.room}/tasks/{scene.secret_task}")).json()["task"]
    assert secret["audience"] == "team"
    for who, room, id in (
        ("client", house.room, scene.secret_task),
        ("admin", scene.spare_room, scene.task),
        ("ana", house.room, uuid4()),
        ("ana", house.room, "x"),
    ):
        answer = await get(house, who, f"/rooms/{room}/tasks/{id}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), (who, id)


async def test_rv22_a_client_gets_no_list_of_people(house: House) -> None:
    for path in ("/people", "/companies"):
        assert (await get(house, "client", path)).status_code == 403
        assert (await get(house, "ana", path)).status_code == 200
    persons = (await get(house, "client", f"/rooms/{house.room}")).json()["persons"]
    assert {person["name"] for person in persons} == {"Irina", "Ana", "Mihai", "Clara"}
    assert all(set(person) == {"id", "name", "kind"} for person in persons)


async def test_a_room_is_read_by_part(house: House) -> None:
    path = f"/rooms/{house.room}"
    whole = (await get(house, "ana", path)).json()
    assert (await get(house, "ana", path, parts="")).json() == whole
    by_part = (await get(house, "ana", path, parts="tasks,files")).json()
    assert (by_part["tasks"], by_part["files"]) == (whole["tasks"], whole["files"])
    assert (by_part["messages"], by_part["at"]) == ([], whole["at"])
    bare = (await get(house, "ana", path, parts="none")).json()
    assert bare["counts"] == by_part["counts"]
    assert bare["counts"]["files"] == len(whole["files"])
    assert "counts" not in whole
    assert (await get(house, "outsider", path, parts="tasks")).status_code == 404


async def test_long_texts_come_in_pages_that_say_whether_there_are_more(own_house: House) -> None:
    agency, room = own_house.scene.agency, f"/rooms/{own_house.room}"
    for number in range(9):
        await agency.post(agency.ana, f"{number} {'ș' * 19_000}")
    every = [str(number) for number in range(9)]

    events = page = (await get(own_house, "client", f"{room}/events")).json()
    while page["more"]:
        page = (await get(own_house, "client", f"{room}/events", after=page["at"]["offset"])).json()
        assert page["events"]
        events["events"] += page["events"]
    said = [event["message"]["body"][0] for event in events["events"] if event["name"] == "message.posted"]
    assert said[-9:] == every
    assert len({event["at"]["offset"] for event in events["events"]}) == len(events["events"])

    page = (await get(own_house, "client", f"{room}/messages")).json()
    messages = page["messages"]
    assert page["earlier"]
    while page["earlier"]:
        page = (await get(own_house, "client", f"{room}/messages", before=messages[0]["id"])).json()
        messages = page["messages"] + messages
    assert [message["body"][0] for message in messages][-9:] == every

    page = (await get(own_house, "client", f"{room}/timeline")).json()
    told = page["events"]
    assert page["earlier"]
    while page["earlier"]:
        page = (await get(own_house, "client", f"{room}/timeline", before=told[-1]["at"]["offset"])).json()
        told += page["events"]
    assert [event["at"] for event in reversed(told)] == [event["at"] for event in events["events"]]


async def test_a_list_of_rooms_is_without_their_descriptions(own_house: House) -> None:
    agency = own_house.scene.agency
    await agency.run(agency.admin, "room.change", room_id=own_house.room, description="Long **words**")
    listed = (await get(own_house, "ana", "/rooms")).json()["rooms"]
    assert {(room["description"], room["html"]) for room in listed} == {(None, None)}
    room = (await get(own_house, "ana", f"/rooms/{own_house.room}")).json()["room"]
    assert (room["description"], room["html"]) == ("Long **words**", "<p>Long <strong>words</strong></p>")


async def test_rooms_are_listed_page_by_page(own_house: House) -> None:
    agency = own_house.scene.agency
    for number in range(5):
        await agency.run(agency.admin, "room.open", title=f"Project {number}")
    seen: list[str] = []
    after = None
    while True:
        page = (await get(own_house, "admin", "/rooms", limit=2, **({"after": after} if after else {}))).json()
        seen += [room["title"] for room in page["rooms"]]
        if (after := page["after"]) is None:
            break
    assert seen == [*(f"Project {number}" for number in (4, 3, 2, 1, 0)), "Packaging", "Website"]
    await agency.run(agency.admin, "room.archive", room_id=own_house.room)
    archived = (await get(own_house, "admin", "/rooms", archived="true")).json()["rooms"]
    assert [room["title"] for room in archived] == ["Website"]
    assert [room["title"] for room in (await get(own_house, "client", "/rooms")).json()["rooms"]] == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/rooms", {"after": "x"}),
        ("/rooms", {"limit": "x"}),
        ("/rooms/{room}/events", {"after": "-1"}),
        ("/rooms/{room}/events", {"after": "9" * 30}),
        ("/rooms/{room}/messages", {"before": "x"}),
        ("/rooms/{room}/entries", {"from": "yesterday"}),
        ("/rooms/{room}/entries", {"from": "0001-01-01T00:00:00+14:00"}),
        ("/rooms/{room}/entries", {"from": "1900-01-01T00:00:00+14:00"}),
        ("/rooms/{room}/entries", {"to": "9999-12-31T23:59:59-12:00"}),
        ("/rooms/{room}/entries", {"to": "2200-01-01"}),
        ("/rooms/{room}/timeline", {"person_id": "x"}),
    ],
)
async def test_a_query_that_can_t_be_so_is_said_by_field(house: House, path: str, query: dict[str, str]) -> None:
    answer = await get(house, "ana", path.format(room=house.room), **query)
    assert answer.status_code == 422
    assert set(answer.json()["error"]["fields"]) == set(query)


async def test_every_field_of_a_query_that_can_t_be_so_is_named(house: House) -> None:
    error = (await get(house, "ana", "/rooms", after="x", limit="y", stage_id="z")).json()["error"]
    assert error["fields"] == {
        "after": "This isn't an identifier.",
        "limit": "This must be a whole number.",
        "stage_id": "This isn't an identifier.",
    }


async def test_what_a_query_says_beside_or_leaves_empty_changes_nothing(house: House) -> None:
    plain = (await get(house, "ana", "/rooms")).json()
    empty = dict.fromkeys(("process", "archived", "q", "company_id", "stage_id", "mine", "after", "limit"), "")
    assert (await get(house, "ana", "/rooms", **empty)).json() == plain
    assert (await get(house, "ana", "/rooms", colour="red")).json() == plain
    other = await get(house, "ana", f"/rooms/{house.room}/messages", room_id=uuid4())
    assert other.json() == (await get(house, "ana", f"/rooms/{house.room}/messages")).json()
    twice = await get(house, "ana", "/rooms", limit=["x", "1"])
    assert len(twice.json()["rooms"]) == 1


@pytest.mark.parametrize("read", READS, ids=lambda read: read.name)
@pytest.mark.parametrize("who", ["admin", "ana", "client"])
async def test_a_read_answers_what_the_document_says(house: House, read: Read, who: str) -> None:
    scene = house.scene
    process = (await get(house, "admin", f"/rooms/{house.room}")).json()["process"]["id"]
    things = {"room_id": house.room, "task_id": scene.task, "person_id": house.person("ana").id, "process_id": process}
    path = read.path.format(**things)
    asked = {"q": "a", "parts": "none"}
    answer = await get(house, who, path, **{name: asked[name] for name in asked if name in read.in_query})
    responses = DOCUMENT["paths"][f"/api/v1{read.path}"]["get"]["responses"]
    assert str(answer.status_code) in responses
    if answer.status_code != 200:
        assert who == "client", answer.text
        return
    said = responses["200"]["content"]["application/json"]["schema"]
    OAS31Validator({**said, "components": DOCUMENT["components"]}).validate(answer.json())
    assert answer.json().keys() == properties_of(said)


def properties_of(schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return properties_of(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return set(schema.get("properties", ())).union(*(properties_of(part) for part in schema.get("allOf", ())))


async def test_entries_and_the_timeline_are_read_by_their_own_measures(house: House) -> None:
    agency = house.scene.agency
    await agency.run(agency.mihai, "timer.start", room_id=house.room, note="Plan")
    await agency.run(agency.mihai, "timer.stop")
    past, coming = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    path = f"/rooms/{house.room}/entries"
    entries = (await get(house, "client", path, **{"from": past.isoformat(), "to": coming.isoformat()})).json()
    assert "Plan" in [entry["note"] for entry in entries["entries"]]
    assert (await get(house, "client", path, **{"from": coming.isoformat()})).json()["entries"] == []
    assert entries["seconds"] >= 0
    path = f"/rooms/{house.room}/timeline"
    stops = (await get(house, "client", path, names="timer.stopped", person_id=str(agency.mihai.id))).json()["events"]
    assert {event["name"] for event in stops} == {"timer.stopped"}
