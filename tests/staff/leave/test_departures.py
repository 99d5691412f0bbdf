"""Who leaves: no request and no leave stands after their last day."""

from datetime import date, timedelta
from decimal import Decimal

from staff.leave.absences import absences_ahead
from staff.leave.leave_lists import leaves_of, leaves_to_come, leaves_to_decide
from store.database import Database
from tests.hub.agencies import Agency
from tests.staff.leave.leaves import MONDAY, ask, business_of, days_of, put_down, told


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


async def test_whoever_decided_has_none_of_the_erased_s_words_in_an_answer_again(
    database: Database, agency: Agency
) -> None:
    asked = await ask(agency, database, agency.ana, note="An operation")
    decision = {"leave_id": asked["id"], "reason": "Get well"}
    approved = await agency.commands.run(agency.admin.actor, "leave.approve", decision, "k1")
    assert approved.result["note"] == "An operation"
    whom = {"person_id": str(agency.ana.id)}
    await agency.run(agency.admin, "person.deactivate", **whom, successor_id=str(agency.mihai.id))
    await agency.run(agency.admin, "person.erase", **whom, name="Ana")
    again = await agency.commands.run(agency.admin.actor, "leave.approve", decision, "k1")
    assert again.result == {"id": asked["id"], "gone": True}
