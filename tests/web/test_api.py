"""The wire contract over HTTP: commands, logs, and refusals."""

import json
from uuid import uuid4

import pytest

from hub.parts import READS
from hub.settings import Settings
from tests.web.calls import get, run
from tests.web.conftest import Built, standing
from tests.web.houses import House


async def test_a_command_answers_with_its_result_and_its_place(house: House) -> None:
    answer = (await run(house, "ana", "message.post", {"room_id": house.room, "body": "Hello"})).json()
    assert answer["ok"] is True
    assert answer["result"]["body"] == "Hello"
    assert answer["at"]["stream"] == f"room:{house.room}"
    assert (await get(house, "ana", f"/rooms/{house.room}")).json()["at"] == answer["at"]


async def test_a_repeated_key_has_one_effect_and_a_reused_one_is_refused(house: House) -> None:
    fields, key = {"room_id": house.room, "body": "Just once"}, {"idempotency-key": str(uuid4())}
    answers = [(await run(house, "ana", "message.post", fields, **key)).json() for _ in range(12)]
    assert all(answer == answers[0] for answer in answers)
    messages = (await get(house, "ana", f"/rooms/{house.room}/messages")).json()["messages"]
    assert [message["body"] for message in messages].count("Just once") == 1
    reused = await run(house, "ana", "message.post", fields | {"body": "Other"}, **key)
    assert (reused.status_code, reused.json()["error"]["code"]) == (422, "key_reused")


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "NaN", "[" * 100_000, b"\xff\xfe"])
async def test_what_can_t_be_read_is_malformed(house: House, body: str | bytes) -> None:
    async with house.bot("ana") as bot:
        answer = await bot.post("/api/v1/commands/message.post", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")
    assert answer.json()["ok"] is False


@pytest.mark.parametrize("depth", [400, 700])
async def test_what_is_wrapped_many_times_is_refused_at_once(house: House, depth: int) -> None:
    """Nobody else waits for it: looking at what was sent costs next to nothing."""
    body = b'{"name":' + b"[" * depth + b'"a",' * 240_000 + b'"a"' + b"]" * depth + b"}"
    async with house.bot("ana") as bot:
        answer = await bot.post("/api/v1/commands/account.change", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {"name": "This must be text."}


async def test_fields_that_can_t_be_so_are_named_in_plain_words(house: House) -> None:
    fields = {"room_id": "x", "body": 3, "colour": "red"}
    error = (await run(house, "ana", "message.post", fields)).json()["error"]
    assert error["code"] == "invalid"
    assert set(error["fields"]) == {"room_id", "body", "colour"}
    assert error["fields"]["room_id"] == "This isn't an identifier."
    empty = (await run(house, "ana", "task.create", {})).json()["error"]
    assert set(empty["fields"]) == {"room_id", "title"}


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800"])
async def test_signs_that_are_no_text_are_refused_and_break_nothing(house: House, text: str) -> None:
    body = json.dumps({"room_id": house.room, "body": text})
    async with house.bot("ana") as bot:
        answer = await bot.post("/api/v1/commands/message.post", content=body)
        search = await bot.get("/api/v1/search", params={"q": "\x00"})
        signing = await bot.post("/api/v1/session", content=json.dumps({"email": text, "password": text}))
    assert answer.status_code in (400, 422), answer.text
    assert search.status_code == 400
    assert signing.status_code in (400, 401)


async def test_an_unknown_command_is_not_found(house: House) -> None:
    answer = await run(house, "ana", "room.explode", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_command")


async def test_strangers_are_asked_to_sign_in(house: House) -> None:
    for path in ("/session", *(read.path for read in READS)):
        answer = await get(house, None, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in"), path


async def test_cc84_no_task_is_created_by_who_isn_t_in_the_room(house: House) -> None:
    fields = {"room_id": house.room, "title": "Logo"}
    assert (await run(house, "ana", "task.create", fields)).status_code == 200
    assert (await run(house, "freelancer", "task.create", fields)).status_code == 404
    assert (await run(house, "client", "task.create", fields)).status_code == 403


async def test_cc04_an_e_mail_in_use_is_refused_whoever_has_it(house: House) -> None:
    taken = await house.email("outsider")
    person = {"kind": "staff", "name": "New", "email": taken.upper(), "password": "a long enough one"}
    for name, fields in (("person.add", person), ("company.add", {"name": "New", "email": taken})):
        answer = await run(house, "admin", name, fields)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "email_taken")
        assert "email" in answer.json()["error"]["fields"]


async def test_the_log_is_read_in_order_from_after_an_offset(house: House) -> None:
    path = f"/rooms/{house.room}/events"
    whole = (await get(house, "ana", path)).json()
    offsets = [event["at"]["offset"] for event in whole["events"]]
    assert offsets == sorted(offsets)
    assert offsets[0] == 1
    assert whole["events"][0]["name"] == "room.opened"
    rest = (await get(house, "ana", path, epoch=whole["at"]["epoch"], after=offsets[2])).json()
    assert rest["events"] == whole["events"][3:]
    first = (await get(house, "ana", path, limit=2)).json()
    assert (len(first["events"]), first["at"]["offset"], first["more"]) == (2, 2, True)
    assert whole["more"] is False


async def test_what_can_t_be_continued_is_a_gap(house: House) -> None:
    path = f"/rooms/{house.room}/events"
    head = (await get(house, "ana", path)).json()["at"]
    for query in ({"epoch": "other", "after": 1}, {"epoch": head["epoch"], "after": head["offset"] + 1}):
        answer = await get(house, "ana", path, **query)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "gap")
    assert (await get(house, "ana", path, epoch=head["epoch"], after=head["offset"])).json()["events"] == []


async def test_a_process_s_log_is_read_from_where_a_room_s_snapshot_stands(own_house: House) -> None:
    path = f"/processes/{own_house.scene.process}/events"
    before = (await get(own_house, "client", f"/rooms/{own_house.room}")).json()["process_at"]
    assert before["stream"] == f"process:{own_house.scene.process}"
    assert before["offset"] == 1, "the team was told of a label"
    for name in ("Campaigns", "Orders"):
        fields = {"process_id": own_house.scene.process, "name": name}
        done = (await run(own_house, "admin", "process.change", fields)).json()
    place = {"epoch": before["epoch"], "after": before["offset"]}
    told = (await get(own_house, "client", path, **place)).json()
    assert [event["process"]["name"] for event in told["events"]] == ["Campaigns", "Orders"]
    room = (await get(own_house, "client", f"/rooms/{own_house.room}")).json()
    assert told["at"] == room["process_at"] == done["at"]
    gap = await get(own_house, "client", path, epoch="other", after=1)
    assert (gap.status_code, gap.json()["error"]["code"]) == (409, "gap")


async def test_a_process_s_log_is_for_those_who_see_a_room_of_it(house: House) -> None:
    answers = {}
    for who in ("admin", "mihai", "client", "freelancer", "outsider"):
        answers[who] = (await get(house, who, f"/processes/{house.scene.process}/events")).status_code
    assert answers == {"admin": 200, "mihai": 200, "client": 200, "freelancer": 404, "outsider": 404}
    assert (await get(house, "admin", f"/processes/{uuid4()}/events")).status_code == 404


async def test_at_most_500_events_come_at_once(own_house: House) -> None:
    agency = own_house.scene.agency
    for number in range(510):
        await agency.post(agency.ana, f"Message {number}")
    path = f"/rooms/{own_house.room}/events"
    first = (await get(own_house, "client", path, limit=10_000)).json()
    assert len(first["events"]) == 500
    rest = (await get(own_house, "client", path, after=first["at"]["offset"])).json()
    assert rest["events"][0]["at"]["offset"] == first["at"]["offset"] + 1
    assert rest["events"][-1]["message"]["body"] == "Message 509"


async def test_a_person_s_pace_has_a_limit_with_a_time_to_wait(built_once: Built, settings: Settings) -> None:
    slow = settings.model_copy(update={"limit_commands_burst": 3, "limit_commands_per_second": 0.01})
    async with standing(built_once, slow) as own_house:
        await hold_pace(own_house)


async def hold_pace(own_house: House) -> None:
    async with own_house.bot("mihai") as bot:
        answers = [await bot.post("/api/v1/commands/timer.stop", json={}) for _ in range(4)]
    limited = answers[-1]
    assert [answer.status_code for answer in answers] == [409, 409, 409, 429]
    assert limited.json()["error"]["code"] == "too_many_requests"
    assert int(limited.headers["retry-after"]) >= 1
    assert (await run(own_house, "ana", "timer.start", {"room_id": own_house.room})).status_code == 200


async def test_own_sessions_are_listed_and_ended(house: House) -> None:
    sessions = (await get(house, "mihai", "/sessions")).json()["sessions"]
    assert [session["current"] for session in sessions] == [True]
    other = (await get(house, "ana", "/sessions")).json()["sessions"][0]["id"]
    assert (await run(house, "mihai", "session.revoke", {"session_id": other})).status_code == 404


async def test_the_documents_and_the_state_are_there_for_all(house: House) -> None:
    openapi = (await get(house, None, "/openapi.json")).json()
    asyncapi = (await get(house, None, "/asyncapi.json")).json()
    assert openapi["openapi"].startswith("3.1")
    assert asyncapi["asyncapi"].startswith("3.")
    async with house.bot() as bot:
        assert (await bot.get("/healthz")).text == "ok"
        ready = await bot.get("/readyz")
        metrics = (await bot.get("/metrics")).text
    assert ready.json() == {"ready": True, "postgresql": True, "redis": True}
    assert 'atrium_http_requests_total{method="GET",route="/healthz",status="200"}' in metrics


async def test_what_isn_t_there_and_other_methods_are_refused_in_json(house: House) -> None:
    async with house.bot("ana") as bot:
        nothing, method = await bot.get("/api/v1/nothing"), await bot.put("/api/v1/session", json={})
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (404, "not_found")
    assert (method.status_code, method.json()["error"]["code"]) == (405, "method_not_allowed")


async def test_refusals_speak_the_asker_s_language(house: House) -> None:
    async with house.bot(**{"accept-language": "ro"}) as bot:
        refusal = (await bot.get("/api/v1/session")).json()["error"]
    assert refusal["code"] == "not_signed_in"
    assert refusal["message"]


async def test_a_window_asks_for_nobody_but_whom_it_was_drawn_for(house: House) -> None:
    fields, ana = {"room_id": house.room, "body": "Ana's own words"}, {"atrium-person": str(house.person("ana").id)}
    beside = await run(house, "mihai", "message.post", fields, **ana)
    assert (beside.status_code, beside.json()["error"]["code"]) == (401, "not_signed_in")
    async with house.bot("mihai", **ana) as bot:
        assert (await bot.get(f"/api/v1/rooms/{house.room}")).status_code == 401
        assert (await bot.post("/api/v1/uploads", headers={"tus-resumable": "1.0.0"})).status_code == 401
    assert (await run(house, "ana", "message.post", fields, **ana)).json()["ok"]
