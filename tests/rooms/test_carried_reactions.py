"""Reactions that a version before gave: until the migration, and beside this version since."""

import json
from uuid import UUID

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from rooms.access import visible_room
from store.addresses.database_addresses import Address
from store.migrations import configuration
from tests.databases import as_owner
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene

BEFORE = """
drop trigger carry_reactions on messages; drop function carry_reactions, reactions_in;
drop table reactions; update alembic_version set version_num = '0033'
"""

TOLD_BEFORE = """
update events as told set subject_id = posted.subject_id, body = jsonb_build_object(
    'emoji', '👍', 'message', posted.body -> 'message' || '{"reactions": [{"emoji": "👍", "person_ids": []}]}'
) from events as posted
where told.name = 'reaction.added' and posted.name = 'message.posted'
    and posted.subject_id::text = told.body -> 'reaction' ->> 'message_id'
"""


def kept(*given: tuple[str, list[UUID]]) -> str:
    """Reactions as a message's row had them."""
    return json.dumps([{"emoji": emoji, "person_ids": [str(id) for id in ids]} for emoji, ids in given])


async def keep(scene: Scene, *given: tuple[str, list[UUID]]) -> None:
    """Have a hub of the version before write all of a message's reactions."""
    writes = text("update messages set reactions = cast(:reactions as jsonb) where id = :id")
    async with scene.database.transaction(scene.agency.ana.actor.within) as tx:
        await tx.execute(writes, {"reactions": kept(*given), "id": UUID(scene.message)})


async def seen(scene: Scene) -> list[tuple[str, list[UUID]]]:
    async with scene.database.reading() as tx:
        forms = (await room_snapshot(tx, scene.agency.client.actor, UUID(scene.room)))["reactions"]
    return [(form["emoji"], [UUID(id) for id in form["person_ids"]]) for form in forms]


async def migrated(url: str) -> None:
    def upgrade(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0034")

    engine = create_async_engine("postgresql+asyncpg://", connect_args=Address.parse(url).for_asyncpg)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()
    await as_owner(url, "grant all on all tables in schema public to atrium_app")


async def test_they_are_carried_over_in_their_order(database_url: str, scene: Scene) -> None:
    agency = scene.agency
    await as_owner(database_url, BEFORE)
    given = ("🎉", [agency.mihai.id, agency.client.id, agency.ana.id]), ("👍", [agency.ana.id])
    await keep(scene, *given)
    await migrated(database_url)
    assert await seen(scene) == list(given)
    await agency.run(agency.client, "reaction.add", message_id=scene.message, emoji="👍")
    await agency.run(agency.mihai, "reaction.remove", message_id=scene.message, emoji="🎉")
    await agency.run(agency.mihai, "reaction.add", message_id=scene.message, emoji="👀")
    assert await seen(scene) == [
        ("🎉", [agency.client.id, agency.ana.id]),
        ("👍", [agency.ana.id, agency.client.id]),
        ("👀", [agency.mihai.id]),
    ]


async def test_what_a_hub_of_the_version_before_writes_is_carried_over(scene: Scene) -> None:
    """It knows nothing of what this version wrote, and takes none of it away."""
    agency = scene.agency
    ana, mihai, client = agency.ana.id, agency.mihai.id, agency.client.id
    await keep(scene, ("👍", [ana]))
    await agency.run(agency.client, "reaction.add", message_id=scene.message, emoji="👍")
    await agency.run(agency.client, "reaction.add", message_id=scene.message, emoji="🎉")
    await keep(scene, ("👍", [ana, mihai]), ("🎉", [mihai]), ("👀", [mihai]))
    assert await seen(scene) == [("👍", [ana, client, mihai]), ("🎉", [client, mihai]), ("👀", [mihai])]
    await agency.run(agency.mihai, "reaction.remove", message_id=scene.message, emoji="🎉")
    await keep(scene, ("👍", [mihai]), ("🎉", [mihai]))
    assert await seen(scene) == [("👍", [client, mihai]), ("🎉", [client])]
    await keep(scene)
    assert await seen(scene) == [("👍", [client]), ("🎉", [client])]


async def test_what_was_told_of_them_before_is_still_read_and_loses_its_words(database_url: str, scene: Scene) -> None:
    """It carried the whole message with its reactions."""
    agency = scene.agency
    await agency.run(agency.mihai, "reaction.add", message_id=scene.message, emoji="👍")
    await as_owner(database_url, TOLD_BEFORE)
    async with scene.database.reading() as tx:
        room = await visible_room(tx, agency.client.actor, UUID(scene.room))
        (event,) = [each for each in await read_log(tx, room.stream.name, 0) if each.name == "reaction.added"]
    assert (event.body["message"]["body"], event.body["emoji"]) == ("Good **morning**", "👍")
    await agency.run(agency.ana, "message.delete", message_id=scene.message)
    async with scene.database.reading() as tx:
        log = await read_log(tx, room.stream.name, 0)
    (event,) = [each for each in log if each.name == "reaction.added"]
    assert event.body == {"message": {"id": scene.message, "gone": True}, "emoji": "👍"}
