"""Leave: asked for, decided, put down, taken back; who may do it, and who hears of it (CC-58…60, CC-92, CC-93)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from people.businesses import Business
from people.mail import Letter
from staff.leave.absences import absences, absences_ahead, away_today
from staff.leave.calendars import holidays
from staff.leave.forms import AbsenceForm, EmployeeWeekForm, LeaveForm
from staff.leave.kinds import kinds
from staff.leave.leave_lists import balances, leaves_of, leaves_to_come, leaves_to_decide
from staff.leave.leave_rows import Leave
from staff.leave.recounts import count_all_again
from store.database import Database, sqlstate
from store.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from store.fold import fold
from store.log import read_log
from store.streams import EventRow
from tests.clocks import set_clock
from tests.hub.agencies import Agency, Person, open_agency
from tests.people.permits import permit
from tests.stages import staged

TODAY, MONDAY = datetime(2026, 11, 20, 9, tzinfo=UTC), date(2027, 3, 1)
FOUR_DAYS = ["day", "off", "day", "day", "morning", "off", "off"]


@staged
async def agency(database: Database) -> Agency:
    set_clock(database, TODAY)
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


async def test_who_came_since_carries_nothing_over(database: Database, agency: Agency) -> None:
    annual = await kind(database, agency)
    this_year = datetime.now(UTC).year
    usual = await left(database, agency, agency.ana, this_year)
    last = {"kind_id": annual, "year": this_year - 1}
    given = {"person_id": str(agency.ana.id), "entitled": 3}
    await agency.run(agency.admin, "leave_allowance.change", **last, **given)
    hired = {"person_id": str(agency.mihai.id), "employed_from": f"{this_year - 2}-03-01"}
    await agency.run(agency.admin, "employee.change", **hired)
    await agency.run(agency.admin, "leave_allowances.carry", kind_id=annual, year=this_year, most=5)
    assert await left(database, agency, agency.ana, this_year) == usual + 3
    assert await left(database, agency, agency.mihai, this_year) == usual + 5
    assert await left(database, agency, agency.admin, this_year) == usual


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
    await agency.run(agency.admin, "leave_kind.change", kind_id=added["id"], name="STUDY")
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


async def days_of(database: Database, leave_id: str) -> dict[str, str]:
    async with database.reading() as tx:
        return dict(await tx.scalar(text("select days from leaves where id = :id").bindparams(id=UUID(leave_id))))


async def test_cc58_leave_is_counted_anew_when_the_week_or_the_country_changes(
    database: Database, agency: Agency
) -> None:
    union = {"starts_on": date(2027, 11, 29), "ends_on": date(2027, 12, 3)}  # Monday to Friday; two are holidays
    leave = await ask(agency, database, agency.ana, **union)
    assert leave["days"] == {"2027": "3"}
    assert await left(database, agency, agency.ana) == 18
    for command, fields, days in (
        ("calendar.change", {"country": None}, "5"),
        ("calendar.change", {"working_week": [1, 2, 3, 4, 5, 6]}, "5"),
        ("calendar.change", {"working_week": [1, 2]}, "2"),
        ("business.change", {"working_week": [1, 2, 3, 4, 5]}, "5"),
        ("business.change", {"country": "RO"}, "3"),
        ("holiday.remove", {"day": "2027-12-01"}, "4"),
    ):
        await agency.run(agency.admin, command, **fields)
        assert await days_of(database, leave["id"]) == {"2027": days}, (command, fields)
        assert await left(database, agency, agency.ana) == 21 - int(days)
    assert (await told(database, f"person:{agency.ana.id}")).count("leave.recounted") == 5
    assert (await told(database, f"person:{agency.admin.id}")).count("leave.recounted") == 5
    assert "leave.recounted" not in await told(database, f"person:{agency.mihai.id}")


async def test_a_year_that_is_over_stays_as_it_was_counted(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        year = tx.now.year
    first = next(day for day in (date(year - 1, 12, number) for number in range(20, 28)) if day.isoweekday() == 1)
    over = {"starts_on": first, "ends_on": date(year, 1, 31)}
    await agency.run(agency.admin, "calendar.change", country=None)
    leave = await record(agency, database, agency.admin, agency.ana, **over)
    before = await days_of(database, leave["id"])
    await agency.run(agency.admin, "calendar.change", working_week=[1, 2])
    after = await days_of(database, leave["id"])
    assert after[str(year - 1)] == before[str(year - 1)]
    assert int(after[str(year)]) < int(before[str(year)])


async def test_leave_that_was_counted_otherwise_is_settled(database: Database, agency: Agency) -> None:
    leave = await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=6))
    async with database.transaction() as tx:
        await tx.execute(text("""update leaves set days = '{"2027": "7"}'"""))
    await count_all_again(database)
    assert await days_of(database, leave["id"]) == {"2027": "5"}
    await count_all_again(database)
    assert (await told(database, f"person:{agency.ana.id}")).count("leave.recounted") == 1


async def until_one_waits(database: Database) -> None:
    async with database.reading() as tx:
        while not await tx.scalar(text("select exists (select from pg_locks where not granted)")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_leave_is_counted_anew_though_it_clashed(database: Database, agency: Agency) -> None:
    leave = await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=6))
    said: list[Any] = []
    while not said:  # PostgreSQL undoes whose wait grew long first, which on a slow machine may be the test's own
        async with database.transaction() as tx:
            await tx.execute(text("""update leaves set days = '{"2027": "7"}'"""))
        said = await clashing(database, leave["id"], business_of(agency))
    assert [line["sqlstate"] for line in said] == ["40P01"]
    assert await days_of(database, leave["id"]) == {"2027": "5"}


async def clashing(database: Database, leave_id: str, business_id: UUID) -> list[Any]:
    """Count all leave anew while another locks the same rows the other way round. These are the clashes it met."""
    with capture_logs() as said:
        try:
            async with database.transaction() as tx:
                await tx.get(Leave, UUID(leave_id), lock=True)
                counting = asyncio.create_task(count_all_again(database))
                await until_one_waits(database)
                await tx.get(Business, business_id, lock=True)
        except DBAPIError as error:
            if sqlstate(error) != "40P01":
                raise
        await counting
    return [line for line in said if line["event"] == "transaction_clashed"]


@pytest.mark.parametrize("seed", range(6))
async def test_the_end_of_it_is_the_same_in_whatever_order_it_came(
    database: Database, agency: Agency, seed: int
) -> None:
    """The calendar's changes, someone's week, and leave that is asked for and approved, in orders drawn at random."""
    other = await kind(database, agency, "other")
    months = [(date(2027, month, 3), date(2027, month, 28)) for month in (3, 4, 12)]
    changes: list[tuple[str, dict[str, Any]]] = [
        ("calendar.change", {"country": "DE"}),
        ("business.change", {"working_week": [1, 2, 3, 5, 6]}),
        ("holiday.add", {"day": "2027-03-10", "name": "Our birthday"}),
        ("holiday.add", {"day": "2027-12-08", "name": "A quiet day"}),
        ("working_day.add", {"day": "2027-04-11", "instead_of": "2027-04-13"}),
        ("employee_week.change", {"person_id": str(agency.ana.id), "since": "2027-04-12", "days": FOUR_DAYS}),
    ]
    steps = [(agency.admin, name, fields) for name, fields in changes]
    steps += [
        (agency.ana, "leave.request", {"kind_id": other, "starts_on": first, "ends_on": last}) for first, last in months
    ]
    Random(seed).shuffle(steps)
    asked: list[str] = []
    for person, name, fields in steps:
        answer = await agency.run(person, name, **fields)
        if name == "leave.request":
            asked.append(answer.result["id"])
            if seed % 2:
                await agency.run(agency.admin, "leave.approve", leave_id=asked.pop())
    for id in asked:
        await agency.run(agency.admin, "leave.approve", leave_id=id)
    async with database.reading() as tx:
        found = {each.starts_on.month: each.days for each in await leaves_of(tx, [agency.ana.id], MONDAY)}
    # March: 18 days of the week, without Good Friday and the birthday. April: 6 days of the business's week, with the
    # Sunday that is worked, 10 of her own from the 12th on. December: 12 of her own, without the quiet day.
    assert {month: days["2027"] for month, days in found.items()} == {3: 16, 4: 16, 12: 11}


@pytest.mark.parametrize("year", [2020, 2099])
async def test_leave_too_far_away_is_refused_on_its_field(database: Database, agency: Agency, year: int) -> None:
    for fields, wrong in (
        ({"starts_on": date(year, 3, 1), "ends_on": date(year, 3, 2)}, {"starts_on", "ends_on"}),
        ({"ends_on": date(year, 3, 1)}, {"ends_on"}),
    ):
        for refusing in (ask(agency, database, agency.ana, **fields), put_down(agency, database, **fields)):
            with pytest.raises(Invalid) as refused:
                await refusing
            assert refused.value.fields.keys() == wrong
            assert refused.value.params["last"] < 2099


async def put_down(agency: Agency, database: Database, **fields: Any) -> dict[str, Any]:
    return await record(agency, database, agency.admin, agency.ana, **fields)


async def test_next_year_s_leave_is_listed_and_cancelled(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        after_next = tx.now.year + 2
    days = [date(year, 3, 8) for year in (after_next - 1, after_next)]
    leaves = [await put_down(agency, database, starts_on=day, ends_on=day + timedelta(days=3)) for day in days]
    async with database.reading() as tx:
        assert [leave.starts_on for leave in await leaves_to_come(tx, agency.admin.actor)] == days
        for stranger in (agency.ana, agency.mihai, agency.client, agency.outsider):
            assert await leaves_to_come(tx, stranger.actor) == []
    await agency.run(agency.admin, "leave.cancel", leave_id=leaves[1]["id"])
    async with database.reading() as tx:
        assert [str(leave.id) for leave in await leaves_to_come(tx, agency.admin.actor)] == [leaves[0]["id"]]


async def test_what_is_kept_of_a_day_means_the_same_beside_any_country(database: Database, agency: Agency) -> None:
    union = "2027-12-01"

    async def free() -> bool:
        async with database.reading() as tx:
            business = await tx.get(Business, business_of(agency))
            assert business
            return any(str(day.day) == union and day.kept for day in await holidays(tx, business, [2027]))

    async def country(code: str | None) -> None:
        await agency.run(agency.admin, "calendar.change", country=code)

    await agency.run(agency.admin, "holiday.remove", day=union)
    await agency.run(agency.admin, "holiday.add", day=union, name="The Union")
    await agency.run(agency.admin, "holiday.rename", day=union, name="Union day")
    await country(None)
    assert await free(), "it was added, beside which country ever"
    await country("RO")
    await agency.run(agency.admin, "holiday.remove", day=union)
    assert not await free(), "what was added goes, and the law's day with it"


SATURDAY, FRIDAY = date(2027, 3, 6), date(2027, 3, 12)


async def test_a_saturday_is_worked_in_exchange_for_a_friday(database: Database, agency: Agency) -> None:
    weeks = await ask(agency, database, agency.ana, ends_on=date(2027, 3, 14))
    fridays = await ask(agency, database, agency.mihai, starts_on=FRIDAY, ends_on=FRIDAY)
    exchange = {"day": str(SATURDAY), "instead_of": str(FRIDAY), "name": "Before the fair"}
    await agency.run(agency.admin, "working_day.add", **exchange)
    assert await days_of(database, weeks["id"]) == {"2027": "10"}
    assert await days_of(database, fridays["id"]) == {}
    saturday = await ask(agency, database, agency.mihai, starts_on=SATURDAY, ends_on=SATURDAY)
    assert saturday["days"] == {"2027": "1"}
    for fields, wrong in (
        ({"day": str(SATURDAY)}, "day"),  # worked already
        ({"day": "2027-03-03"}, "day"),  # a Wednesday
        ({"day": "2027-05-01"}, "day"),  # Labour Day, a Saturday
        ({"day": "2027-03-13", "instead_of": str(FRIDAY)}, "instead_of"),
        ({"day": "2027-03-13", "instead_of": str(SATURDAY)}, "instead_of"),
        ({"day": "1999-03-13"}, "day"),
    ):
        with pytest.raises(Refusal) as refused:
            await agency.run(agency.admin, "working_day.add", **fields)
        assert refused.value.fields.keys() == {wrong}, fields
    for command, fields in (
        ("holiday.remove", {"day": str(FRIDAY)}),
        ("holiday.rename", {"day": str(FRIDAY), "name": "Bridge"}),
        ("holiday.add", {"day": str(SATURDAY), "name": "Free after all"}),
    ):
        with pytest.raises(Conflict) as conflict:
            await agency.run(agency.admin, command, **fields)
        assert conflict.value.code == "worked_in_exchange"
    await agency.run(agency.admin, "working_day.remove", day=str(SATURDAY))
    assert await days_of(database, weeks["id"]) == {"2027": "10"}
    assert await days_of(database, fridays["id"]) == {"2027": "1"}
    assert await days_of(database, saturday["id"]) == {}
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "working_day.remove", day=str(SATURDAY))


async def test_who_works_in_part_has_leave_and_days_in_part(database: Database, agency: Agency) -> None:
    ana = str(agency.ana.id)
    week = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=6)}
    leave = await ask(agency, database, agency.ana, **week)
    three = ["day", "day", "morning", "off", "off", "off", "off"]
    await agency.run(agency.admin, "employee_week.change", person_id=ana, days=three)
    assert await days_of(database, leave["id"]) == {"2027": "2.5"}
    assert await left(database, agency, agency.ana) == 8  # half of 21 up to the next half, without what is asked for
    assert await left(database, agency, agency.mihai) == 21
    assert "leave.recounted" in await told(database, f"person:{ana}")
    await agency.run(agency.admin, "employee_week.change", person_id=ana, since=str(MONDAY), days=None)
    assert await days_of(database, leave["id"]) == {"2027": "5"}
    await agency.run(agency.admin, "employee_week.remove", person_id=ana, since=str(MONDAY))
    assert await days_of(database, leave["id"]) == {"2027": "2.5"}
    await agency.run(agency.admin, "employee_week.remove", person_id=ana)
    assert await days_of(database, leave["id"]) == {"2027": "5"}
    assert await left(database, agency, agency.ana) == 16
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "employee_week.remove", person_id=ana)
    for wrong in (["off"] * 7, ["day"] * 6, ["night"] * 7):
        with pytest.raises(Refusal) as refused:
            await agency.run(agency.admin, "employee_week.change", person_id=ana, days=wrong)
        assert any(field.startswith("days") for field in refused.value.fields)


async def test_nobody_says_their_own_week_but_admins(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    days = ["day", "off", "off", "off", "off", "off", "off"]
    for person in (ana, agency.admin):
        with pytest.raises(Forbidden):
            await agency.run(ana, "employee_week.change", person_id=str(person.id), days=days)
    await agency.run(ana, "employee_week.change", person_id=str(agency.mihai.id), days=days)
    await agency.run(agency.admin, "employee_week.change", person_id=str(agency.admin.id), days=days)


async def test_leave_asked_for_while_the_calendar_changes_follows_it(database: Database, agency: Agency) -> None:
    starts = [MONDAY + timedelta(weeks=number) for number in range(6)]
    weeks: list[dict[str, Any]] = [{"starts_on": day, "ends_on": day + timedelta(days=6)} for day in starts]
    people = (agency.ana, agency.mihai, agency.admin)
    await asyncio.gather(
        *(ask(agency, database, people[number % 3], **week) for number, week in enumerate(weeks)),
        agency.run(agency.admin, "calendar.change", working_week=[1, 2, 3]),
    )
    async with database.reading() as tx:
        found = await leaves_of(tx, [person.id for person in people], MONDAY)
    assert [leave.days for leave in found] == [{"2027": Decimal(3)}] * 6


async def test_mc_p07_who_leaves_has_no_request_and_no_leave_after_their_last_day(
    database: Database, agency: Agency
) -> None:
    async with database.reading() as tx:
        today = tx.now.date()
    ana = str(agency.ana.id)
    asked = await ask(agency, database, agency.ana)
    later = await put_down(agency, database, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 7))
    running = await put_down(
        agency, database, starts_on=today - timedelta(days=7), ends_on=today + timedelta(days=20), ends_at_noon=True
    )
    over = await put_down(agency, database, starts_on=today - timedelta(days=20), ends_on=today - timedelta(days=14))
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=str(agency.mihai.id))
    async with database.reading() as tx:
        found = {str(leave.id): leave for leave in await leaves_of(tx, [agency.ana.id], date(2020, 1, 1))}
        assert await leaves_to_decide(tx, agency.admin.actor) == []
        assert await leaves_to_come(tx, agency.admin.actor) == []
        assert [each.ends_on for each in await absences_ahead(tx, agency.mihai.actor)] == [today]
    states = [found[leave["id"]].state for leave in (asked, later, running, over)]
    assert states == ["withdrawn", "cancelled", "approved", "approved"]
    assert (found[running["id"]].ends_on, found[running["id"]].ends_at_noon) == (today, False)
    assert sum(found[running["id"]].days.values()) < sum(map(Decimal, running["days"].values()))
    assert found[over["id"]].days == {year: Decimal(days) for year, days in over["days"].items()}
    heard = await told(database, f"person:{agency.admin.id}")
    assert {"leave.withdrawn", "leave.cancelled", "leave.recounted"} <= set(heard)
    assert {"absence.removed", "absence.changed"} <= set(await told(database, f"business:{business_of(agency)}"))


async def test_leave_goes_on_until_the_last_day_that_the_card_says(database: Database, agency: Agency) -> None:
    ana = str(agency.ana.id)
    leave = await put_down(agency, database, ends_on=MONDAY + timedelta(days=11))
    await agency.run(agency.admin, "employee.change", person_id=ana, employed_until=str(MONDAY + timedelta(days=4)))
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=str(agency.mihai.id))
    assert await days_of(database, leave["id"]) == {"2027": "5"}


async def test_old_leave_and_events_make_fresh_leave(database: Database, agency: Agency) -> None:
    """What a decider hears is enough to know all leave, and what the team hears to know who is away."""
    ana, team = str(agency.ana.id), f"business:{business_of(agency)}"
    things_of_leave = {form.thing: form.things for form in (LeaveForm, AbsenceForm, EmployeeWeekForm)}

    async def seen() -> dict[str, Any]:
        async with database.reading() as tx:
            leaves = await leaves_of(tx, [agency.ana.id], date(2020, 1, 1))
            away = await absences(tx, agency.admin.actor, date(2020, 1, 1), date(2030, 1, 1))
        return {
            "leaves": sorted((each.model_dump(mode="json") for each in leaves), key=lambda form: form["id"]),
            "absences": sorted((each.model_dump(mode="json") for each in away), key=lambda form: form["id"]),
        }

    async def heard() -> list[dict[str, Any]]:
        async with database.reading() as tx:
            own = await read_log(tx, f"person:{agency.admin.id}", 0)
            return [event.wire() for event in [*own, *await read_log(tx, team, 0)]]

    await ask(agency, database, agency.ana, starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 4))
    await put_down(agency, database, ends_on=MONDAY + timedelta(days=20))
    await put_down(agency, database, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 7))
    await agency.run(agency.admin, "employee.change", person_id=ana, employed_until=str(MONDAY + timedelta(days=10)))
    for command, fields in (
        ("calendar.change", {"working_week": [1, 2, 3, 4]}),
        ("working_day.add", {"day": str(FRIDAY), "instead_of": str(MONDAY)}),
        ("employee_week.change", {"person_id": ana, "days": FOUR_DAYS}),
        ("person.deactivate", {"person_id": ana, "successor_id": str(agency.mihai.id)}),
    ):
        await agency.run(agency.admin, command, **fields)
        folded = fold({}, await heard(), things_of_leave)
        fresh = await seen()
        for things in fresh:
            assert sorted(folded[things], key=lambda form: form["id"]) == fresh[things], (command, things)
    week = fold({}, await heard(), things_of_leave)["employee_weeks"]
    assert week == [{"id": ana, "weeks": [{"since": None, "days": FOUR_DAYS}]}]
