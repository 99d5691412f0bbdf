"""What gives rights, or the ways to them, isn't done in another's name: at the door, whatever brings it there."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from commands.runner import Commands
from hub.contract.classes import COMMANDS, THINGS
from hub.parts import VERBS
from hub.settings import Settings
from people.hands import BY_A_PROGRAM, IN_ANOTHERS_NAME, NotInAnothersName
from people.journal import JournalEntry
from rooms.access import Member, visible_room
from rooms.rights import rights_in
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Refusal
from store.scopes import EVERYWHERE
from store.streams import EventRow, StoredEvent
from tests.fold import fold
from tests.hub.agencies import Person, open_room
from tests.hub.clients import connected
from tests.hubs import running_hub
from tests.patience import browser_at
from tests.people.acting import acting_as
from tests.people.cases import CASES, EVERYONES
from tests.people.installations import open_installed
from tests.people.offices import Office, with_password
from tests.reads import read_log, room_snapshot
from tests.rooms.cases import CASES as IN_ROOMS
from tests.stages import staged
from tests.web.houses import PASSWORD, House

office = staged(open_installed)


@pytest.fixture
async def url(settings: Settings, office: Office) -> AsyncIterator[str]:
    async with running_hub(settings) as url:
        yield url


async def answer_to(office: Office, asker: Person, command: str, /, **fields: Any) -> str:
    try:
        await office.agency.run(asker, command, **fields)
    except Refusal as refusal:
        return refusal.code
    return "done"


OWN = {name for name, entry in COMMANDS.items() if entry.command.touches not in IN_ANOTHERS_NAME}


def test_every_command_says_what_it_touches() -> None:
    """A new one has to: else it takes one's own hands."""
    assert [name for name, entry in COMMANDS.items() if entry.command.touches is None] == []


def test_fields_that_touch_more_are_fields_of_their_command() -> None:
    for name, entry in COMMANDS.items():
        assert set(entry.command.fields_touch) <= set(entry.command.model_fields), name


def test_rights_and_the_ways_in_are_in_nobody_else_s_hands() -> None:
    assert not {"rights", "sign_in", None} & (IN_ANOTHERS_NAME | BY_A_PROGRAM)


async def test_nothing_that_gives_rights_is_done_in_another_s_name(
    database: Database, office: Office, url: str
) -> None:
    """Each with fields by which the person themselves could do it: by HTTP, and on a socket."""
    await with_password(database, office.agency.ana)
    sat = {name: await acting_as(database, office.root, office.person(name)) for name in ("admin", "ana", "lead")}
    before = await written(database)
    tried = set()
    for case in CASES:
        if case.name not in OWN:
            continue
        asker = sat.get(case.by, sat["admin"])
        async with browser_at(url, headers={"Authorization": f"Bearer {asker.token}"}) as browser:
            answer = await browser.post(f"/api/v1/commands/{case.name}", json=case.fields(office))
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_in_anothers_name"), case.name
        tried.add(case.name)
    async with connected(url, sat["admin"]) as client:
        for name in OWN:
            assert (await client.send(name))["error"]["code"] == "not_in_anothers_name", name
    assert tried == OWN - EVERYONES - {case.name for case in IN_ROOMS}, "rooms' have cases below"
    assert await written(database) == before


async def written(database: Database) -> tuple[int, int]:
    """How much is told, and noted."""
    async with database.reading(EVERYWHERE) as tx:
        return (
            await tx.scalar(select(func.count()).select_from(EventRow)),
            await tx.scalar(select(func.count()).select_from(JournalEntry)),
        )


@pytest.mark.parametrize("field", ["role_id", "permissions"])
async def test_rights_are_not_given_by_a_field_either(database: Database, office: Office, field: str) -> None:
    agency, whom = office.agency, {"person_id": str(office.agency.mihai.id)}
    as_admin = await acting_as(database, office.root, agency.admin)
    role = (await agency.run(agency.admin, "role.add", name="Books", permissions=["invoicing"])).result["id"]
    given = {"role_id": role} if field == "role_id" else {"permissions": ["invoicing"]}
    assert await answer_to(office, as_admin, "person.change", **whom, phone="1", **given) == "not_in_anothers_name"
    assert await answer_to(office, as_admin, "person.change", **whom, phone="1") == "done"
    assert await answer_to(office, agency.admin, "person.change", **whom, phone="2", **given) == "done"


