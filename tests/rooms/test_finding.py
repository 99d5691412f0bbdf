"""Finding: what is there comes by kind; what is closed to someone is found by name only, by staff alone, where their
business says so."""

from dataclasses import replace

import pytest

from rooms.search import Closed, closed, search
from store.database import Database
from store.errors import Forbidden
from tests.hub.agencies import Agency, Person, open_agency, open_room
from tests.people.permits import permit
from tests.stages import staged

NOTHING = Closed()


@staged
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    await open_room(agency, "Harbour shop", [str(agency.mihai.id)])
    await agency.run(agency.admin, "person.invite", kind="client", name="Harbour master", email="h@harbour.example")
    await agency.run(agency.outsider, "room.open", title="Harbour of others")
    return agency


async def let(agency: Agency, find: bool = True) -> None:
    await agency.run(agency.admin, "business.change", find_closed=find)


async def found(database: Database, person: Person, words: str) -> Closed:
    async with database.reading(person.actor.within) as tx:
        return await closed(tx, person.actor, words)


async def opened(database: Database, person: Person, words: str) -> list[tuple[str, str]]:
    async with database.reading(person.actor.within) as tx:
        return [(each["kind"], each["title"]) for each in await search(tx, person.actor, words)]


async def test_mc_p04_staff_find_the_names_of_what_is_closed(database: Database, agency: Agency) -> None:
    assert await found(database, agency.ana, "harbour") == NOTHING, "off until an admin says so"
    await let(agency)
    known = await found(database, agency.ana, "harbour")
    assert known.things == [{"kind": "room", "title": "Harbour shop"}, {"kind": "client", "title": "Harbour master"}]
    assert known.ask == ["Irina"], "whom to ask"
    assert await opened(database, agency.ana, "harbour") == [], "and it stays closed"
    await let(agency, find=False)
    assert await found(database, agency.ana, "harbour") == NOTHING


async def test_what_one_may_open_is_not_closed(database: Database, agency: Agency) -> None:
    await let(agency)
    assert [each["kind"] for each in (await found(database, agency.mihai, "harbour")).things] == ["client"]
    assert await opened(database, agency.mihai, "harbour") == [("room", "Harbour shop")]
    manager = await permit(database, agency.ana, "clients", "projects")
    assert await found(database, manager, "harbour") == NOTHING
    assert await opened(database, manager, "harbour") == [("room", "Harbour shop"), ("person", "Harbour master")]
    assert await found(database, agency.ana, "clara") == NOTHING, "in a room with her"


async def test_nobody_else_finds_what_is_closed(database: Database, agency: Agency) -> None:
    await let(agency)
    await agency.run(agency.outsider, "business.change", find_closed=True)
    for person in (agency.client, agency.outsider, agency.admin):
        assert await found(database, person, "harbour shop") == NOTHING
    bot = Person(replace(agency.ana.actor, scopes=frozenset({"rooms:read"})), "")
    assert await found(database, bot, "harbour") == NOTHING
    assert "Harbour of others" not in str(await found(database, agency.ana, "harbour"))


async def test_all_names_cannot_be_read_off(database: Database, agency: Agency) -> None:
    await let(agency)
    for words in ("", "h", "ha", "  ha ", "%%%", "___"):
        assert await found(database, agency.ana, words) == NOTHING


async def test_what_is_over_is_not_found(database: Database, agency: Agency) -> None:
    await let(agency)
    room = await open_room(agency, "Harbour lights", [])
    await agency.run(agency.admin, "room.archive", room_id=room)
    assert (await found(database, agency.ana, "lights")) == NOTHING


async def test_only_admins_decide_it(agency: Agency) -> None:
    for person in (agency.ana, agency.client):
        with pytest.raises(Forbidden):
            await agency.run(person, "business.change", find_closed=True)


async def test_what_is_found_comes_by_its_kind(database: Database, agency: Agency) -> None:
    room = await open_room(agency, "Lighthouse", [])
    await agency.run(agency.admin, "message.post", room_id=room, body="The lighthouse is open")
    await agency.run(agency.admin, "company.add", name="Lighthouse Ltd.")
    await agency.run(agency.admin, "task.create", room_id=room, title="Paint the lighthouse")
    kinds = [kind for kind, _title in await opened(database, agency.admin, "lighthouse")]
    assert kinds == ["room", "company", "task", "message"]
