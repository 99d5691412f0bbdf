"""What is done while acting as somebody: who really did it stands in every event, and in what bears a name."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hub.contract.classes import THINGS
from hub.parts import TIMELINE
from people.journal import Filters, journal
from people.mail import Letter
from people.mail.links import make_link
from people.persons.directory import occurrences
from people.persons.invitation_links import invited_by
from people.persons.persons import InvitePerson, invite_person
from people.signing.throttling import Whence
from rooms.activity import latest_activity
from staff.employees.directory import employee_record
from store.database import Database
from store.rows import Row, Signed
from store.streams import StoredEvent
from tests.fold import fold
from tests.hub.agencies import Person
from tests.people.acting import acting_as
from tests.people.offices import Office
from tests.reads import actor_of, read_log, room_snapshot


async def latest(database: Database, stream: str) -> StoredEvent:
    async with database.reading() as tx:
        return (await read_log(tx, stream, 0))[-1]


async def snapshot(database: Database, person: Person, room_id: str) -> dict[str, Any]:
    async with database.reading(person.actor.within) as tx:
        return await room_snapshot(tx, person.actor, UUID(room_id))


async def test_an_event_says_who_really_did_it_and_in_whose_name(
    database: Database, office: Office, as_ana: Person
) -> None:
    agency = office.agency
    await agency.post(agency.ana, "Mine")
    own = (await latest(database, f"room:{agency.room_id}")).wire()
    await agency.post(as_ana, "Hers")
    acted = (await latest(database, f"room:{agency.room_id}")).wire()
    assert own["actor_id"] == str(agency.ana.id)
    assert own.keys() & {"on_behalf_of", "actor_name"} == set()
    assert (acted["actor_id"], acted["on_behalf_of"], acted["actor_name"]) == (
        str(office.root.id),
        str(agency.ana.id),
        "Rada",
    )


async def test_what_bears_a_name_says_whose_hand_it_was(database: Database, office: Office, as_ana: Person) -> None:
    agency, hand = office.agency, {"id": str(office.root.id), "name": "Rada"}
    message = (await agency.post(as_ana, "Hers, @Mihai")).result
    task = (await agency.run(as_ana, "task.create", room_id=agency.room_id, title="Copy")).result
    entry = (await agency.run(as_ana, "timer.start", room_id=agency.room_id)).result
    assert message["acted_by"] == task["acted_by"] == entry["acted_by"] == hand
    assert "acted_by" not in (await agency.post(agency.ana, "Mine")).result
    mention = (await latest(database, f"person:{agency.mihai.id}")).body["mention"]
    assert mention["acted_by"] == hand
    for reader in (agency.admin, agency.mihai, agency.client):
        seen = await snapshot(database, reader, agency.room_id)
        assert [said.get("acted_by") for said in seen["messages"]] == [hand, None], "whoever reads it knows"


async def test_an_edit_in_another_s_name_is_told_from_the_author_s_own(
    database: Database, office: Office, as_ana: Person
) -> None:
    agency = office.agency
    message = (await agency.post(agency.ana, "Mine")).result
    edited = (await agency.run(as_ana, "message.edit", message_id=message["id"], body="Hers")).result
    assert edited["edited_by"]["name"] == "Rada"
    assert "acted_by" not in edited, "Ana wrote it"
    again = (await agency.run(agency.ana, "message.edit", message_id=message["id"], body="Mine again")).result
    assert "edited_by" not in again


async def test_old_state_and_events_make_fresh_state_while_acting(
    database: Database, office: Office, as_ana: Person
) -> None:
    agency = office.agency
    old = await snapshot(database, agency.mihai, agency.room_id)
    async with database.reading() as tx:
        at = len(await read_log(tx, f"room:{agency.room_id}", 0))
    message = (await agency.post(as_ana, "Hers")).result
    await agency.run(as_ana, "message.edit", message_id=message["id"], body="Hers, edited")
    await agency.run(as_ana, "task.create", room_id=agency.room_id, title="Copy")
    await agency.run(as_ana, "timer.start", room_id=agency.room_id)
    await agency.run(as_ana, "timer.stop")
    async with database.reading() as tx:
        events = [event.wire() for event in await read_log(tx, f"room:{agency.room_id}", at)]
    assert fold(old, events, THINGS) == await snapshot(database, agency.mihai, agency.room_id)


async def test_events_from_before_stay_as_they_were(database: Database, office: Office) -> None:
    """They have no such fields; what they told is folded as ever."""
    agency = office.agency
    await agency.post(agency.ana, "Mine")
    old = (await latest(database, f"room:{agency.room_id}")).wire()
    folded = fold({}, [old], THINGS)
    assert folded["messages"] == (await snapshot(database, agency.mihai, agency.room_id))["messages"]


async def test_home_says_who_did_it_in_whose_name(database: Database, office: Office, as_ana: Person) -> None:
    agency = office.agency
    await agency.post(as_ana, "Hers")
    async with database.reading(agency.client.actor.within) as tx:
        told = (await latest_activity(tx, agency.client.actor, TIMELINE.latest))[0]
    assert (told["actor_name"], told["acted_by"]) == ("Ana", "Rada")


async def test_a_person_made_while_acting_names_the_real_maker(database: Database, office: Office) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    wish = InvitePerson(kind="client", name="Petra", email="petra@made.example")
    async with database.asked_by(as_admin.actor) as tx:  # the door is shut for this; what lies behind it is honest too
        made = await invite_person(tx, as_admin.actor, wish)
    async with database.reading(agency.admin.actor.within) as tx:
        (added,) = await occurrences(tx, agency.admin.actor, made.id)
        letter = (await tx.scalars(select(Letter).where(Letter.email == "petra@made.example"))).one()
    assert (added.name, added.by, added.acted_by) == ("person.invited", "Irina", "Rada")
    assert (letter.params["inviter"], letter.params["acted_by"]) == ("Irina", "Rada")
    async with database.transaction() as tx:
        secret = await make_link(tx, "invitation", UUID(letter.params["invitation_id"]), letter.business_id)
    invited = await invited_by(database, secret, Whence("192.0.2.1", "test"))
    assert (invited.inviter, invited.acted_by) == ("Irina", "Rada")


async def test_leave_says_who_asked_and_who_decided_in_another_s_name(database: Database, office: Office) -> None:
    agency = office.agency
    as_ana = await acting_as(database, office.root, agency.ana)
    as_admin = await acting_as(database, office.root, agency.admin)
    async with database.reading() as tx:
        today = tx.now.date()
    kind = await agency.run(agency.admin, "leave_kind.add", name="Study", counted=False)
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=7))}
    asked = (await agency.run(as_ana, "leave.request", kind_id=kind.result["id"], **days)).result
    assert asked["acted_by"]["name"] == "Rada"
    assert "decision_acted_by" not in asked
    decided = (await agency.run(as_admin, "leave.approve", leave_id=asked["id"])).result
    assert decided["decision_acted_by"]["name"] == "Rada"


async def test_a_card_says_who_read_and_changed_it_in_another_s_name(database: Database, office: Office) -> None:
    agency, hand = office.agency, {"id": str(office.root.id), "name": "Rada"}
    ana = {"person_id": str(agency.ana.id)}
    as_admin = await acting_as(database, office.root, agency.admin)
    await agency.run(agency.admin, "card.read", **ana)
    own = (await latest(database, f"person:{agency.ana.id}")).body["card_reading"]
    await agency.run(as_admin, "card.read", **ana)
    acted = (await latest(database, f"person:{agency.ana.id}")).body["card_reading"]
    await agency.run(as_admin, "employee.change", **ana, address="Strada Florilor 7")
    assert own["reader_name"] == acted["reader_name"] == "Irina"
    assert "acted_by" not in own
    assert acted["acted_by"] == hand
    async with database.reading(agency.ana.actor.within) as tx:
        readings = (await employee_record(tx, agency.ana.actor, agency.ana.id)).readings
    assert readings
    assert [(each.act, each.acted_by and each.acted_by.name) for each in readings] == [
        ("changed", "Rada"),
        ("read", "Rada"),
        ("read", None),
    ]


async def test_what_a_superadmin_does_bears_their_name_in_the_business(database: Database, office: Office) -> None:
    agency = office.agency
    await agency.run(office.root, "admin.change", person_id=str(agency.admin.id), name="Irina Pop")
    async with database.reading(agency.mihai.actor.within) as tx:
        changed = (await occurrences(tx, agency.mihai.actor, agency.admin.id))[0]
        line = (await journal(tx, agency.admin.actor, Filters()))[0]
    assert (changed.by, changed.acted_by) == ("Rada", None)
    assert (line.what, line.by, line.details["by_name"]) == ("admin_changed", None, "Rada")
    renamed = await latest(database, f"room:{agency.room_id}")
    assert (renamed.name, renamed.signature.actor_name) == ("person.changed", None), "the room's people learn no more"


NAMES_SOMEBODY = re.compile(r"(^|_)by(_id)?$|(^|_)(author|reader)_id$|^asked_by$")


WITHOUT = {
    "endings": "only who runs the installation deletes an admin",
    "impersonations": "it is who acts",
    "registrations": "only who runs the installation decides; confirm_by is a moment",
    "resets": "nobody sends one in another's name; the journal and the letter name the hand too",
    "updates": "only who runs the installation asks for one",
    "wordings": "only who runs the installation words anything",
}


def test_what_bears_a_maker_s_name_keeps_whose_hand_it_was() -> None:
    """A new table that names who made something either is signed, or says here why it needn't be."""
    naming = {
        mapper.class_
        for mapper in Row.registry.mappers
        if any(NAMES_SOMEBODY.search(column.key) and column.key != "acted_by" for column in mapper.columns)
    }
    unsigned = {str(row.__tablename__) for row in naming if not issubclass(row, Signed)}
    assert unsigned == set(WITHOUT)


async def test_a_business_sees_who_of_above_works_in_it_and_since_when(database: Database, office: Office) -> None:
    agency = office.agency
    above = agency.outsider
    await agency.run(
        office.root,
        "business.move",
        business_id=str(agency.admin.actor.business_id),
        parent_id=str(above.actor.business_id),
    )
    await agency.run(above, "business.enter", business_id=str(agency.admin.actor.business_id))
    async with database.reading() as tx:
        inside = await actor_of(tx, above.token)
    assert inside
    await agency.commands.run(inside, "message.post", {"room_id": agency.room_id, "body": "From above"})
    told = await latest(database, f"room:{agency.room_id}")
    assert (told.signature.actor_id, told.signature.on_behalf_of) == (above.id, None), "under their own name"
    await agency.commands.run(inside, "business.enter", {"business_id": str(above.actor.business_id)})
    async with database.reading(agency.admin.actor.within) as tx:
        told_lines = await journal(tx, agency.admin.actor, Filters(what=("business_entered", "business_left")))
    assert [(line.what, line.person) for line in told_lines] == [
        ("business_left", "Oleh"),
        ("business_entered", "Oleh"),
    ]
