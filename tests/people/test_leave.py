"""Leave: asked for, decided, put down, taken back; who may do it, and who hears of it (CC-58…60, CC-92, CC-93)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from people.businesses import Business
from people.leave.absences import absences, absences_ahead, away_today
from people.leave.calendars import holidays
from people.leave.kinds import kinds
from people.leave.leaves import balances, leaves_to_decide
from people.letters import Letter
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from store.log import EventRow
from tests.hub.agencies import Agency, Person, open_agency
from tests.people.permits import permit

MONDAY = date(2027, 3, 1)


@pytest.fixture
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    async with database.transaction() as tx:
        await tx.execute(update(Business).values(country="RO"))
    return agency


async def kind(database: Database, agency: Agency, key: str = "annual") -> str:
    async with database.reading() as tx:
        found = await kinds(tx, business_of(agency))
    return str(next(each.id for each in found if each.key == key))


def business_of(agency: Agency) -> UUID:
    assert agency.admin.actor.business_id
    return agency.admin.actor.business_id


async def ask(agency: Agency, database: Database, person: Person, **fields: Any) -> dict[str, Any]:
    given = {"kind_id": await kind(database, agency), "starts_on": MONDAY, "ends_on": MONDAY} | fields
    return dict((await agency.run(person, "leave.request", **given)).result)


async def record(agency: Agency, database: Database, by: Person, person: Person, **fields: Any) -> dict[str, Any]:
    given = {"kind_id": await kind(database, agency), "starts_on": MONDAY, "ends_on": MONDAY} | fields
    return dict((await agency.run(by, "leave.record", person_id=str(person.id), **given)).result)


async def told(database: Database, stream: str) -> list[str]:
    async with database.reading() as tx:
        rows = await tx.scalars(select(EventRow.name).where(EventRow.stream == stream).order_by(EventRow.offset))
    return [name for name in rows if name.startswith(("leave", "absence", "calendar"))]


async def left(database: Database, agency: Agency, person: Person, year: int = 2027) -> Decimal:
    async with database.reading() as tx:
        business = await tx.get(Business, business_of(agency))
        assert business
        known = await kinds(tx, business.id)
        found = await balances(tx, business, [person.id], known, year)
    return found[person.id, UUID(await kind(database, agency))].left


async def test_cc93_without_the_permission_one_asks_but_doesn_t_set(database: Database, agency: Agency) -> None:
    with pytest.raises(Forbidden):
        await record(agency, database, agency.ana, agency.ana)
    assert (await ask(agency, database, agency.ana))["state"] == "requested"


async def test_cc92_with_the_permission_one_sets_one_s_own_leave(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "own_leave")
    assert (await record(agency, database, ana, ana))["state"] == "approved"
    day = MONDAY + timedelta(days=1)
    later = await ask(agency, database, ana, starts_on=day, ends_on=day)
    assert later["state"] == "approved"
    assert (await agency.run(ana, "leave.cancel", leave_id=later["id"])).result["state"] == "cancelled"


async def test_cc60_the_right_can_be_taken_away(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "own_leave")
    leave = await record(agency, database, ana, ana)
    ana = await permit(database, agency.ana)
    with pytest.raises(Forbidden):
        await agency.run(ana, "leave.cancel", leave_id=leave["id"])
    with pytest.raises(Forbidden):
        await record(agency, database, ana, ana, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 4))


async def test_cc93_who_decides_for_others_doesn_t_decide_for_themselves(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    asked = await ask(agency, database, ana)
    for command, more in (("leave.approve", {}), ("leave.refuse", {"reason": "No"}), ("leave.cancel", {})):
        with pytest.raises(Forbidden):
            await agency.run(ana, command, leave_id=asked["id"], **more)
    with pytest.raises(Forbidden):
        await record(agency, database, ana, ana, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 4))
    with pytest.raises(Forbidden):
        await agency.run(
            ana,
            "leave_allowance.change",
            person_id=str(ana.id),
            kind_id=await kind(database, agency),
            year=2027,
            entitled=99,
        )


async def test_cc59_an_admin_puts_down_leave_of_any_kind_for_anyone(database: Database, agency: Agency) -> None:
    for days, key in enumerate(("annual", "medical", "other")):
        day = MONDAY + timedelta(days=days)
        leave = await record(
            agency,
            database,
            agency.admin,
            agency.ana,
            kind_id=await kind(database, agency, key),
            starts_on=day,
            ends_on=day,
        )
        assert leave["state"] == "approved"
    for stranger in (agency.client, agency.outsider):
        with pytest.raises(Invalid):
            await record(agency, database, agency.admin, stranger)
    for asker, refusal in ((agency.mihai, Forbidden), (agency.client, Forbidden), (agency.outsider, Invalid)):
        with pytest.raises(refusal):
            await record(agency, database, asker, agency.ana, starts_on=date(2027, 6, 9), ends_on=date(2027, 6, 9))


async def test_leave_is_approved_refused_or_withdrawn_once(database: Database, agency: Agency) -> None:
    first, second, third = [
        await ask(agency, database, agency.ana, starts_on=day, ends_on=day)
        for day in (MONDAY + timedelta(days=number) for number in range(3))
    ]
    approved = (await agency.run(agency.admin, "leave.approve", leave_id=first["id"])).result
    assert (approved["state"], approved["decided_by"]) == ("approved", str(agency.admin.id))
    refused = (await agency.run(agency.admin, "leave.refuse", leave_id=second["id"], reason="The fair")).result
    assert (refused["state"], refused["reason"]) == ("refused", "The fair")
    assert (await agency.run(agency.ana, "leave.withdraw", leave_id=third["id"])).result["state"] == "withdrawn"
    for leave in (first, second, third):
        for command, person, more in (
            ("leave.approve", agency.admin, {}),
            ("leave.refuse", agency.admin, {"reason": "Again"}),
            ("leave.withdraw", agency.ana, {}),
        ):
            with pytest.raises(Conflict) as again:
                await agency.run(person, command, leave_id=leave["id"], **more)
            assert again.value.code == "leave_decided"
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "leave.refuse", leave_id=first["id"], reason="")


async def test_others_don_t_find_it(database: Database, agency: Agency) -> None:
    asked = await ask(agency, database, agency.ana)
    for person in (agency.mihai, agency.client, agency.outsider):
        for command, more in (
            ("leave.approve", {}),
            ("leave.refuse", {"reason": "No"}),
            ("leave.withdraw", {}),
            ("leave.cancel", {}),
        ):
            with pytest.raises(NotFound):
                await agency.run(person, command, leave_id=asked["id"], **more)


async def test_the_head_of_a_department_decides_on_its_people_and_those_below(
    database: Database, agency: Agency
) -> None:
    top = (await agency.run(agency.admin, "department.add", name="Design", head_id=str(agency.mihai.id))).result["id"]
    low = (await agency.run(agency.admin, "department.add", name="Web", parent_id=top)).result["id"]
    await agency.run(agency.admin, "department_member.add", department_id=low, person_id=str(agency.ana.id))
    asked = await ask(agency, database, agency.ana)
    async with database.reading() as tx:
        assert [str(leave.id) for leave in await leaves_to_decide(tx, agency.mihai.actor)] == [asked["id"]]
        assert await leaves_to_decide(tx, agency.ana.actor) == []
    assert "leave.requested" in await told(database, f"person:{agency.mihai.id}")
    assert (await agency.run(agency.mihai, "leave.approve", leave_id=asked["id"])).result["state"] == "approved"
    own = await ask(agency, database, agency.mihai)
    with pytest.raises(Forbidden):
        await agency.run(agency.mihai, "leave.approve", leave_id=own["id"])


async def test_leave_of_one_person_never_overlaps(database: Database, agency: Agency) -> None:
    friday = MONDAY + timedelta(days=4)
    await ask(agency, database, agency.ana, ends_on=friday)
    for starts_on, ends_on in ((MONDAY, MONDAY), (friday, friday + timedelta(days=3)), (MONDAY, friday)):
        with pytest.raises(Conflict) as refused:
            await ask(agency, database, agency.ana, starts_on=starts_on, ends_on=ends_on)
        assert refused.value.code == "leave_overlaps"
    await ask(agency, database, agency.mihai, ends_on=friday)


async def test_two_requests_at_once_for_the_same_days_are_one(database: Database, agency: Agency) -> None:
    outcomes = await asyncio.gather(*(ask(agency, database, agency.ana) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Refusal) for outcome in outcomes if not isinstance(outcome, dict))


async def test_halves_of_one_day_stand_side_by_side(database: Database, agency: Agency) -> None:
    morning = await ask(agency, database, agency.ana, ends_at_noon=True)
    afternoon = await ask(agency, database, agency.ana, starts_at_noon=True)
    assert [leave["days"] for leave in (morning, afternoon)] == [{"2027": "0.5"}] * 2
    with pytest.raises(Invalid) as refused:
        await ask(agency, database, agency.mihai, starts_at_noon=True, ends_at_noon=True)
    assert refused.value.fields.keys() == {"ends_at_noon"}


async def test_working_days_leave_out_weekends_and_holidays(database: Database, agency: Agency) -> None:
    # Orthodox Easter 2027: Good Friday is 30 April, Easter Monday 3 May; the 1st of May is a Saturday.
    easter = await ask(agency, database, agency.ana, starts_on=date(2027, 4, 26), ends_on=date(2027, 5, 7))
    assert easter["days"] == {"2027": "8"}
    with pytest.raises(Invalid) as refused:
        await ask(agency, database, agency.mihai, starts_on=date(2027, 3, 6), ends_on=date(2027, 3, 7))
    assert refused.value.fields.keys() == {"ends_on"}
    over = await ask(agency, database, agency.mihai, starts_on=date(2026, 12, 30), ends_on=date(2027, 1, 5))
    assert over["days"] == {"2026": "2", "2027": "2"}  # the 1st and 2nd of January are holidays


async def test_more_than_is_left_isn_t_asked_for(database: Database, agency: Agency) -> None:
    await agency.run(
        agency.admin,
        "leave_allowance.change",
        person_id=str(agency.ana.id),
        kind_id=await kind(database, agency),
        year=2027,
        entitled=2,
        carried=0.5,
    )
    assert await left(database, agency, agency.ana) == Decimal("2.5")
    await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=1))
    with pytest.raises(Conflict) as refused:
        await ask(
            agency, database, agency.ana, starts_on=MONDAY + timedelta(days=2), ends_on=MONDAY + timedelta(days=2)
        )
    assert refused.value.code == "too_few_days"
    assert await left(database, agency, agency.ana) == Decimal("0.5")


async def test_what_is_left_is_carried_over_up_to_so_many_days(database: Database, agency: Agency) -> None:
    annual = await kind(database, agency)
    await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=18))  # 15 of 21
    for _again in range(2):
        await agency.run(agency.admin, "leave_allowances.carry", kind_id=annual, year=2028, most=10)
    assert await left(database, agency, agency.ana, 2028) == 27
    assert await left(database, agency, agency.mihai, 2028) == 31
    for person in (agency.ana, await permit(database, agency.mihai, "staff")):
        with pytest.raises(Forbidden):
            await agency.run(person, "leave_allowances.carry", kind_id=annual, year=2028, most=5)


async def test_cc58_holidays_are_added_renamed_removed_and_restored(database: Database, agency: Agency) -> None:
    async def known(language: str = "en") -> dict[date, str]:
        async with database.reading() as tx:
            business = await tx.get(Business, business_of(agency))
            assert business
            return {day.day: day.name for day in await holidays(tx, business, [2027], language) if day.kept}

    union = date(2027, 12, 1)
    assert (await known())[union] != (await known("ro"))[union]
    leave = await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=4))
    await agency.run(agency.admin, "holiday.add", day="2027-03-03", name="Our birthday")
    assert (await known())[date(2027, 3, 3)] == "Our birthday"
    async with database.reading() as tx:
        days = await tx.scalar(text("select days from leaves where id = :id").bindparams(id=UUID(leave["id"])))
    assert days == {"2027": "4"}
    assert "leave.recounted" in await told(database, f"person:{agency.ana.id}")
    await agency.run(agency.admin, "holiday.remove", day=str(union))
    assert union not in await known()
    await agency.run(agency.admin, "holiday.restore", day=str(union))
    await agency.run(agency.admin, "holiday.rename", day=str(union), name="The Union")
    assert (await known("uk"))[union] == "The Union"
    await agency.run(agency.admin, "holiday.remove", day="2027-03-03")
    assert date(2027, 3, 3) not in await known()
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "holiday.remove", day="2027-03-03")
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "holiday.add", day=str(union), name="Twice")
    with pytest.raises(Forbidden):
        await agency.run(agency.ana, "holiday.add", day="2027-03-09", name="Mine")


async def test_a_private_kind_is_seen_by_those_alone_who_decide(database: Database, agency: Agency) -> None:
    medical = await kind(database, agency, "medical")
    await record(agency, database, agency.admin, agency.ana, kind_id=medical, note="Flu")
    async with database.reading() as tx:
        seen = {
            person.id: [each.kind_id for each in await absences(tx, person.actor, MONDAY, MONDAY)]
            for person in (agency.admin, agency.ana, agency.mihai)
        }
        for stranger in (agency.client,):
            with pytest.raises(NotFound):
                await absences(tx, stranger.actor, MONDAY, MONDAY)
        assert await absences(tx, agency.outsider.actor, MONDAY, MONDAY) == []
        bodies = await tx.scalars(select(EventRow.body).where(EventRow.stream == f"business:{business_of(agency)}"))
        assert not any(medical in str(body) or "Flu" in str(body) for body in bodies)
    assert seen == {agency.admin.id: [UUID(medical)], agency.ana.id: [UUID(medical)], agency.mihai.id: [None]}
    assert await told(database, f"person:{agency.mihai.id}") == []


async def test_who_is_away_today_is_known_to_the_team_alone(database: Database, agency: Agency) -> None:
    now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    await record(agency, database, agency.admin, agency.ana, ends_on=MONDAY + timedelta(days=2))
    async with database.transaction(now=now) as tx:
        assert await away_today(tx, agency.mihai.actor) == {agency.ana.id: MONDAY + timedelta(days=2)}
        assert [each.person_id for each in await absences_ahead(tx, agency.mihai.actor)] == [agency.ana.id]
        assert await away_today(tx, agency.client.actor) == {}
        assert await away_today(tx, agency.outsider.actor) == {}


async def test_own_kinds_are_added_changed_and_retired(database: Database, agency: Agency) -> None:
    added = (
        await agency.run(agency.admin, "leave_kind.add", name="Study", counted=True, days_a_year=5, approved=False)
    ).result
    assert (await ask(agency, database, agency.ana, kind_id=added["id"]))["state"] == "approved"
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "leave_kind.add", name="study")
    await agency.run(agency.admin, "leave_kind.change", kind_id=added["id"], name="Learning", approved=True)
    await agency.run(agency.admin, "leave_kind.remove", kind_id=added["id"])
    with pytest.raises(Invalid) as refused:
        await ask(agency, database, agency.mihai, kind_id=added["id"])
    assert refused.value.fields.keys() == {"kind_id"}
    annual = await kind(database, agency)
    changed = await agency.run(agency.admin, "leave_kind.change", kind_id=annual, days_a_year=25, name="Rest")
    assert changed.result["name"] == "Annual leave"
    assert Decimal(changed.result["days_a_year"]) == 25
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "leave_kind.remove", kind_id=annual)
    with pytest.raises(NotFound):
        await agency.run(agency.outsider, "leave_kind.change", kind_id=annual, days_a_year=1)


async def letters_of(database: Database, name: str) -> list[tuple[str, str]]:
    async with database.reading() as tx:
        rows = await tx.execute(select(Letter.kind, Letter.params[name].astext).order_by(Letter.queued_at, Letter.id))
    return [(row[0], row[1]) for row in rows]


async def receivers(database: Database) -> list[UUID]:
    async with database.reading() as tx:
        return list(await tx.scalars(select(Letter.person_id).where(Letter.kind == "leave_asked")))


async def test_leaders_are_written_to_and_the_person_hears_what_was_decided(database: Database, agency: Agency) -> None:
    asked = await ask(agency, database, agency.mihai)
    assert await receivers(database) == [agency.admin.id]
    await agency.run(agency.admin, "leave.refuse", leave_id=asked["id"], reason="The fair")
    assert ("leave_decided", "refused") in await letters_of(database, "decision")
    assert ("leave_decided", "The fair") in await letters_of(database, "note")
    design = (await agency.run(agency.admin, "department.add", name="Design", head_id=str(agency.mihai.id))).result
    await agency.run(agency.admin, "department_member.add", department_id=design["id"], person_id=str(agency.ana.id))
    await ask(agency, database, agency.ana)
    assert await receivers(database) == [agency.admin.id, agency.mihai.id]


async def test_on_an_admin_s_leave_only_admins_decide(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    leave = await record(agency, database, agency.admin, agency.admin)
    with pytest.raises(NotFound):
        await agency.run(ana, "leave.cancel", leave_id=leave["id"])
    with pytest.raises(Forbidden):
        await record(agency, database, ana, agency.admin, starts_on=date(2027, 6, 9), ends_on=date(2027, 6, 9))
    assert await told(database, f"person:{ana.id}") == []


async def test_who_comes_within_the_year_has_a_part_of_its_days(database: Database, agency: Agency) -> None:
    annual = await kind(database, agency)
    hired = {"person_id": str(agency.ana.id), "employed_from": "2027-07-01"}
    await agency.run(agency.admin, "employee.change", **hired)
    assert await left(database, agency, agency.ana) == 21, "until the business chooses so"
    await agency.run(agency.admin, "leave_kind.change", kind_id=annual, prorated=True)
    assert await left(database, agency, agency.ana) == 11
    assert await left(database, agency, agency.ana, 2028) == 21
    assert await left(database, agency, agency.mihai) == 21, "whose card says nothing"
    await agency.run(agency.admin, "employee.change", person_id=str(agency.ana.id), employed_until="2027-09-30")
    assert await left(database, agency, agency.ana) == Decimal("5.5")


async def test_what_is_usual_follows_the_card_and_what_was_said_stays(database: Database, agency: Agency) -> None:
    annual, ana = await kind(database, agency), str(agency.ana.id)
    await agency.run(agency.admin, "leave_kind.change", kind_id=annual, prorated=True)
    allowance = {"person_id": ana, "kind_id": annual, "year": 2027}
    await agency.run(agency.admin, "leave_allowance.change", **allowance, entitled=21, carried=2)
    await agency.run(agency.admin, "employee.change", person_id=ana, employed_from="2027-07-01")
    assert await left(database, agency, agency.ana) == 13, "the eleven of half a year, and two from before"
    await agency.run(agency.admin, "leave_allowance.change", **allowance, entitled=15)
    await agency.run(agency.admin, "employee.change", person_id=ana, employed_from="2027-10-01")
    assert await left(database, agency, agency.ana) == 17


async def test_a_region_s_holidays_are_free_of_work_too(database: Database, agency: Agency) -> None:
    epiphany = {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 8)}  # from Monday, with the 6th
    await agency.run(agency.admin, "calendar.change", country="DE")
    assert (await ask(agency, database, agency.ana, **epiphany))["days"] == {"2027": "5"}
    changed = await agency.run(agency.admin, "calendar.change", region="BY")
    assert changed.result["region"] == "BY"
    assert (await ask(agency, database, agency.mihai, **epiphany))["days"] == {"2027": "4"}
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.admin, "calendar.change", region="XX")
    assert refused.value.fields.keys() == {"region"}
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "calendar.change", country="AT", region="XX")
    moved = await agency.run(agency.admin, "calendar.change", country="RO", region="BY")
    assert moved.result["region"] is None, "as a form sends it, where the old one still stands"
