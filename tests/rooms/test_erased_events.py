"""What was told of a thing that was removed: its words are gone, and each event is still what the contract says."""

from typing import get_args

import hub.contract.classes  # noqa: F401 - importing it declares all events
from store.events import Event, Gone, WireForm
from store.streams import StoredEvent
from tests.reads import read_log
from tests.rooms.scenes import Scene


async def told(scene: Scene, stream: str, thing: str, id: str) -> list[StoredEvent]:
    """These are the events about a thing, each as its class has it."""
    async with scene.database.reading() as tx:
        events = [each for each in await read_log(tx, stream, 0) if each.body.get(thing, {}).get("id") == id]
    for event in events:
        Event.registry[event.name].model_validate(event.body)
    assert {"id": id, "gone": True} == events[0].body[thing] == events[-1].body[thing]
    return events


async def test_nothing_of_a_deleted_message_stays(scene: Scene) -> None:
    agency = scene.agency
    given = await agency.run(agency.mihai, "reaction.add", message_id=scene.message, emoji="👍")
    await agency.run(agency.ana, "message.edit", message_id=scene.message, body="Good evening")
    await agency.run(agency.ana, "message.delete", message_id=scene.message)
    words = await told(scene, f"room:{scene.room}", "message", scene.message)
    answers = await told(scene, f"room:{scene.room}", "reaction", given.result["id"])
    assert [event.name for event in words] == ["message.posted", "message.edited", "message.deleted"]
    assert [event.name for event in answers] == ["reaction.added", "reaction.removed"]
    assert not any("Good" in str(event.body) or "👍" in str(event.body) for event in words + answers)


async def test_what_was_changed_of_removed_tasks_and_files_stays_known(scene: Scene) -> None:
    agency, stream = scene.agency, f"room:{scene.room}"
    await agency.run(agency.ana, "task.change", task_id=scene.task, title="Front page")
    await agency.run(agency.ana, "task.remove", task_id=scene.task)
    await agency.run(agency.ana, "file.change", file_id=scene.file, name="front.txt")
    await agency.run(agency.ana, "file.remove", file_id=scene.file)
    for thing, id, changed in (("task", scene.task, ["title"]), ("file", scene.file, ["name"])):
        events = await told(scene, stream, thing, id)
        assert {f"{thing}.changed": changed}.items() <= {
            event.name: event.body.get("changed") for event in events
        }.items()
        assert not any("ront" in str(event.body) for event in events)


async def test_what_was_changed_of_a_removed_company_and_its_contact_stays_known(scene: Scene) -> None:
    agency, company = scene.agency, {"company_id": scene.company}
    stream = f"business:{agency.admin.actor.business_id}"
    contact = (await agency.run(agency.admin, "contact.add", **company, name="Vera")).result["id"]
    await agency.run(agency.admin, "contact.change", contact_id=contact, name="Vera Nord")
    await agency.run(agency.admin, "contact.remove", contact_id=contact)
    note = (await agency.run(agency.admin, "company_note.add", **company, body="Vera pays late")).result["id"]
    await agency.run(agency.admin, "company_note.remove", note_id=note)
    await agency.run(agency.admin, "company.change", **company, name="Nord Bread")
    await agency.run(agency.admin, "company.remove", **company)
    for thing, id, changed in (
        ("contact", contact, {"contact.changed": ["name"]}),
        ("company_note", note, {}),
        ("company", scene.company, {"company.changed": ["name"]}),
    ):
        events = await told(scene, stream, thing, id)
        assert changed.items() <= {event.name: event.body.get("changed") for event in events}.items()
        assert not any(word in str(event.body) for event in events for word in ("Vera", "Nord"))


async def test_a_removed_company_s_contacts_and_notes_are_forgotten_with_it(scene: Scene) -> None:
    agency, company = scene.agency, {"company_id": scene.company}
    await agency.run(agency.admin, "contact.add", **company, name="Vera")
    await agency.run(agency.admin, "company_note.add", **company, body="Vera pays late")
    await agency.run(agency.admin, "company.remove", **company)
    async with scene.database.reading() as tx:
        events = await read_log(tx, f"business:{agency.admin.actor.business_id}", 0)
    assert {"contact.added", "company_note.added"} <= {event.name for event in events}
    assert not any("Vera" in str(event.body) for event in events)


def test_nothing_in_words_stands_beside_what_may_be_erased() -> None:
    beside = set[str]()
    for event in Event.registry.values():
        names = list(event.model_fields)
        held = get_args(event.model_fields[names[0]].annotation) if names else ()
        if Gone in held and any(issubclass(form, WireForm) for form in held):
            beside |= set(names[1:])
    assert beside == {"changed"}, "names of fields: they outlive the thing"
