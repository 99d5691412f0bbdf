"""Who is away: what the team knows of it, and who decides."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from staff.leave.absences import absences, absences_ahead, away_today
from staff.leave.forms import AbsenceForm, EmployeeWeekForm, LeaveForm
from staff.leave.leave_lists import leaves_of
from store.database import Database
from store.errors import NotFound
from store.streams import EventRow
from tests.fold import fold
from tests.hub.agencies import Agency
from tests.reads import read_log
from tests.staff.leave.leaves import FOUR_DAYS, FRIDAY, MONDAY, ask, business_of, kind, put_down, record, told


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
