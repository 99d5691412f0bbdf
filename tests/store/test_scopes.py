"""Row security: what a query forgets to say, PostgreSQL doesn't show."""

from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

import hub.parts  # noqa: F401 - importing these declares all tables
from store.database import Database, Transaction
from store.rows import Row
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, open_agency
from tests.stages import staged

OPEN_TO_ALL: set[str] = set()
"""Tables of the installation that hold nothing private."""


@pytest.fixture
async def shut(database_url: str) -> AsyncIterator[Database]:
    """The database as a hub has it: a transaction that doesn't say what it sees sees nothing."""
    database = Database(database_url)
    yield database
    await database.close()


agency = staged(open_agency)


def tables() -> list[Table]:
    return [table for table in Row.metadata.sorted_tables if table.name not in OPEN_TO_ALL]


async def test_every_table_is_secured(database: Database) -> None:
    async with database.reading() as tx:
        open_ones = await tx.execute(
            text("select relname, relispartition from pg_class where relnamespace = 'public'::regnamespace"
                 " and relkind in ('r', 'p') and not relrowsecurity")
        )  # fmt: skip
        known = {table.name for table in Row.metadata.sorted_tables}
        assert {name for name, is_partition in open_ones if is_partition or name in known} == OPEN_TO_ALL


async def test_a_partition_opens_to_nobody_by_its_own_name(shut: Database, database: Database, agency: Agency) -> None:
    """What is asked of it isn't asked of its table, whose policies would hold."""
    await agency.post(agency.ana, "Between us")
    async with database.reading() as tx:
        partitions = list(await tx.scalars(text("select relname from pg_class where relispartition and relkind = 'r'")))
    assert "events_default" in partitions
    for partition in partitions:
        for statement in (f"select count(*) from {partition}", f"delete from {partition}"):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with shut.transaction(agency.admin.actor.within) as tx:
                    await tx.execute(text(statement))
    async with shut.reading(agency.admin.actor.within) as tx:
        assert await count(tx, "events")


@pytest.mark.usefixtures("agency")
async def test_a_query_that_forgets_the_business_gets_nothing(shut: Database) -> None:
    async with shut.reading() as tx:
        assert [table.name for table in tables() if await count(tx, table.name)] == []


async def test_a_query_sees_its_own_business_alone(shut: Database, agency: Agency) -> None:
    own = agency.outsider.actor.business_id
    async with shut.reading(EVERYWHERE) as tx:
        assert await count(tx, "businesses") == 2
    async with shut.reading(own) as tx:
        assert await count(tx, "businesses") == 1
        assert await count(tx, "rooms") == 0
        assert set(await tx.scalars(text("select distinct business_id from parties"))) == {own}
    async with shut.reading(agency.admin.actor.within) as tx:
        assert await count(tx, "rooms") == 1


async def test_a_row_of_another_business_can_not_be_written(shut: Database, agency: Agency) -> None:
    theirs = agency.outsider.actor.business_id
    with pytest.raises(DBAPIError, match="row-level security"):
        async with shut.transaction(agency.admin.actor.within) as tx:
            await tx.execute(
                text("insert into processes (id, business_id, name) values (:id, :business_id, 'Sales')"),
                {"id": uuid4(), "business_id": theirs},
            )
    async with shut.transaction(agency.admin.actor.within) as tx:
        await tx.execute(text("update businesses set name = 'Mine now'"))
    async with shut.reading(EVERYWHERE) as tx:
        named = await tx.scalars(text("select id from businesses where name = 'Mine now'"))
        assert set(named) == {agency.admin.actor.business_id}


async def test_what_was_seen_is_not_left_on_the_connection(shut: Database, agency: Agency) -> None:
    """A rollback takes back what was said on the connection; the next to use it says it again."""
    one = Database(shut.url, pool_size=1, driver_size=1)
    try:
        for within, rooms in ((EVERYWHERE, 1), (agency.outsider.actor.within, 0), (agency.admin.actor.within, 1)) * 2:
            with suppress(Stop):
                async with one.transaction(within) as tx:
                    assert await count(tx, "rooms") == rooms
                    raise Stop()
            assert (await one.driver.rows("select count(*) from rooms", within=within))[0][0] == rooms
            assert (await one.driver.rows("select count(*) from rooms"))[0][0] == 0
            async with one.reading() as tx:
                assert await count(tx, "rooms") == 0
    finally:
        await one.close()


async def test_a_parents_admin_is_seen_where_they_worked(shut: Database, database: Database, agency: Agency) -> None:
    parent, child = agency.outsider, business_of(agency)
    async with shut.reading(child) as tx:
        assert not await name_of(tx, parent.id)
    async with database.transaction() as tx:
        await tx.execute(
            text("insert into visits (business_id, person_id, first_at) values (:child, :person, now())"),
            {"child": child, "person": parent.id},
        )
    async with shut.reading(child) as tx:
        assert await name_of(tx, parent.id) == parent.actor.name


async def test_the_hub_owns_nothing(shut: Database) -> None:
    async with shut.reading(EVERYWHERE) as tx:
        assert await tx.scalar(text("select current_user")) == "atrium_app"
    with pytest.raises(DBAPIError, match="must be owner"):
        async with shut.transaction(EVERYWHERE) as tx:
            await tx.execute(text("alter table rooms disable row level security"))


class Stop(Exception):
    pass


async def count(tx: Transaction, table: str) -> int:
    return int(await tx.scalar(text(f'select count(*) from "{table}"')))


async def name_of(tx: Transaction, person_id: UUID) -> str | None:
    name: str | None = await tx.scalar(text("select name from parties where id = :id").bindparams(id=person_id))
    return name


def business_of(agency: Agency) -> UUID:
    assert agency.admin.actor.business_id
    return agency.admin.actor.business_id
