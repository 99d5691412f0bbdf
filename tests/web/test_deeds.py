"""Deeds carry the right name on every page: whose timer it was, who ended it, and who acted in whose name."""

import re
from typing import Any

from hub.parts import TABS, TIMELINE
from rooms.activity import latest_activity
from tests.hub.agencies import Person
from tests.hub.clients import Client
from tests.people.acting import acting_as
from tests.web.houses import House
from web.words.activity import said
from web.words.signatures import doer

ENTRY = {
    "id": "1",
    "person_id": "ana",
    "started_at": "2026-11-28T10:00:00Z",
    "stopped_at": "2026-11-28T12:00:00Z",
}


def activity_event(**fields: Any) -> dict[str, Any]:
    plain = {
        "name": "timer.stopped",
        "audience": "all",
        "bearer": "ana",
        "room_id": "r",
        "room_title": "Website",
        "actor_name": "Adriana",
        "acted_by": None,
        "names": {},
        "recorded_at": "2026-11-28T12:00:00Z",
        "entry": ENTRY,
    }
    return plain | fields


def words(language: str, **fields: Any) -> str:
    return re.sub(r"<[^>]+>", "", said(TIMELINE, TABS.by_part, [activity_event(**fields)], language)[0]["text"])


def test_home_gives_the_hours_to_who_worked_them() -> None:
    assert words("en", actor_name="Ana") == "Ana worked for 2:00 h"
    on_a_task = words("en", actor_name="Ana", entry=ENTRY | {"task_id": "2"}, names={"2": "Homepage copy"})
    assert on_a_task == "Ana worked for 2:00 h on Homepage copy"
    archived = words("en", bearer="adriana", names={"ana": "Ana"}, reason="room_archived")
    assert archived == "Ana worked for 2:00 h until Adriana archived the room"
    before = words("en", bearer="adriana", names={"ana": "Ana"})
    assert before == "Ana worked for 2:00 h until Adriana stopped the timer", "told before reasons were"


def test_home_names_who_acted_in_whose_name() -> None:
    assert words("en", actor_name="Ana", acted_by="Rita") == "Ana (by Rita) worked for 2:00 h"
    assert words("ro", actor_name="Ana", acted_by="Rita").startswith("Ana (prin Rita)")


def test_a_deed_names_who_did_it_once() -> None:
    acted = {"actor_id": "rita", "on_behalf_of": "ana", "actor_name": "Rita"}
    assert doer(acted, {"ana": "Ana"}) == "Ana (by Rita)"
    assert doer(acted, {}) == "– (by Rita)", "whom the reader doesn't see has no name, least of all another's"
    assert doer({"actor_id": "ana", "actor_name": "Ana"}, {}) == "Ana"
    assert doer({"actor_id": None}, {}) == "–"


async def test_a_card_s_page_names_who_looked_in_whose_name(own_house: House) -> None:
    ana = own_house.person("ana").id
    as_admin = await acting_as(own_house.scene.database, own_house.root, own_house.person("admin"))
    async with own_house.bot(Authorization=f"Bearer {as_admin.token}") as bot:
        read = await bot.post("/api/v1/commands/card.read", json={"person_id": str(ana)})
        assert read.status_code == 200, read.text
    async with own_house.browser("ana") as browser:
        page = (await browser.get(f"/people/{ana}/card")).text
    assert "Irina (by Rita) read the personal part" in page


async def as_ana(house: House) -> Person:
    return await acting_as(house.scene.database, house.root, house.person("ana"))


