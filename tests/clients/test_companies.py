"""Companies and their clients: what is known of them, who may change it, and who sees it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text

from clients.companies import companies
from clients.company_clients import companies_of, linked_clients
from clients.contacts import contacts
from clients.notes import company_notes
from clients.subscriptions import offers, uses
from people.actors import Actor
from people.parties import Party
from rooms.companies import company_summaries
from rooms.rooms import rooms
from rooms.search import search
from rooms.summaries import by_company, summaries
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound
from store.streams import EventRow
from tests.hub.agencies import Agency, Person, open_agency
from tests.stages import staged

agency = staged(open_agency)


@pytest.fixture
async def nord(agency: Agency) -> str:
    return await made(agency, "company.add", name="Nord Bakery", email="office@nord.example")


async def made(agency: Agency, name: str, /, by: Person | None = None, **fields: Any) -> str:
    return str((await agency.run(by or agency.admin, name, **fields)).result["id"])


async def told(database: Database, name: str) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        rows = await tx.scalars(select(EventRow.body).where(EventRow.name == name).order_by(EventRow.recorded_at))
        return list(rows)


async def test_cc33_a_company_is_changed_and_only_what_is_new_is_told(
    database: Database, agency: Agency, nord: str
) -> None:
    changed = await agency.run(
        agency.admin, "company.change", company_id=nord, name="Nord", website="nord.example", phone=""
    )
    assert (changed.result["name"], changed.result["website"]) == ("Nord", "https://nord.example")
    assert [sorted(event["changed"]) for event in await told(database, "company.changed")] == [["name", "website"]]
    await agency.run(agency.admin, "company.change", company_id=nord, name="Nord")
    assert len(await told(database, "company.changed")) == 1


async def test_cc04_a_company_s_new_e_mail_is_nobody_else_s(agency: Agency, nord: str) -> None:
    other = await made(agency, "company.add", name="Casa", email="casa@nord.example")
    with pytest.raises(Conflict) as refused:
        await agency.run(agency.admin, "company.change", company_id=other, email="OFFICE@nord.example")
    assert (refused.value.code, list(refused.value.fields)) == ("email_taken", ["email"])
    await agency.run(agency.admin, "company.change", company_id=other, email=None)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://nord.example", "https://", "https://a b", "//x@y"])
async def test_a_website_is_one(agency: Agency, nord: str, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.admin, "company.change", company_id=nord, website=address)
    assert list(refused.value.fields) == ["website"]


async def test_cc33_a_company_with_rooms_is_archived_but_not_removed(agency: Agency, nord: str) -> None:
    room = await made(agency, "room.open", title="Shop", company_id=nord)
    await agency.run(agency.admin, "room.archive", room_id=room)
    with pytest.raises(Conflict) as refused:
        await agency.run(agency.admin, "company.remove", company_id=nord)
    assert refused.value.code == "company_has_rooms"
    await agency.run(agency.admin, "company.archive", company_id=nord)
    with pytest.raises(Conflict) as again:
        await agency.run(agency.admin, "company.archive", company_id=nord)
    assert again.value.code == "company_archived"
    with pytest.raises(Invalid) as offered:
        await agency.run(agency.admin, "room.open", title="Blog", company_id=nord)
    assert list(offered.value.fields) == ["company_id"]
    await agency.run(agency.admin, "company.restore", company_id=nord)
    await agency.run(agency.admin, "room.open", title="Blog", company_id=nord)


async def test_cc33_a_company_without_rooms_goes_with_all_that_was_known_of_it(
    database: Database, agency: Agency, nord: str
) -> None:
    service = await made(agency, "service.add", name="Care")
    await agency.run(agency.admin, "contact.add", company_id=nord, name="Elena")
    await agency.run(agency.admin, "company_note.add", company_id=nord, body="Pays late")
    await agency.run(agency.admin, "subscription.add", company_id=nord, service_id=service)
    await agency.run(agency.admin, "client.link", company_id=nord, person_id=str(agency.client.id))
    await agency.run(agency.admin, "company.remove", company_id=nord)
    async with database.reading() as tx:
        for table in ("companies", "contacts", "company_notes", "subscriptions", "client_companies"):
            assert await tx.scalar(text(f"select count(*) from {table}")) == 0, table
        assert await companies_of(tx, agency.client.id) == []
    assert "Nord Bakery" not in str(await told(database, "company.added"))
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "company.remove", company_id=nord)


async def test_cc99_cc141_a_client_has_no_company_or_one_or_several(
    database: Database, agency: Agency, nord: str
) -> None:
    client, casa = str(agency.client.id), await made(agency, "company.add", name="Casa")

    async def have() -> list[str]:
        async with database.reading() as tx:
            return [company.name for company in await companies_of(tx, agency.client.id)]

    assert await have() == []
    for company in (nord, casa, nord):
        await agency.run(agency.admin, "client.link", company_id=company, person_id=client)
    assert await have() == ["Casa", "Nord Bakery"]
    assert len(await told(database, "client.linked")) == 2
    async with database.reading() as tx:
        assert [one.name for one in await linked_clients(tx, agency.ana.actor, UUID(nord))] == ["Clara"]
    await agency.run(agency.admin, "client.unlink", company_id=nord, person_id=client)
    assert await have() == ["Casa"]
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "client.unlink", company_id=nord, person_id=client)


async def test_only_clients_are_linked(agency: Agency, nord: str) -> None:
    for person_id in (agency.ana.id, agency.outsider.id, uuid4()):
        with pytest.raises(Invalid) as refused:
            await agency.run(agency.admin, "client.link", company_id=nord, person_id=str(person_id))
        assert list(refused.value.fields) == ["person_id"]


async def test_cc100_cc143_a_room_is_for_a_company_a_client_both_or_nobody(
    database: Database, agency: Agency, nord: str
) -> None:
    client = [str(agency.client.id)]
    wanted = {"Both": (nord, client), "Company": (nord, []), "Client": (None, client), "Inside": (None, [])}
    for title, (company_id, member_ids) in wanted.items():
        await agency.run(agency.admin, "room.open", title=title, company_id=company_id, member_ids=member_ids)
    async with database.reading() as tx:
        theirs = await rooms(tx, agency.client.actor)
    assert {room.title: room.company and room.company.name for room in theirs} == {
        "Both": "Nord Bakery", "Client": None, "Website": None
    }  # fmt: skip


async def test_cc101_cc139_a_client_s_projects_are_grouped_by_company(
    database: Database, agency: Agency, nord: str
) -> None:
    casa = await made(agency, "company.add", name="Casa")
    for title, company_id in (("Shop", nord), ("Label", casa), ("Blog", nord)):
        await agency.run(
            agency.admin, "room.open", title=title, company_id=company_id, member_ids=[str(agency.client.id)]
        )
    async with database.reading() as tx:
        groups = by_company(await summaries(tx, agency.client.actor, await rooms(tx, agency.client.actor)), "en")
    found = [(group.company and group.company.name, [each.room.title for each in group.summaries]) for group in groups]
    assert found == [
        ("Casa", ["Label"]), ("Nord Bakery", ["Blog", "Shop"]), (None, ["Website"])
    ]  # fmt: skip


async def test_cc144_it_is_seen_what_a_company_uses(database: Database, agency: Agency, nord: str) -> None:
    care, shop = await made(agency, "service.add", name="Care"), await made(agency, "service.add", name="Shop")
    used = await made(agency, "subscription.add", company_id=nord, service_id=care, since_on="2026-02-01")
    with pytest.raises(Conflict) as twice:
        await agency.run(agency.admin, "subscription.add", company_id=nord, service_id=care)
    assert twice.value.code == "already_used"
    with pytest.raises(Conflict) as taken:
        await agency.run(agency.admin, "service.change", service_id=shop, name="Care")
    assert (taken.value.code, list(taken.value.fields)) == ("name_taken", ["name"])
    async with database.reading() as tx:
        known = await uses(tx, agency.ana.actor, UUID(nord))
        assert [(use.name, str(use.since_on)) for use in known] == [("Care", "2026-02-01")]
        assert [(offer.service.name, offer.companies) for offer in await offers(tx, agency.ana.actor)] == [
            ("Care", 1), ("Shop", 0)
        ]  # fmt: skip
    with pytest.raises(Conflict) as in_use:
        await agency.run(agency.admin, "service.remove", service_id=care)
    assert in_use.value.code == "service_in_use"
    await agency.run(agency.admin, "subscription.remove", subscription_id=used)
    await agency.run(agency.admin, "service.remove", service_id=care)


async def test_two_services_have_no_name_that_differs_only_in_case(agency: Agency) -> None:
    care, shop = await made(agency, "service.add", name="Îngrijire"), await made(agency, "service.add", name="Shop")
    with pytest.raises(Conflict) as refused:
        await made(agency, "service.add", name="ÎNGRIJIRE")
    assert refused.value.code == "name_taken"
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "service.change", service_id=shop, name="I\u0302ngrijire")
    await agency.run(agency.admin, "service.change", service_id=care, name="ÎNGRIJIRE")
    await made(agency, "service.add", agency.outsider, name="Îngrijire")


async def test_another_business_s_service_is_none(agency: Agency, nord: str) -> None:
    theirs = await made(agency, "service.add", agency.outsider, name="Theirs")
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.admin, "subscription.add", company_id=nord, service_id=theirs)
    assert list(refused.value.fields) == ["service_id"]


async def test_a_note_is_the_team_s_and_leaves_the_log_when_it_is_removed(
    database: Database, agency: Agency, nord: str
) -> None:
    note = await made(agency, "company_note.add", company_id=nord, body="Pays late")
    async with database.reading() as tx:
        assert [one.body for one in await company_notes(tx, agency.ana.actor, UUID(nord))] == ["Pays late"]
        for read in (company_notes, contacts, uses, linked_clients):
            with pytest.raises(Forbidden):
                await read(tx, agency.client.actor, UUID(nord))
        with pytest.raises(Forbidden):
            await company_summaries(tx, agency.client.actor)
        audiences = await tx.scalars(select(EventRow.audience).where(EventRow.name.like("company%")).distinct())
        assert list(audiences) == ["team"]
    await agency.run(agency.admin, "company_note.remove", note_id=note)
    assert "Pays late" not in str(await told(database, "company_note.added"))


async def test_the_list_of_companies_goes_on_from_the_last_and_is_searched(
    database: Database, agency: Agency, nord: str
) -> None:
    for name in ("Beta", "Alfa", "Alfa", "100%"):
        await made(agency, "company.add", name=name)
    actor = agency.ana.actor

    async def listed(**asked: Any) -> list[str]:
        async with database.reading() as tx:
            return [card.name for card in await company_summaries(tx, actor, **asked)]

    assert await listed() == ["100%", "Alfa", "Alfa", "Beta", "Nord Bakery"]
    seen: list[str] = []
    after = None
    async with database.reading() as tx:
        while page := await company_summaries(tx, actor, after=after, limit=2):
            seen += [card.name for card in page]
            after = page[-1].id
    assert seen == await listed()
    assert await listed(q="OFFICE@") == ["Nord Bakery"]
    assert await listed(q="%") == ["100%"]
    assert await listed(archived=True) == []


async def test_cc22_row_security_hides_another_business_s_companies(
    database: Database, agency: Agency, nord: str
) -> None:
    await agency.run(agency.admin, "contact.add", company_id=nord, name="Elena")
    await agency.run(agency.admin, "company_note.add", company_id=nord, body="Pays late")
    await agency.run(agency.admin, "service.add", name="Care")

    async def rows(actor: Actor) -> list[int]:
        async with database.reading(actor.within) as tx:
            return [
                await tx.scalar(select(func.count()).select_from(text(table)))
                for table in ("companies", "contacts", "company_notes", "services")
            ]

    assert await rows(agency.outsider.actor) == [0, 0, 0, 0]
    assert await rows(agency.admin.actor) == [1, 1, 1, 1]


async def test_the_team_finds_companies_by_their_names(database: Database, agency: Agency, nord: str) -> None:
    async def found(person: Person) -> list[str]:
        async with database.reading() as tx:
            return [one["url"] for one in await search(tx, person.actor, "bakery")]

    assert await found(agency.ana) == [f"/companies/{nord}"]
    assert await found(agency.client) == await found(agency.outsider) == []


async def test_whoever_came_last_is_in_a_long_list_at_their_place(database: Database, agency: Agency) -> None:
    business_id = agency.admin.actor.business_id
    names = [*(f"Firm {number:04}" for number in range(1100)), "Aaron & Sons"]
    async with database.transaction() as tx:
        added = [
            {"id": tx.new_id(), "business_id": business_id, "kind": "company", "name": name, "added_at": tx.now}
            for name in names
        ]
        await tx.execute(insert(Party), added)
    async with database.reading(agency.admin.actor.within) as tx:
        listed = [company.name for company in await companies(tx, agency.admin.actor)]
    assert (listed[0], len(listed)) == ("Aaron & Sons", 1000)
    assert listed[1] == "Firm 0000"
