"""The tables that migrations make are the ones that the code expects."""

from typing import Any

from sqlalchemy import text

from rooms.access import Room
from rooms.rendered_texts import draw_undrawn
from rooms.search import search
from rooms.tasks.tasks import Task
from store import migrations
from store.database import Database
from store.migrations import migrate, pending
from store.migrations.backfills import PORTION
from tests.databases import as_owner
from tests.hub.agencies import Agency, open_agency


async def test_a_migrated_database_has_nothing_pending(database_url: str) -> None:
    assert not await pending(database_url)


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    assert not await pending(database_url)


async def test_texts_that_a_version_before_wrote_are_folded(database_url: str, database: Database) -> None:
    agency = await open_agency(database)
    for nr in range(3):
        await agency.post(agency.ana, f"Către Ștefan {nr}")
    await as_owner(database_url, "update messages set body_folded = null where body like '%1'")
    await as_owner(database_url, "update rooms set title = 'Сайт Києва'")
    assert [each["title"] for each in await found(database, agency, "stefan")] == ["Către Ștefan 2", "Către Ștefan 0"]
    assert await found(database, agency, "САЙТ") == []
    for _ in range(2):
        await migrations.fill(database_url)
        assert len(await found(database, agency, "stefan")) == 3
        assert [each["kind"] for each in await found(database, agency, "САЙТ")] == ["room"]


async def test_what_another_version_changes_is_derived_anew(database_url: str, database: Database) -> None:
    agency = await open_agency(database)
    drawn = {"room_id": agency.room_id, "description": "**Old**"}
    await agency.run(agency.admin, "room.change", **drawn)
    await agency.post(agency.ana, "Către Ștefan")
    await as_owner(database_url, "update rooms set title = 'Сайт Києва', description = '**New**'")
    await as_owner(database_url, "update messages set body = 'Către Țuțu', body_folded = 'catre tutu'")
    assert await derived(database) == (None, None, "catre tutu")
    await migrations.fill(database_url)
    await draw_undrawn(database, Room, Task)
    assert await derived(database) == ("сайт києва", "<p><strong>New</strong></p>", "catre tutu")
    await agency.run(agency.admin, "room.change", room_id=agency.room_id, title="САЙТ КИЄВА", description="Newest")
    assert await derived(database) == ("сайт києва", "<p>Newest</p>", "catre tutu")


async def derived(database: Database) -> tuple[str | None, ...]:
    """This is what is kept of the room's title and description, and of the message."""
    async with database.reading() as tx:
        return tuple(
            (await tx.execute(text("select title_folded, rooms.html, body_folded from rooms, messages"))).one()
        )


async def test_many_texts_are_folded_in_portions(database_url: str, database: Database) -> None:
    agency = await open_agency(database)
    await agency.post(agency.ana, "Ștefan")
    copies = f"generate_series(1, {2 * PORTION + 5})"
    await as_owner(
        database_url,
        "insert into messages (id, business_id, room_id, author_id, body, html, audience, attachments, posted_at) "
        f"select gen_random_uuid(), business_id, room_id, author_id, body, html, audience, '{{}}', posted_at "
        f"from messages, {copies}",
    )
    await migrations.fill(database_url)
    async with database.reading() as tx:
        assert await tx.scalar(text("select count(*) from messages where body_folded = 'stefan'")) == 2 * PORTION + 6


async def found(database: Database, agency: Agency, words: str) -> list[dict[str, Any]]:
    async with database.reading(agency.ana.actor.within) as tx:
        return await search(tx, agency.ana.actor, words)


async def test_each_test_has_a_database_without_rows(database: Database) -> None:
    async with database.reading() as tx:
        assert await tx.scalar(text("select count(*) from businesses")) == 0
