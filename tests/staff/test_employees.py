"""Employees' cards: what is kept, who sees how much of it, and that the person sees who looked (WO-01…04)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from people.announcements import PersonForgotten
from staff.employees.directory import EmployeeRecord, employee_record, employees, positions
from staff.employees.erasures import erase_record
from staff.employees.readings import LIFETIME
from staff.employees.statuses import statuses
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound
from store.streams import EventRow
from tests.databases import TABLES
from tests.hub.agencies import Agency, Person, open_agency
from tests.people.permits import permit
from tests.stages import staged

SECRETS: dict[str, Any] = {
    "birth_date": "1990-04-17",
    "identity": "Passport RO-7781234",
    "tax_number": "2900417330011",
    "address": "Strada Florilor 7",
    "home_phone": "+40 21 555 0101",
    "rating": 4,
    "notes": "Allergic to meetings",
}
WORK: dict[str, Any] = {
    "surname": "Munteanu",
    "first_name": "Ana",
    "patronymic": "Ion",
    "position": "Designer",
    "work_phone": "+40 21 555 0200",
    "mobile_phone": "+40 721 000 111",
    "fax": "+40 21 555 0202",
    "messengers": ["Signal: ana.01", "Telegram: @ana"],
    "employed_from": "2024-02-01",
}


@staged
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    await write(agency, **WORK, **SECRETS)
    return agency


async def write(agency: Agency, by: Person | None = None, **fields: Any) -> Any:
    return (await agency.run(by or agency.admin, "employee.change", person_id=str(agency.ana.id), **fields)).result


async def seen(database: Database, agency: Agency, by: Person, reading: str | None = None) -> EmployeeRecord:
    async with database.reading() as tx:
        return await employee_record(tx, by.actor, agency.ana.id, UUID(reading) if reading else None)


async def read(agency: Agency, by: Person) -> str:
    return str((await agency.run(by, "card.read", person_id=str(agency.ana.id))).result["id"])


async def test_wo01_to_wo04_a_card_holds_it_all(database: Database, agency: Agency) -> None:
    found = await seen(database, agency, agency.admin, await read(agency, agency.admin))
    assert found.work
    assert found.hidden
    assert found.work | {"employed_from": str(found.work["employed_from"])} == {
        **WORK,
        "employed_until": None,
        "status_id": None,
    }
    assert found.hidden.model_dump(mode="json") == SECRETS


async def test_what_concerns_the_person_alone_is_encrypted_at_rest(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        tables = list(await tx.scalars(TABLES))
        rows = [
            str(found)
            for table in tables
            for found in await tx.scalars(text(f'select to_jsonb("{table}")::text from "{table}"'))
        ]
    written = "\n".join(rows)
    assert WORK["surname"] in written  # it looks in the right place
    for secret in (*SECRETS.values(),):
        if isinstance(secret, str):
            assert secret not in written
            assert secret.encode().hex() not in written


async def test_the_team_sees_the_work_part_alone(database: Database, agency: Agency) -> None:
    found = await seen(database, agency, agency.mihai)
    assert (found.form.position, found.form.work_phone) == ("Designer", WORK["work_phone"])
    assert (found.work, found.hidden, found.readings) == (None, None, None)
    with pytest.raises(Forbidden):
        await read(agency, agency.mihai)
    with pytest.raises(Forbidden):
        await write(agency, agency.mihai, position="Boss")


async def test_clients_and_others_find_no_card(database: Database, agency: Agency) -> None:
    for stranger in (agency.client, agency.outsider):
        with pytest.raises(NotFound):
            await seen(database, agency, stranger)
    with pytest.raises(NotFound):
        await read(agency, agency.outsider)
    with pytest.raises(NotFound):
        await write(agency, agency.outsider, position="Spy")
    with pytest.raises(Forbidden):
        await read(agency, agency.client)
    async with database.reading() as tx:
        with pytest.raises(NotFound):
            await employee_record(tx, agency.admin.actor, agency.client.id)
        with pytest.raises(NotFound):
            await employees(tx, agency.client.actor)


async def test_the_permission_reads_only_by_an_act(database: Database, agency: Agency) -> None:
    mihai = await permit(database, agency.mihai, "staff")
    assert (await seen(database, agency, mihai)).hidden is None
    reading = await read(agency, mihai)
    found = await seen(database, agency, mihai, reading)
    assert found.hidden
    assert found.hidden.tax_number == SECRETS["tax_number"]
    with pytest.raises(Forbidden):  # another's reading is not one's own
        await seen(database, agency, agency.admin, reading)
    async with database.transaction(now=datetime.now(UTC) + LIFETIME + timedelta(seconds=1)) as tx:
        with pytest.raises(Forbidden) as refused:
            await employee_record(tx, mihai.actor, agency.ana.id, UUID(reading))
    assert refused.value.code == "reading_over"


async def test_each_reading_is_journaled_and_told_to_the_person(database: Database, agency: Agency) -> None:
    await read(agency, agency.admin)
    found = await seen(database, agency, agency.ana)
    assert found.own
    assert found.hidden
    assert found.readings
    latest = found.readings[0]
    assert (latest.reader_id, latest.reader_name, latest.act) == (agency.admin.id, "Irina", "read")
    assert latest.fields == sorted(SECRETS)
    assert [each.act for each in found.readings] == ["read", "changed"]
    async with database.reading() as tx:
        events = list(await tx.scalars(select(EventRow).where(EventRow.name == "card.read").order_by(EventRow.offset)))
    assert {event.stream for event in events} == {f"person:{agency.ana.id}"}
    assert [event.body["card_reading"]["act"] for event in events] == ["changed", "read"]


async def test_events_carry_the_work_part_alone(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        (event,) = await tx.scalars(select(EventRow).where(EventRow.name == "employee.changed"))
    assert event.audience == "team"
    assert event.body["employee"].keys() == {"id", "position", "work_phone"}


async def test_what_isn_t_sent_stays_and_what_is_emptied_goes(database: Database, agency: Agency) -> None:
    await write(agency, rating=None, notes="", position="Art director")
    found = await seen(database, agency, agency.ana)
    assert found.hidden
    assert found.hidden.model_dump(mode="json") == SECRETS | {"rating": None, "notes": ""}
    assert found.form.position == "Art director"
    with pytest.raises(Invalid) as refused:
        await write(agency, employed_until="2020-01-01")
    assert refused.value.fields.keys() == {"employed_until"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"birth_date": "2050-01-01"}, "birth_date"),
        ({"birth_date": "1800-01-01"}, "birth_date"),
        ({"birth_date": "2020-06-01"}, "birth_date"),
        ({"birth_date": "2015-06-01"}, "birth_date"),  # grown by 2028, but employed since 2024
        ({"employed_from": "1985-02-01"}, "employed_from"),
        ({"employed_from": "1999-04-16"}, "employed_from"),  # a day before 13, for one who was born at Easter 1986
        ({"employed_from": "1824-02-01"}, "employed_from"),
        ({"employed_from": "2424-02-01"}, "employed_from"),
        ({"employed_from": "2025-02-02", "employed_until": "2025-02-01"}, "employed_until"),
        ({"employed_until": "2924-02-01"}, "employed_until"),
    ],
    ids=str,
)
async def test_a_date_that_can_t_be_is_refused_on_its_field(
    database: Database, agency: Agency, fields: dict[str, Any], wrong: str
) -> None:
    await write(agency, birth_date="1986-04-17")
    with pytest.raises(Invalid) as refused:
        await write(agency, **fields)
    assert wrong in refused.value.fields
    found = await seen(database, agency, agency.ana)
    assert found.hidden
    assert found.work
    assert (found.hidden.birth_date, found.work["employed_from"]) == (date(1986, 4, 17), date(2024, 2, 1))


async def test_dates_in_the_order_of_a_life_are_kept(agency: Agency) -> None:
    await write(agency, birth_date="1986-04-17", employed_from="1999-04-17", employed_until="1999-04-17")
    await write(agency, birth_date="1984-02-29", employed_from=None)
    with pytest.raises(Invalid) as refused:
        await write(agency, employed_until="1997-02-28")
    assert refused.value.fields.keys() == {"employed_until"}
    await write(agency, employed_until="1997-03-01")


async def test_wo04_statuses_are_a_list_of_one_s_own(database: Database, agency: Agency) -> None:
    business_id = agency.admin.actor.business_id
    assert business_id
    own = (await agency.run(agency.admin, "employee_status.add", name="On a mission")).result["id"]
    await write(agency, status_id=own)
    with pytest.raises(Conflict) as refused:
        await agency.run(agency.admin, "employee_status.remove", status_id=own)
    assert refused.value.code == "status_in_use"
    async with database.reading() as tx:
        known = {status.name: status.id for status in await statuses(tx, business_id)}
    await write(agency, status_id=str(known["On probation"]))
    for name in ("on a mission", "У відрядженні", "У ВІДРЯДЖЕННІ", "Abroad"):
        await agency.run(agency.admin, "employee_status.rename", status_id=own, name=name)
    await agency.run(agency.admin, "employee_status.add", name="Відпустка")
    for taken in ("ВІДПУСТКА", "on PROBATION"):
        with pytest.raises(Invalid):
            await agency.run(agency.admin, "employee_status.rename", status_id=own, name=taken)
    await agency.run(agency.admin, "employee_status.remove", status_id=own)
    for wrong in ("Active", "on probation"):
        with pytest.raises(Invalid):
            await agency.run(agency.admin, "employee_status.add", name=wrong)
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "employee_status.remove", status_id=str(known["Active"]))
    with pytest.raises(Invalid) as invalid:
        await agency.run(
            agency.outsider, "employee.change", person_id=str(agency.outsider.id), status_id=str(known["Active"])
        )
    assert invalid.value.fields.keys() == {"status_id"}


async def test_what_was_named_by_an_older_rule_can_still_be_saved(database: Database, agency: Agency) -> None:
    """Two names may stand side by side that would be one today, such as a built-in one's in capitals."""
    admin = agency.admin
    status = (await agency.run(admin, "employee_status.add", name="On a mission")).result["id"]
    study = (await agency.run(admin, "leave_kind.add", name="Study", counted=True, days_a_year=5)).result["id"]
    async with database.transaction() as tx:
        await tx.execute(text("update employee_statuses set name = 'ACTIVE' where id = :id"), {"id": status})
        await tx.execute(text("update leave_kinds set name = 'ANNUAL LEAVE' where id = :id"), {"id": study})
    await agency.run(admin, "employee_status.rename", status_id=status, name="ACTIVE")
    kept = await agency.run(admin, "leave_kind.change", kind_id=study, name="ANNUAL LEAVE", days_a_year=6)
    assert (kept.result["name"], kept.result["days_a_year"]) == ("ANNUAL LEAVE", "6")
    for command, fields in (
        ("employee_status.rename", {"status_id": status, "name": "active"}),
        ("leave_kind.change", {"kind_id": study, "name": "annual leave"}),
    ):
        with pytest.raises(Invalid) as refused:
            await agency.run(admin, command, **fields)
        assert refused.value.fields.keys() == {"name"}