async def test_nobody_comes_into_a_company_or_a_room_by_another_s_name(database: Database, office: Office) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    client, company, mihai = str(agency.client.id), str(office.company), str(agency.mihai.id)
    room = (await agency.run(as_admin, "room.open", title="Empty")).result["id"]
    for name, fields in (
        ("client.link", {"company_id": company, "person_id": client}),
        ("person.change", {"person_id": client, "company_ids": [company]}),
        ("business.change", {"find_closed": True}),
        ("member.add", {"room_id": room, "person_id": mihai}),
        ("room.open", {"title": "Full", "member_ids": [mihai]}),
        ("person.deactivate", {"person_id": str(agency.ana.id), "successor_id": mihai}),
    ):
        assert await answer_to(office, as_admin, name, **fields) == "not_in_anothers_name", name
        assert await answer_to(office, agency.admin, name, **fields) == "done", name


async def test_who_has_nothing_to_hand_over_is_let_go_by_another_s_name(database: Database, office: Office) -> None:
    as_admin = await acting_as(database, office.root, office.agency.admin)
    client = {"person_id": str(office.agency.client.id)}
    assert await answer_to(office, as_admin, "person.deactivate", **client, successor_id=None) == "done"


async def test_work_by_another_s_name_lets_nobody_into_a_room_that_learns_whose_name_it_is(
    database: Database, office: Office
) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    room = await open_room(agency, "Shop", [str(agency.client.id), str(agency.mihai.id)])
    await leave_no_trace(database, room, agency.admin)
    task = (await agency.run(agency.mihai, "task.create", room_id=room, title="Copy")).result["id"]
    message = (await agency.run(agency.mihai, "message.post", room_id=room, body="Hello")).result["id"]
    label = (await agency.run(agency.admin, "label.add", name="Soon", color="red")).result["id"]
    old, at = await seen_by(database, agency.client, room), await told_in(database, room)
    for name, fields in (
        ("message.post", {"body": "Good morning"}),
        ("task.create", {"title": "Layout"}),
        ("task.change", {"task_id": task, "title": "Text"}),
        ("task.label", {"task_id": task, "added": [label]}),
        ("pin.add", {"message_id": message}),
        ("pin.remove", {"message_id": message}),
        ("timer.start", {}),
    ):
        assert await answer_to(office, as_admin, name, room_id=room, **fields) == "done", name
    told = (await told_in(database, room))[len(at) :]
    assert not {event.name for event in told} & {"member.added", "member.removed"}
    assert [event.name for event in told].count("person.changed") == 1
    fresh = await seen_by(database, agency.client, room)
    assert str(agency.admin.id) not in {member["id"] for member in fresh["members"]}
    assert {"id": str(agency.admin.id), "name": "Irina"}.items() <= fresh["persons"][-1].items()
    audience = {event.offset: event.wire() for event in told if event.audience == "all"}
    assert fold(old, audience.values(), THINGS)["persons"] == fresh["persons"]
    await agency.run(agency.admin, "message.post", room_id=room, body="It's really me")
    assert str(agency.admin.id) in {
        member["id"] for member in (await seen_by(database, agency.client, room))["members"]
    }


async def test_a_room_opened_in_another_s_name_has_them_not_in_it(database: Database, office: Office) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    for asker, inside in ((agency.admin, [str(agency.admin.id)]), (as_admin, [])):
        room = (await agency.run(asker, "room.open", title="Empty")).result["id"]
        seen = await seen_by(database, agency.admin, room)
        assert [member["id"] for member in seen["members"]] == inside
        assert [person["id"] for person in seen["persons"]] == [str(agency.admin.id)]


async def seen_by(database: Database, person: Person, room: str) -> dict[str, Any]:
    async with database.reading(person.actor.within) as tx:
        return await room_snapshot(tx, person.actor, UUID(room))


async def told_in(database: Database, room: str) -> list[StoredEvent]:
    async with database.reading() as tx:
        return await read_log(tx, f"room:{room}", 0)


async def leave_no_trace(database: Database, room: str, person: Person) -> None:
    """As if somebody had never been in a room."""
    async with database.transaction(EVERYWHERE) as tx:
        await tx.execute(delete(Member).where(Member.room_id == UUID(room), Member.person_id == person.id))


async def test_nobody_has_an_opinion_by_another_s_name(database: Database, office: Office) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    room = (await agency.run(agency.admin, "room.open", title="Empty")).result["id"]
    message = (await agency.run(as_admin, "message.post", room_id=room, body="Good morning")).result["id"]
    for name in ("reaction.add", "reaction.remove"):
        fields = {"message_id": message, "emoji": "👍"}
        assert await answer_to(office, as_admin, name, **fields) == "not_in_anothers_name", name
        assert await answer_to(office, agency.admin, name, **fields) == "done", name


