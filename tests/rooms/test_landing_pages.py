"""Starts: where someone begins after signing in, and where they can't."""

import pytest

from rooms.landing_pages import start_of
from store.database import Database
from store.errors import Invalid
from tests.hub.agencies import Agency, Person, open_room
from tests.people.permits import permit


async def begins(database: Database, person: Person) -> str:
    async with database.reading(person.actor.within) as tx:
        return await start_of(tx, person.actor)


async def test_mc_p12_each_begins_where_they_like(database: Database, agency: Agency) -> None:
    assert await begins(database, agency.ana) == "/"
    for start, address in (
        ("rooms", "/rooms"),
        ("leave", "/leave"),
        (f"room:{agency.room_id}", f"/rooms/{agency.room_id}"),
        ("home", "/"),
    ):
        changed = await agency.run(agency.ana, "account.change", start_page=start)
        assert changed.result["start_page"] == start
        assert await begins(database, agency.ana) == address
    assert await begins(database, agency.mihai) == "/", "it is each one's own"


async def test_nobody_begins_where_they_cannot_go(database: Database, agency: Agency) -> None:
    elsewhere = await open_room(agency, "Shop", [str(agency.mihai.id)])
    for person, start in (
        (agency.ana, "people"),
        (agency.ana, f"room:{elsewhere}"),
        (agency.ana, "nowhere"),
        (agency.ana, "room:nowhere"),
        (agency.client, "leave"),
        (agency.client, "companies"),
        (agency.outsider, f"room:{agency.room_id}"),
    ):
        with pytest.raises(Invalid) as refused:
            await agency.run(person, "account.change", start_page=start)
        assert list(refused.value.fields) == ["start_page"]
    await agency.run(agency.mihai, "account.change", start_page=f"room:{elsewhere}")
    assert await begins(database, agency.mihai) == f"/rooms/{elsewhere}"


async def test_who_lost_the_right_begins_at_home(database: Database, agency: Agency) -> None:
    mihai = await permit(database, agency.mihai, "clients")
    await agency.run(mihai, "account.change", start_page="people")
    assert await begins(database, mihai) == "/people"
    assert await begins(database, await permit(database, mihai)) == "/"
    await agency.run(agency.ana, "account.change", start_page=f"room:{agency.room_id}")
    await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=str(agency.ana.id))
    assert await begins(database, agency.ana) == "/"