async def test_wo02_employees_are_listed_by_department_and_position(database: Database, agency: Agency) -> None:
    design = (await agency.run(agency.admin, "department.add", name="Design")).result["id"]
    await agency.run(agency.admin, "department_member.add", department_id=design, person_id=str(agency.ana.id))
    async with database.reading() as tx:
        actor = agency.mihai.actor
        assert [each.name for each in await employees(tx, actor)] == ["Ana", "Irina", "Mihai"]
        (ana,) = await employees(tx, actor, department_id=UUID(design))
        assert (ana.departments, ana.position) == (["Design"], "Designer")
        assert [each.name for each in await employees(tx, actor, position="designer")] == ["Ana"]
        assert await positions(tx, actor) == ["Designer"]


async def test_an_erased_card_leaves_nothing(database: Database, agency: Agency) -> None:
    async with database.transaction() as tx:
        assert agency.admin.actor.business_id
        await erase_record(tx, PersonForgotten(agency.admin.actor.business_id, agency.ana.id, "Former colleague"))
    found = await seen(database, agency, agency.ana)
    assert found.hidden
    assert not found.hidden.filled
    assert found.readings == []
    assert found.work
    assert found.work["employed_from"] in (None, date(2024, 2, 1))


async def test_who_acts_as_somebody_doesn_t_see_their_card_as_their_own(database: Database, agency: Agency) -> None:
    acting = replace(agency.ana.actor, impersonator_id=agency.admin.id)
    async with database.reading() as tx:
        found = await employee_record(tx, acting, agency.ana.id)
    assert (found.own, found.hidden) == (False, None)


async def test_who_manages_staff_looks_after_neither_admins_nor_themselves(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    for person in (agency.admin, ana):
        with pytest.raises(Forbidden):
            await agency.run(ana, "card.read", person_id=str(person.id))
        with pytest.raises(Forbidden):
            await agency.run(ana, "employee.change", person_id=str(person.id), rating=5)
    await agency.run(ana, "card.read", person_id=str(agency.mihai.id))
    async with database.reading() as tx:
        assert (await employee_record(tx, ana.actor, agency.admin.id)).work is None
