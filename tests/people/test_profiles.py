"""A business's profile, and the first steps that tick themselves off."""

from typing import Any

import pytest
from sqlalchemy import select

from people.businesses import Business
from people.checklists import is_hidden
from people.profiles import countries, currencies, meetings_key, welcome
from rooms.first_steps import first_steps
from store.database import Database
from store.errors import Forbidden, Invalid
from store.streams import EventRow
from tests.hub.agencies import Agency, open_agency
from tests.stages import staged

agency = staged(open_agency)


async def changed(database: Database) -> list[list[str]]:
    async with database.reading() as tx:
        rows = await tx.scalars(
            select(EventRow.body).where(EventRow.name == "business.changed").order_by(EventRow.offset)
        )
        return [sorted(row["changed"]) for row in rows]


async def test_cc26_cc27_the_profile_is_changed_and_the_team_is_told_what_is_new(
    database: Database, agency: Agency
) -> None:
    fields = {"name": "Atelier Nord", "header": "We make things", "footer_left": "Left", "footer_right": "Right"}
    done = await agency.run(agency.admin, "business.change", **fields, address="Strada Lungă 1", currency="RON")
    assert fields.items() <= done.result.items()
    assert await changed(database) == [sorted([*fields, "address", "currency"])]
    await agency.run(agency.admin, "business.change", **fields)
    assert len(await changed(database)) == 1
    async with database.reading() as tx:
        assert set(await tx.scalars(select(EventRow.audience).where(EventRow.name == "business.changed"))) == {"team"}
        other = await tx.get(Business, agency.outsider.actor.business_id)
        assert other
        assert other.name == "Other"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "XXX"),
        ("currency", "DEM"),
        ("country", "XX"),
        ("country", "EU"),
        ("time_zone", "Mars/Base"),
        ("language", "la"),
        ("email", "nobody"),
        ("website", "javascript:alert(1)"),
        ("meetings_url", "http://meet.example/room"),
        ("meetings_url", "javascript:alert(1)"),
        ("meetings_url", "https://user:secret@meet.example"),
        ("working_week", []),
        ("working_week", [0, 1]),
        ("hours_a_day", 25),
        ("hours_a_day", 0),
        ("name", ""),
    ],
)
async def test_what_can_t_be_so_is_refused_on_its_field(agency: Agency, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.admin, "business.change", **{field: value})
    assert {name.partition(".")[0] for name in refused.value.fields} == {field}


def test_the_lists_of_countries_and_currencies_are_today_s() -> None:
    assert {"RO", "UA", "MD", "DE", "GB", "US"} <= countries()
    assert {"RON", "UAH", "MDL", "EUR", "USD"} <= currencies()
    assert not {"DEM", "ROL", "XXX", "XTS"} & currencies()


async def test_a_working_week_is_kept_in_its_order_and_a_country_can_be_taken_back(
    database: Database, agency: Agency
) -> None:
    done = await agency.run(agency.admin, "business.change", working_week=[5, 1, 1, 7], hours_a_day="7.5", country="MD")
    assert (done.result["working_week"], done.result["hours_a_day"]) == ([1, 5, 7], 7.5)
    assert done.result["country"] == "MD"
    assert (await agency.run(agency.admin, "business.change", country=None)).result["country"] is None


async def test_cc29_the_meetings_key_is_renewed_and_lies_nowhere_in_the_clear(
    database: Database, agency: Agency
) -> None:
    async def key() -> str | None:
        async with database.reading() as tx:
            return await meetings_key(tx, agency.admin.actor)

    assert await key() is None
    await agency.run(agency.admin, "meetings_key.renew")
    first = await key()
    assert first
    await agency.run(agency.admin, "meetings_key.renew")
    second = await key()
    assert second != first
    async with database.reading() as tx:
        row = await tx.get(Business, agency.admin.actor.business_id)
        assert row
        assert row.meetings_key
        assert first.encode() not in row.meetings_key
        assert str(second) not in str(list(await tx.scalars(select(EventRow.body))))
        with pytest.raises(Forbidden):
            await meetings_key(tx, agency.ana.actor)


async def test_a_business_among_others_isn_t_shown_to_strangers(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "business.change", shown_at_sign_in=True)
    async with database.reading() as tx:
        assert await welcome(tx) is None


async def done_steps(database: Database, agency: Agency) -> set[str]:
    async with database.reading() as tx:
        return {step.key for step in await first_steps(tx, agency.outsider.actor) if step.done}


async def test_mc01_cc30_each_first_step_ticks_itself_off_by_what_is_so(database: Database, agency: Agency) -> None:
    run, admin = agency.run, agency.outsider
    assert await done_steps(database, agency) == set()
    await run(admin, "business.change", address="Strada Lungă 1", tax_id="RO123", phone="+40 1")
    assert await done_steps(database, agency) == {"basics"}
    ivan: dict[str, Any] = {
        "kind": "staff",
        "name": "Ivan",
        "email": "ivan@other.example",
        "password": "a long password",
    }
    await run(admin, "person.add", **ivan)
    assert await done_steps(database, agency) == {"basics", "people"}
    await run(admin, "person.add", **ivan | {"email": "olha@other.example", "permissions": ["projects"]})
    await run(admin, "company.add", name="Nord")
    assert await done_steps(database, agency) == {"basics", "people", "rights", "clients"}
    opened = (await run(admin, "room.open", title="Shop")).result
    assert await done_steps(database, agency) == {"basics", "people", "rights", "clients", "processes", "rooms"}
    await run(admin, "stage.add", process_id=opened["process_id"], name="Briefed")
    assert "pipeline" in await done_steps(database, agency)
    await run(admin, "business.change", address="")
    assert "basics" not in await done_steps(database, agency)


async def test_mc01_what_atrium_hasn_t_yet_is_said_so(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        steps = await first_steps(tx, agency.admin.actor)
        assert {step.key for step in steps if not step.available} == {"fields", "task_types"}
        assert not any(step.done for step in steps if not step.available)
        with pytest.raises(Forbidden):
            await first_steps(tx, agency.ana.actor)


async def test_mc01_each_admin_hides_the_list_for_themselves(database: Database, agency: Agency) -> None:
    async def hidden() -> list[bool]:
        async with database.reading() as tx:
            return [await is_hidden(tx, person.actor) for person in (agency.admin, agency.outsider)]

    for name, wanted in (("hide", True), ("hide", True), ("show", False), ("show", False)):
        await agency.run(agency.admin, f"checklist.{name}")
        assert await hidden() == [wanted, False]
    async with database.reading() as tx:
        told = await tx.scalars(
            select(EventRow.stream).where(EventRow.name == "checklist.hidden").order_by(EventRow.offset)
        )
        assert list(told) == [f"person:{agency.admin.id}"] * 2