async def test_screens_offer_only_what_is_done_in_another_s_name(database: Database, office: Office) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    room = (await agency.run(as_admin, "room.open", title="Empty")).result["id"]
    for asker, offered in ((agency.admin, True), (as_admin, False)):
        async with database.reading(asker.actor.within) as tx:
            seen = await visible_room(tx, asker.actor, UUID(room))
        may = rights_in(asker.actor, archived=seen.row.archived_at is not None)
        assert [name in may for name in ("member.add", "department.enlist")] == [offered, offered]
        assert "member.remove" in may


@pytest.mark.parametrize("field", ["head_id", "deputy_ids"])
async def test_nobody_comes_to_lead_by_another_s_name(database: Database, office: Office, field: str) -> None:
    agency = office.agency
    as_admin = await acting_as(database, office.root, agency.admin)
    made = await agency.run(as_admin, "department.add", name="Field work")
    which = {"department_id": made.result["id"]}
    leads = {"head_id": str(agency.mihai.id)} if field == "head_id" else {"deputy_ids": [str(agency.mihai.id)]}
    assert await answer_to(office, as_admin, "department.change", **which, **leads) == "not_in_anothers_name"
    assert await answer_to(office, as_admin, "department.change", **which, name="Field") == "done"
    assert await answer_to(office, agency.admin, "department.change", **which, **leads) == "done"


class OpenDoors(Command, needs="anyone"):
    pass


async def open_doors(tx: Transaction, actor: Any, command: OpenDoors) -> None:
    """Anything new."""


async def test_what_nobody_sorted_yet_is_refused(database: Database, office: Office) -> None:
    commands = Commands(database, [*VERBS, open_doors])
    as_ana = await acting_as(database, office.root, office.agency.ana)
    await commands.run(office.agency.ana.actor, "doors.open", {})
    with pytest.raises(NotInAnothersName):
        await commands.run(as_ana.actor, "doors.open", {})


PAGES = {
    "/account": ("email.change", "password.change"),
    "/account/security": ("authenticator.start",),
    "/account/tokens": ("api_token.make",),
    "/settings/roles": ("role.add", "role.change"),
    "/settings/security": ("sign_in_policy.change", "provider.add"),
    "/settings/business": ("meetings_key.renew",),
}
REASON = "You can&#39;t do this while acting as someone else"


async def test_pages_say_why_something_can_t_be_done(own_house: House) -> None:
    admin, mihai = own_house.person("admin"), own_house.person("mihai")
    as_admin = await acting_as(own_house.scene.database, own_house.root, admin)
    async with own_house.browser("admin") as themselves, own_house.browser() as acting:
        acting.cookies.set("hub_session", as_admin.token)
        for path, commands in PAGES.items():
            shown, own = (await acting.get(path)).text, (await themselves.get(path)).text
            for name in commands:
                assert f'value="{name}"><p class="not-in-this-name">{REASON}' in shown, (path, name)
            assert "not-in-this-name" not in own, path
        person, own = (await acting.get(f"/people/{mihai.id}")).text, (await themselves.get(f"/people/{mihai.id}")).text
        for offered in (f"/people/{mihai.id}/promote", 'name="role_id"', "reset.send"):
            assert offered in own
            assert offered not in person
        assert f"/people/{mihai.id}/lock" in person
        let_go = f"/people/{mihai.id}/let-go"
        assert 'name="successor_id"' in (await themselves.get(let_go)).text
        assert 'name="successor_id"' not in (await acting.get(let_go)).text
        assert REASON in (await acting.get(let_go)).text
        for path in ("/account/passkeys/options", "/account/passkeys"):
            body = {"password": PASSWORD, "name": "Key", "credential": {}}
            refused = await acting.post(path, json=body, headers={"accept": "application/json"})
            assert refused.json()["error"]["code"] == "not_in_anothers_name"
        assert f"until you stop acting as {admin.actor.name}." in (await acting.get("/")).text
        assert REASON in person
        assert "/people/new" not in (await acting.get("/people")).text
        for path in ("/people/new", f"/people/{mihai.id}/promote"):
            refused = await acting.get(path)
            assert refused.status_code == 403
            assert REASON in refused.text
            assert (await themselves.get(path)).status_code == 200


async def test_a_page_that_isn_t_there_says_as_whom_one_acts_too_and_lets_one_stop(own_house: House) -> None:
    as_admin = await acting_as(own_house.scene.database, own_house.root, own_house.person("admin"))
    async with own_house.browser("admin") as themselves, own_house.browser() as acting:
        assert "/impersonation/end" not in (await themselves.get("/nowhere")).text
        acting.cookies.set("hub_session", as_admin.token)
        assert (await acting.get("/nowhere")).status_code == 404
        stopped = await acting.send_form("/nowhere", "/impersonation/end")
        assert stopped.status_code == 303
        assert (await acting.get("/")).status_code == 303
