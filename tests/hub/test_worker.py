"""The worker: what a killed one left is taken up, a lost database is waited out, stopping finishes what was begun."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from hub.operations.jobs import tasks_of
from hub.operations.worker import Worker
from hub.settings import Settings
from people.mail import Letter, send_letter
from people.persons.emails import EMAIL_KNOWN
from store.database import Database
from store.jobs import defer
from tests.hub.agencies import Agency, open_agency
from tests.mail import MailServer, mail_server
from tests.patience import PATIENT_SECONDS
from tests.stages import staged

agency = staged(open_agency)


@pytest.fixture
async def mail(database: Database) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        await server.set_up(database)
        yield server


async def write(database: Database, agency: Agency) -> UUID:
    async with database.transaction() as tx:
        letter_id = await send_letter(tx, EMAIL_KNOWN, to_person_id=agency.ana.id)
    assert letter_id
    return letter_id


async def until_sent(database: Database, letter_id: UUID) -> Letter:
    async with asyncio.timeout(PATIENT_SECONDS):
        while True:
            async with database.reading() as tx:
                letter = await tx.get(Letter, letter_id)
            assert letter
            if letter.state == "sent":
                return letter
            await asyncio.sleep(0.05)


@asynccontextmanager
async def worker_process(settings: Settings, folder: Path) -> AsyncIterator[Process]:
    """A worker of its own process, on the command line as a user has it."""
    variables = {
        "HUB_DATABASE_URL": str(settings.database_url),
        "HUB_REDIS_URL": str(settings.redis_url),
        "HUB_DATA_DIR": str(folder),
        "HUB_LOG_FORMAT": "json",
    }
    with (folder / "worker.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub.main", "worker", stdout=log, stderr=log, env=os.environ | variables
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_what_a_killed_worker_left_is_sent_by_another_once(
    settings: Settings, database: Database, agency: Agency, mail: MailServer, tmp_path: Path
) -> None:
    mail.gate.clear()
    async with worker_process(settings, tmp_path) as process:
        letter_id = await write(database, agency)
        await asyncio.wait_for(mail.arrived.wait(), PATIENT_SECONDS)
        process.kill()
        await process.wait()
    mail.answer = "451 Nobody is there any more"
    mail.gate.set()
    async with database.transaction() as tx:  # as if half a minute had passed, and then the claim's time
        await tx.execute(text("update procrastinate_workers set last_heartbeat = now() - interval '31 seconds'"))
        await tx.execute(text("update letters set tried_at = tried_at - interval '2 minutes'"))
    mail.answer = "250 OK"
    async with worker_process(settings, tmp_path) as process:
        assert (await until_sent(database, letter_id)).tries == 2
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENT_SECONDS) == 0
    assert len(mail.letters) == 1


async def test_a_worker_leaves_alone_what_a_newer_one_knows(
    database: Database, agency: Agency, mail: MailServer
) -> None:
    known = tasks_of(database, "https://hub.example")
    newer = asyncio.Event()

    async def answer(**_about: object) -> None:
        newer.set()

    old = Worker(database.url, known, concurrency=2, drain_seconds=1)
    old.start()
    try:
        async with database.transaction() as tx:
            await defer(tx, "thing.answer", thing_id="1")
        await until_sent(database, await write(database, agency))
        assert not newer.is_set()
        other = Worker(database.url, known | {"thing.answer": answer}, concurrency=2, drain_seconds=1)
        other.start()
        try:
            await asyncio.wait_for(newer.wait(), PATIENT_SECONDS)
        finally:
            await other.stop()
    finally:
        await old.stop()


async def end_connections(database: Database) -> None:
    """End the worker's connections, as a restart of PostgreSQL does."""
    owner = await asyncpg.connect(database.url)
    await owner.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'atrium-worker'"
    )
    await owner.close()


async def test_a_worker_waits_for_a_lost_database(database: Database, agency: Agency, mail: MailServer) -> None:
    worker = Worker(database.url, tasks_of(database, "https://hub.example"), concurrency=2, drain_seconds=1)
    worker.start()
    try:
        await until_sent(database, await write(database, agency))
        await end_connections(database)
        await until_sent(database, await write(database, agency))
    finally:
        await worker.stop()
    assert len(mail.letters) == 2


async def test_a_stopping_worker_finishes_what_it_began(database: Database, agency: Agency, mail: MailServer) -> None:
    worker = Worker(database.url, tasks_of(database, "https://hub.example"), concurrency=2, drain_seconds=20)
    worker.start()
    mail.gate.clear()
    letter_id = await write(database, agency)
    await asyncio.wait_for(mail.arrived.wait(), PATIENT_SECONDS)
    stopping = asyncio.create_task(worker.stop())
    mail.gate.set()
    await asyncio.wait_for(stopping, PATIENT_SECONDS)
    async with database.reading() as tx:
        letter = await tx.get(Letter, letter_id)
    assert letter
    assert (letter.state, len(mail.letters)) == ("sent", 1)
