"""Leave as the tests ask for it, and what became of it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from people.businesses import Business
from staff.leave.kinds import kinds
from staff.leave.leave_lists import balances
from store.database import Database
from store.streams import EventRow
from tests.hub.agencies import Agency, Person

TODAY, MONDAY = datetime(2026, 11, 20, 9, tzinfo=UTC), date(2027, 3, 1)
FOUR_DAYS = ["day", "off", "day", "day", "morning", "off", "off"]


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


async def days_of(database: Database, leave_id: str) -> dict[str, str]:
    async with database.reading() as tx:
        return dict(await tx.scalar(text("select days from leaves where id = :id").bindparams(id=UUID(leave_id))))


async def put_down(agency: Agency, database: Database, **fields: Any) -> dict[str, Any]:
    return await record(agency, database, agency.admin, agency.ana, **fields)


SATURDAY, FRIDAY = date(2027, 3, 6), date(2027, 3, 12)
