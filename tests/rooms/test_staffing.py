"""Staffing rooms: who manages staff puts colleagues into rooms that they don't see themselves (CC-88)."""

from typing import Any
from uuid import uuid4

import pytest

from people.persons.directory import profile
from rooms.persons import PersonRooms, person_rooms
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound
from tests.hub.agencies import Agency, Person
from tests.people.permits import permit
from tests.rooms.scenes import Scene

ALONE = "In a room you can't see, you can only choose staff."


@pytest.fixture
def agency(scene: Scene) -> Agency:
    return scene.agency


@pytest.fixture
async def lead(scene: Scene) -> Person:
    """Of the staff, with the permission for staff alone, and in no room."""
    return await permit(scene.database, scene.freelancer, "staff")


async def titles(database: Database, asker: Person, whom: Person) -> tuple[list[str], list[str]]:
    found = await seen_by(database, asker, whom)
    return [place.title for place in found.inside], [place.title for place in found.outside]


async def seen_by(database: Database, asker: Person, whom: Person) -> PersonRooms:
    async with database.reading(asker.actor.within) as tx:
        return await person_rooms(tx, asker.actor, await profile(tx, asker.actor, whom.id))


async def test_cc88_a_colleague_goes_into_and_out_of_a_room_that_the_lead_doesn_t_see(
    scene: Scene, agency: Agency, lead: Person
) -> None:
    room = scene.spare_room
    given = {"room_id": room, "person_id": str(agency.ana.id)}
    assert await titles(scene.database, lead, agency.ana) == (["Website"], ["Packaging"])
    await agency.run(lead, "member.add", **given)
    assert (await agency.run(agency.ana, "message.post", room_id=room, body="Here")).result["body"] == "Here"
    found = await seen_by(scene.database, lead, agency.ana)
    assert [(place.title, place.seen) for place in found.inside] == [("Packaging", False), ("Website", False)]
    await agency.run(lead, "member.remove", **given)
    with pytest.raises(NotFound):
        await agency.run(agency.ana, "message.post", room_id=room, body="Still here?")
    with pytest.raises(NotFound):
        await agency.run(lead, "message.post", room_id=room, body="And I?")


@pytest.mark.parametrize("command", ["member.add", "member.remove"])
@pytest.mark.parametrize("whom", ["client", "admin"])
async def test_whoever_isn_t_of_the_staff_is_not_the_lead_s_to_choose(
    agency: Agency, lead: Person, command: str, whom: str
) -> None:
    person_id = str(getattr(agency, whom).id)
    refused = await _refused(agency, lead, command, Invalid, room_id=agency.room_id, person_id=person_id)
    assert refused.fields == {"person_id": ALONE}


async def test_the_lead_lets_nobody_in_as_themselves(agency: Agency, lead: Person) -> None:
    own = {"room_id": agency.room_id, "person_id": str(lead.id)}
    assert (await _refused(agency, lead, "member.add", Invalid, **own)).fields == {"person_id": ALONE}
    await _refused(agency, lead, "member.remove", NotFound, **own)


async def test_another_business_s_rooms_and_people_are_not_there(agency: Agency, lead: Person) -> None:
    theirs = (await agency.run(agency.outsider, "room.open", title="Bakery")).result["id"]
    for room_id in (theirs, str(uuid4())):
        await _refused(agency, lead, "member.add", NotFound, room_id=room_id, person_id=str(agency.ana.id))
    outsider = str(agency.outsider.id)
    await _refused(agency, lead, "member.add", Invalid, room_id=agency.room_id, person_id=outsider)
    await _refused(agency, lead, "member.remove", NotFound, room_id=agency.room_id, person_id=outsider)


async def test_a_department_comes_into_a_room_without_those_who_may_not_be_chosen(
    scene: Scene, agency: Agency, lead: Person
) -> None:
    design = (await agency.run(agency.admin, "department.add", name="Design")).result["id"]
    for person in (agency.ana, agency.admin, lead):
        seat = {"department_id": design, "person_id": str(person.id)}
        await agency.run(agency.admin, "department_member.add", **seat)
    room = scene.spare_room
    enlisted = await agency.run(lead, "department.enlist", room_id=room, department_id=design)
    assert enlisted.result["person_ids"] == [str(agency.ana.id)]


async def test_who_doesn_t_manage_staff_learns_of_no_further_room(scene: Scene, agency: Agency, lead: Person) -> None:
    keeper = await permit(scene.database, lead, "clients")
    assert await titles(scene.database, keeper, agency.ana) == ([], [])
    await _refused(agency, keeper, "member.add", NotFound, room_id=agency.room_id, person_id=scene.spare_person)
    await _refused(agency, agency.mihai, "member.add", Forbidden, room_id=agency.room_id, person_id=scene.spare_person)


async def _refused(agency: Agency, asker: Person, command: str, refusal: type[Any], **fields: str) -> Any:
    with pytest.raises(refusal) as refused:
        await agency.run(asker, command, **fields)
    return refused.value
