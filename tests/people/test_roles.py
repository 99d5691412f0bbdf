"""Roles: named sets of permissions, and what becomes of those who have them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from people.accounts import Account
from people.first_roles import OFFERED, Role
from people.roles import roles
from people.signing.sessions import open_session
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound, Refusal
from tests.hub.agencies import Agency, Person, open_agency
from tests.stages import staged

PASSWORD = "a good long phrase"


agency = staged(open_agency)


async def role_of(database: Database, agency: Agency, key: str) -> str:
    async with database.reading() as tx:
        own = select(Role.id).where(Role.business_id == agency.admin.actor.business_id, Role.key == key)
        return str(await tx.scalar(own))


async def hire(agency: Agency, by: Person | None = None, /, **fields: Any) -> str:
    person = {"kind": "staff", "name": "Petru", "email": "petru@atelier.example", "password": PASSWORD} | fields
    return str((await agency.run(by or agency.admin, "person.add", **person)).result["id"])


async def may(database: Database, person_id: str) -> list[str]:
    async with database.reading() as tx:
        account = await tx.get(Account, UUID(person_id))
        assert account
        return account.permissions


async def seated(database: Database, person_id: str) -> Person:
    async with database.transaction() as tx:
        return Person(*await open_session(tx, UUID(person_id), address="127.0.0.1", agent="test"))


async def test_cc34_a_business_begins_with_roles_and_adds_any_number(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        assert {role.key for role in await roles(tx, agency.admin.actor)} == set(OFFERED)
    for name in ("Programmers", "Designers", "Marketers"):
        await agency.run(agency.admin, "role.add", name=name, permissions=["projects"])
    async with database.reading() as tx:
        assert len(await roles(tx, agency.admin.actor)) == len(OFFERED) + 3


async def test_a_role_s_name_is_given_once(agency: Agency) -> None:
    await agency.run(agency.admin, "role.add", name="Programmers")
    with pytest.raises(Refusal) as refused:
        await agency.run(agency.admin, "role.add", name="PROGRAMMERS")
    assert (refused.value.code, list(refused.value.fields)) == ("role_name_taken", ["name"])
    await agency.run(agency.outsider, "role.add", name="Programmers")
    chief = (await agency.run(agency.admin, "role.add", name="Șef de șantier")).result["id"]
    for taken in ("ŞEF DE ŞANTIER", "s\u0326ef de s\u0326antier"):
        with pytest.raises(Refusal):
            await agency.run(agency.admin, "role.add", name=taken)
    await agency.run(agency.admin, "role.change", role_id=chief, name="ȘEF DE ȘANTIER")
    with pytest.raises(Refusal):
        await agency.run(agency.admin, "role.change", role_id=chief, name="programmers")


async def test_cc36_without_a_role_there_is_no_staff(database: Database, agency: Agency) -> None:
    async with database.transaction() as tx:
        await tx.execute(delete(Role))
    with pytest.raises(Invalid) as refused:
        await hire(agency)
    assert list(refused.value.fields) == ["role_id"]
    role = (await agency.run(agency.admin, "role.add", name="Programmers")).result["id"]
    await hire(agency, role_id=role)


async def test_another_business_s_role_is_none(database: Database, agency: Agency) -> None:
    theirs = (await agency.run(agency.outsider, "role.add", name="Spies")).result["id"]
    with pytest.raises(Invalid):
        await hire(agency, role_id=theirs)
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "role.change", role_id=theirs, name="Mine")
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "role.remove", role_id=theirs)


async def test_cc35_what_holds_is_the_role_and_what_is_given_beside_it(database: Database, agency: Agency) -> None:
    role = (await agency.run(agency.admin, "role.add", name="Leads", permissions=["projects"])).result["id"]
    petru = await hire(agency, role_id=role, permissions=["hours"])
    assert await may(database, petru) == ["hours", "projects"]
    await agency.run(agency.admin, "role.change", role_id=role, permissions=["clients"])
    assert await may(database, petru) == ["clients", "hours"]
    await agency.run(agency.admin, "person.change", person_id=petru, permissions=[])
    assert await may(database, petru) == ["clients"]
    await agency.run(
        agency.admin, "person.change", person_id=petru, role_id=await role_of(database, agency, "employee")
    )
    assert await may(database, petru) == []


async def test_a_held_role_goes_only_when_its_holders_get_another(database: Database, agency: Agency) -> None:
    role = (await agency.run(agency.admin, "role.add", name="Leads", permissions=["projects"])).result["id"]
    petru = await hire(agency, role_id=role)
    with pytest.raises(Refusal) as refused:
        await agency.run(agency.admin, "role.remove", role_id=role)
    assert refused.value.code == "role_held"
    support = await role_of(database, agency, "support")
    await agency.run(agency.admin, "role.remove", role_id=role, to_role_id=support)
    assert await may(database, petru) == ["own_leave", "tickets"]


async def test_nobody_gives_or_takes_what_they_do_not_hold(database: Database, agency: Agency) -> None:
    lead = await seated(database, await hire(agency, role_id=await role_of(database, agency, "team_lead")))
    accountant = await role_of(database, agency, "accountant")
    other = await hire(agency, email="other@atelier.example", role_id=accountant)
    forbidden: list[tuple[str, dict[str, Any]]] = [
        ("role.add", {"name": "Rich", "permissions": ["invoicing"]}),
        ("role.change", {"role_id": accountant, "permissions": []}),
        ("role.remove", {"role_id": accountant, "to_role_id": await role_of(database, agency, "employee")}),
        ("person.change", {"person_id": other, "role_id": await role_of(database, agency, "employee")}),
        ("person.change", {"person_id": str(lead.id), "permissions": ["invoicing"]}),
        ("person.change", {"person_id": str(lead.id), "role_id": accountant}),
        ("person.change", {"person_id": str(agency.admin.id), "name": "Nobody"}),
    ]
    for name, fields in forbidden:
        with pytest.raises(Forbidden):
            await agency.run(lead, name, **fields)
    await agency.run(lead, "role.add", name="Junior leads", permissions=["staff", "hours"])
    await agency.run(lead, "person.change", person_id=other, name="Otto")
