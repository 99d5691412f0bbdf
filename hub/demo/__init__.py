"""The demo: a believable agency with three months behind it, made through the verbs themselves.

All of it is one transaction, in which the clock is moved along from the first day to this minute. So a demo is there
wholly or not at all, its logs are as real as any, and a fill that was killed begins anew on the next start.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select, text

from hub.demo import projects
from hub.demo.cast import OTHER, STUDIO, Cast, House, make_house, make_root
from hub.demo.deeds import World
from hub.demo.departments import staff
from hub.demo.documents import content_of
from hub.demo.history import happen, project_history
from hub.demo.profiles import furnish
from hub.demo.projects import ProjectScript, scripts
from hub.demo.timesheets import timesheets
from hub.demo.workdays import HISTORY, Workdays
from people.actors import Actor
from people.persons.superadmins import somebody_is_there
from rooms.files.contents import Content, keep
from store.database import Database, Transaction
from store.errors import Unavailable
from store.files.blobs import Blobs
from store.files.garbage import discard, hold

log = structlog.stdlib.get_logger()


async def fill(database: Database, blobs: Blobs) -> None:
    """Make the demo, unless somebody is there."""
    begun = datetime.now(UTC)
    days = Workdays(begun)
    async with database.transaction(at_most_seconds=None) as tx:
        if await _is_there(tx):
            return
        log.info("demo_making")
        tx.now = days.at(-HISTORY, time(8)) - timedelta(days=3)
        root = await make_root(tx)
        await _make(database, blobs, tx, root, STUDIO, scripts(projects.STUDIO), days)
        tx.now = days.at(-HISTORY, time(8))
        await _make(database, blobs, tx, root, OTHER, scripts(projects.OTHER), days)
    await _settle(database)
    log.info("demo_made", seconds=round((datetime.now(UTC) - begun).total_seconds(), 1))


async def _is_there(tx: Transaction) -> bool:
    """Whether the demo was made before, or anything else was; nobody else makes it until this transaction ends. Whoever
    of it is there, their e-mail and name may have changed since."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("demo", 0))))
    return await somebody_is_there(tx)


async def _make(
    database: Database,
    blobs: Blobs,
    tx: Transaction,
    root: Actor,
    house: House,
    scripts: tuple[ProjectScript, ...],
    days: Workdays,
) -> None:
    cast = await make_house(tx, root, house)
    contents = await _keep_files(database, blobs, tx, _business_of(cast), scripts)
    events = [event for script in scripts for event in project_history(script, days)]
    if house is STUDIO:
        await staff(tx, cast, days)
        await furnish(tx, cast, next(iter(cast.actors.values())))
    await happen(World(tx, cast, contents), [*events, *timesheets(scripts, days)])


def _business_of(cast: Cast) -> UUID:
    business_id = next(iter(cast.actors.values())).business_id
    assert business_id is not None
    return business_id


async def _keep_files(
    database: Database, blobs: Blobs, tx: Transaction, business_id: UUID, scripts: tuple[ProjectScript, ...]
) -> dict[tuple[str, str], Content]:
    """Keep what the files hold. Should the demo not come to be, the bytes go again."""
    named = [(script.key, name, file) for script in scripts for name, file in script.files.items()]
    if not named:
        return {}
    drawn = [await asyncio.to_thread(content_of, name, file) for _key, name, file in named]
    kept = await asyncio.gather(
        *(
            keep(blobs, business_id, name, _one(content))
            for (_key, name, _file), content in zip(named, drawn, strict=True)
        )
    )
    digests = {digest for content in kept for digest in content.digests}
    async with database.transaction() as notes:
        await discard(notes, business_id, digests, after=timedelta(minutes=10))
    await hold(tx, blobs, business_id, digests)
    return {(key, name): content for (key, name, _file), content in zip(named, kept, strict=True)}


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _settle(database: Database) -> None:
    """Let PostgreSQL see what there is now, so that the first pages are planned for it. It would find out by itself."""
    with suppress(Unavailable):
        async with database.transaction() as tx:
            await tx.execute(text("analyze"))
