"""The hierarchy of businesses: moving them, and working in those below one's own."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from people.actors import Actor
from people.installation.hierarchy import Circle, TooDeep, descendants, reach, reach_at_once, tree
from store.database import Database
from store.errors import Forbidden, KeyReused, NotFound, Refusal
from tests.hub.agencies import Person
from tests.people.offices import Office
from tests.reads import actor_of, read_log, room_snapshot


async def opened(office: Office, name: str, parent_id: str | None = None) -> str:
    answer = await run(office, office.root, "business.open", business_name=name)
    if parent_id is not None:
        await move(office, answer["id"], parent_id)
    return str(answer["id"])


async def run(office: Office, who: Person, command: str, /, **fields: Any) -> Any:
    return (await office.agency.commands.run(who.actor, command, fields)).result


async def move(office: Office, business_id: str, parent_id: str | None) -> Any:
    return await run(office, office.root, "business.move", business_id=business_id, parent_id=parent_id)


async def again(database: Database, person: Person) -> Actor:
    """Someone as their session has them now."""
    async with database.reading() as tx:
        found = await actor_of(tx, person.token)
    assert found
    return found


async def test_cc17_businesses_stand_in_a_tree(database: Database, office: Office) -> None:
    group = await opened(office, "Group")
    shop = await opened(office, "Shop", group)
    branch = await opened(office, "Branch", shop)
    async with database.reading() as tx:
        assert [(each.name, each.depth) for each in await tree(tx, office.root.actor)] == [
            ("Atelier", 0), ("Group", 0), ("Shop", 1), ("Branch", 2), ("Other", 0),
        ]  # fmt: skip
        assert {str(each.id) for each in await descendants(tx, UUID(group))} == {shop, branch}


async def test_a_parent_s_admin_s_new_name_is_told_where_they_worked(database: Database, office: Office) -> None:
    agency = office.agency
    room = (await agency.run(agency.outsider, "room.open", title="Shop window")).result["id"]
    above, below = (str(person.actor.business_id) for person in (agency.admin, agency.outsider))
    await move(office, below, above)
    await run(office, agency.admin, "business.enter", business_id=below)
    inside = replace(agency.admin, actor=await again(database, agency.admin))
    await run(office, inside, "message.post", room_id=room, body="Good morning")
    await run(office, inside, "business.enter", business_id=above)
    home = replace(agency.admin, actor=await again(database, agency.admin))
    await run(office, home, "account.change", name="Irina Pop")
    async with database.reading() as tx:
        told = (await read_log(tx, f"room:{room}", 0))[-1]
    assert (told.name, told.body["person"]["name"]) == ("person.changed", "Irina Pop")


async def test_cc17_a_circle_is_refused(office: Office) -> None:
    group = await opened(office, "Group")
    shop = await opened(office, "Shop", group)
    with pytest.raises(Circle):
        await move(office, group, shop)
    with pytest.raises(Circle):
        await move(office, group, group)
    assert (await move(office, shop, None))["parent_id"] is None


async def test_cc17_two_moves_at_a_time_close_no_circle(database: Database, office: Office) -> None:
    for nr in range(5):
        one, other = await opened(office, f"One {nr}"), await opened(office, f"Other {nr}")
        moves = await asyncio.gather(move(office, one, other), move(office, other, one), return_exceptions=True)
        assert sorted(type(moved).__name__ for moved in moves) == ["Circle", "dict"]
    async with database.reading() as tx:
        assert len(await tree(tx, office.root.actor)) == 12


async def test_the_tree_has_an_end(office: Office) -> None:
    below = await opened(office, "Level 1")
    for level in range(2, 9):
        below = await opened(office, f"Level {level}", below)
    with pytest.raises(TooDeep):
        await opened(office, "Level 9", below)


async def test_cc23_a_parents_admin_works_in_a_child(database: Database, office: Office) -> None:
    agency, outsider = office.agency, office.agency.outsider
    atelier = str(agency.admin.actor.business_id)
    await move(office, atelier, str(outsider.actor.business_id))
    await run(office, outsider, "business.enter", business_id=atelier)
    there = await again(database, outsider)
    assert (str(there.business_id), there.home_business_id) == (atelier, outsider.actor.business_id)
    posted = await agency.commands.run(there, "message.post", {"room_id": agency.room_id, "body": "Hello from above"})
    assert posted.result["author_id"] == str(outsider.id)
    async with database.reading(agency.ana.actor.within) as tx:
        snapshot = await room_snapshot(tx, agency.ana.actor, UUID(agency.room_id))
    assert "Oleh" in {person["name"] for person in snapshot["persons"]}
    await agency.commands.run(there, "business.enter", {"business_id": str(outsider.actor.business_id)})
    assert (await again(database, outsider)).business_id == outsider.actor.business_id


async def test_cc22_nobody_else_enters(database: Database, office: Office) -> None:
    agency = office.agency
    atelier, other = str(agency.admin.actor.business_id), str(agency.outsider.actor.business_id)
    with pytest.raises(NotFound):
        await run(office, agency.outsider, "business.enter", business_id=atelier)
    await move(office, atelier, other)
    with pytest.raises(NotFound):  # a child doesn't reach its parent
        await run(office, agency.admin, "business.enter", business_id=other)
    for who in (agency.ana, agency.client, office.root):
        with pytest.raises(Forbidden):
            await run(office, who, "business.enter", business_id=atelier)
    by_token = replace(agency.outsider.actor, scopes=frozenset())
    with pytest.raises(Refusal):
        await agency.commands.run(by_token, "business.enter", {"business_id": atelier})


async def test_a_business_that_is_moved_away_is_lost(database: Database, office: Office) -> None:
    agency = office.agency
    atelier, other = str(agency.admin.actor.business_id), agency.outsider.actor.business_id
    await move(office, atelier, str(other))
    await run(office, agency.outsider, "business.enter", business_id=atelier)
    await move(office, atelier, None)
    assert (await again(database, agency.outsider)).business_id == other


async def test_what_is_within_reach(database: Database, office: Office) -> None:
    agency = office.agency
    await move(office, str(agency.admin.actor.business_id), str(agency.outsider.actor.business_id))
    async with database.reading(agency.outsider.actor.within) as tx:
        assert [(each.name, each.depth) for each in await reach(tx, agency.outsider.actor)] == [
            ("Other", 0), ("Atelier", 1),
        ]  # fmt: skip
        assert await reach_at_once(database.driver, agency.outsider.actor) == await reach(tx, agency.outsider.actor)
    async with database.reading(agency.admin.actor.within) as tx:
        assert await reach(tx, agency.admin.actor) == []
    for person in (agency.admin, agency.ana):
        assert await reach_at_once(database.driver, person.actor) == []


async def test_a_key_gives_its_first_answer_in_whichever_business_it_is_sent_again(
    database: Database, office: Office
) -> None:
    """The answer that took somebody home was lost, and so their browser asks again from there."""
    agency, outsider = office.agency, office.agency.outsider
    atelier, home = str(agency.admin.actor.business_id), str(outsider.actor.business_id)
    await move(office, atelier, home)
    await run(office, outsider, "business.enter", business_id=atelier)
    there = await again(database, outsider)
    posted, entered = {"room_id": agency.room_id, "body": "Hello"}, {"business_id": home}
    first = await agency.commands.run(there, "message.post", posted, "said")
    left = await agency.commands.run(there, "business.enter", entered, "left")
    back = await again(database, outsider)
    assert await agency.commands.run(back, "business.enter", entered, "left") == left
    assert await agency.commands.run(back, "message.post", posted, "said") == first
    with pytest.raises(KeyReused):
        await agency.commands.run(back, "message.post", posted, "left")
    with pytest.raises(NotFound):
        await agency.commands.run(agency.outsider.actor, "message.post", posted, "unsaid")
    with pytest.raises(NotFound):
        await agency.commands.run(office.root.actor, "message.post", posted, "said")
