"""The outbox: how the installation's letters stand, as the doctor and the metrics tell of it."""

from dataclasses import dataclass

import asyncpg

from hub import metrics
from hub.operations.worker import DEAD_SECONDS
from store.database import Database
from store.scopes import EVERYWHERE

LATE_SECONDS = 300.0
"""A letter takes seconds; one that waits for longer waits for something."""

_STANDING = f"""
select count(*) filter (where state = 'queued') as waiting,
       count(*) filter (where state = 'failed' and queued_at > now() - interval '7 days') as failed,
       coalesce(extract(epoch from now() - min(queued_at) filter (where state = 'queued')), 0)::float as oldest_seconds,
       count(*) filter (where state = 'queued' and error is not null) as refused,
       (select error from letters where state = 'queued' and error is not null order by tried_at desc limit 1) as error,
       exists (select from mail_settings where server <> '') as has_server,
       exists (select from procrastinate_workers where last_heartbeat > now() - interval '{DEAD_SECONDS} seconds')
           as has_worker
from letters where state in ('queued', 'failed')
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How letters stand; failed are those of the last seven days."""

    waiting: int
    failed: int
    oldest_seconds: float
    refused: int
    """How many of those that wait were tried in vain."""
    error: str | None
    """What the mail server, or the way to it, said last."""
    has_server: bool
    has_worker: bool

    @property
    def late(self) -> bool:
        return self.oldest_seconds > LATE_SECONDS


async def outbox(connection: "asyncpg.Connection[asyncpg.Record]") -> OutboxState:
    """This is how the letters in a database stand."""
    row = await connection.fetchrow(_STANDING)
    assert row is not None
    return OutboxState(**row)


async def measure(database: Database) -> None:
    """Bring the figures about letters up to date."""
    (row,) = await database.driver.rows(_STANDING, within=EVERYWHERE)
    letters = OutboxState(**row)
    metrics.letters_waiting.set(letters.waiting)
    metrics.letters_failed.set(letters.failed)
    metrics.letter_oldest_seconds.set(letters.oldest_seconds)