async def test_pages_show_who_acted_however_it_was_done(own_house: House) -> None:
    ana = await as_ana(own_house)
    async with own_house.bot(Authorization=f"Bearer {ana.token}") as bot:
        posted = await bot.post(
            "/api/v1/commands/message.post", json={"room_id": own_house.room, "body": "Over the API"}
        )
        assert posted.json()["result"]["acted_by"]["name"] == "Rita"
    socket, watcher = Client(ana), Client(own_house.person("client"))
    await watcher.connect(own_house.url)
    await watcher.enter(own_house.room)
    await socket.connect(own_house.url)
    await socket.enter(own_house.room)
    answer = await socket.send("message.post", {"room_id": own_house.room, "body": "Over the socket"})
    assert answer["result"]["acted_by"]["name"] == "Rita"
    told = await watcher.hears("message.posted")
    assert (told["actor_id"], told["on_behalf_of"], told["actor_name"]) == (
        str(own_house.root.id),
        str(ana.id),
        "Rita",
    )
    await socket.emit("signal.send", {"room_id": own_house.room, "kind": "typing"})
    typing = await watcher.hears("signal.sent")
    assert (typing["actor_id"], typing["on_behalf_of"]) == (str(own_house.root.id), str(ana.id))
    assert not [event for event in watcher.named("presence.changed") if event["presence"]["id"] == str(ana.id)]
    await socket.disconnect()
    await watcher.disconnect()
    async with own_house.browser("client") as client, own_house.browser("admin") as admin:
        for reader in (client, admin):
            timeline = (await reader.get(f"/rooms/{own_house.room}/plain")).text
            assert "Ana (by Rita) wrote: Over the socket" in timeline
            assert "Ana (by Rita)" in (await reader.get("/")).text


async def test_what_goes_without_saying_crowds_out_nothing(own_house: House) -> None:
    agency = own_house.scene.agency
    message = (await agency.run(agency.ana, "message.post", room_id=own_house.room, body="Look here")).result["id"]
    for _turn in range(26):
        await agency.run(agency.ana, "reaction.add", message_id=message, emoji="👍")
        await agency.run(agency.ana, "reaction.remove", message_id=message, emoji="👍")
    async with own_house.browser("client") as client:
        assert "Ana wrote: Look here" in (await client.get(f"/rooms/{own_house.room}/plain")).text


async def test_the_timeline_says_whose_timer_ended_with_the_room(own_house: House) -> None:
    agency = own_house.scene.agency
    await agency.run(agency.ana, "timer.start", room_id=own_house.room)
    await agency.run(agency.admin, "room.archive", room_id=own_house.room)
    async with own_house.browser("client") as client:
        timeline = (await client.get(f"/rooms/{own_house.room}/plain")).text
    assert "Ana worked for 0:00 h until Irina archived the room" in timeline
    assert "Irina worked" not in timeline
    await agency.run(agency.admin, "room.restore", room_id=own_house.room)
    clara = own_house.person("client").actor
    async with own_house.scene.database.reading(clara.within) as tx:
        latest = await latest_activity(tx, clara, TIMELINE.latest)
    told = next(each for each in latest if each["name"] == "timer.stopped")
    assert (told["actor_name"], told["reason"]) == ("Irina", "room_archived")
    assert told["names"][told["entry"]["person_id"]] == "Ana"


async def test_the_journal_says_whose_name_a_deed_bears_and_whose_it_was(own_house: House) -> None:
    agency = own_house.scene.agency
    as_admin = await acting_as(own_house.scene.database, own_house.root, agency.admin)
    await agency.run(as_admin, "person.lock", person_id=str(agency.mihai.id))
    async with own_house.browser("admin") as admin, own_house.browser("root") as root:
        for reader in (admin, root):
            page = await reader.get("/journal?what=all")
            journal = " ".join(re.sub(r"<[^>]+>", "", page.text).split())
            assert "Mihai was locked · by Irina (by Rita)" in journal


async def test_the_journal_of_the_business_says_who_acted_as_whom(own_house: House) -> None:
    ana = await as_ana(own_house)
    await own_house.scene.agency.post(ana, "Hers")
    await own_house.scene.agency.run(ana, "impersonation.end")
    async with own_house.browser("admin") as admin, own_house.browser("ana") as theirs:
        journal = " ".join(re.sub(r"<[^>]+>", "", (await admin.get("/journal")).text).split())
        assert re.search(r"Rita stopped acting as Ana, .* to .*, 1 action", journal)
        assert re.search(r"Rita began to act as Ana, until .* at the latest · She can", journal)
        assert "1 action" in (await theirs.get("/")).text
        assert (await theirs.get("/journal")).status_code == 403, "it is the admins' to read"
