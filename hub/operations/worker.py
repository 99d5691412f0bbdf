"""The worker: does the jobs that verbs deferred (``store.jobs``), by Procrastinate.

It runs inside ``hub serve`` unless HUB_WORKER is off, and alone as ``hub worker``. Any number of them share the jobs of
a database; each job is given to one. The jobs of a worker that was killed are taken up by the others half a minute
later. Without PostgreSQL it waits for its return.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.jobs import Job
from psycopg_pool import AsyncConnectionPool

from store.addresses.database_addresses import Address
from store.jobs import Again
from store.loop.tasks import end

BEFORE = "hub"
"""The one queue of all tasks that there was before each had its own."""
BEAT_SECONDS = 10.0
DEAD_SECONDS = 30.0
"""A worker that wasn't heard of for so long is dead, and its jobs are taken up."""
POLL_SECONDS = 5.0
RECOVER_SECONDS = 2.0
ABORT_SECONDS = 5.0
"""So long jobs may take to end after the time that they had to finish."""
KEPT_HOURS = 72
FORGETTING_BEATS = 360
"""About once an hour."""
PAUSES = (10, 30, 60, 300, 900, 3600, 3600 * 6, 3600 * 12)
"""How long a job waits that broke, in seconds, after each try."""

Task = Callable[..., Awaitable[None]]

log = structlog.stdlib.get_logger()


class Worker:
    """Does jobs, so many at a time."""

    def __init__(self, database_url: str, tasks: Mapping[str, Task], *, concurrency: int, drain_seconds: float) -> None:
        self._address = Address.parse(database_url)
        self._tasks = tasks
        self._concurrency = concurrency
        self._drain_seconds = drain_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._always())

    async def stop(self) -> None:
        """Take no more jobs, and finish those that are under way, as far as there is time."""
        if self._task is not None:
            await end([self._task], again_seconds=self._drain_seconds + ABORT_SECONDS)
            self._task = None

    async def _always(self) -> None:
        while True:
            try:
                await self._run()
            except (procrastinate.exceptions.ConnectorException, psycopg.Error, OSError) as error:
                log.warning("worker_waits_for_database", error=str(error))
            except Exception:
                log.exception("worker_failed")
            await asyncio.sleep(RECOVER_SECONDS)

    async def _run(self) -> None:
        """Work until the database is lost, or someone cancels this."""
        app = self._app()
        async with app.open_async():
            taking_up = asyncio.create_task(self._take_up_always(app))
            try:
                await app.run_worker_async(
                    queues=[BEFORE, *self._tasks],
                    concurrency=self._concurrency,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=BEAT_SECONDS,
                    stalled_worker_timeout=DEAD_SECONDS,
                    shutdown_graceful_timeout=self._drain_seconds,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            finally:
                await end([taking_up])

    def _app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            pool_factory=AsyncConnectionPool,
            min_size=1,
            max_size=3,
            timeout=5,
            reconnect_timeout=RECOVER_SECONDS,
            kwargs={"connect_timeout": 3, "application_name": "atrium-worker"} | self._address.for_libpq,
        )
        app = procrastinate.App(connector=connector)
        for name, task in self._tasks.items():
            app.task(name=name, queue=name, retry=_Retries())(_named(name, task))
        return app

    async def _take_up_always(self, app: procrastinate.App) -> None:
        """Put back what dead workers left, and now and then forget what was given up long ago."""
        for beat in count():
            with suppress(procrastinate.exceptions.ConnectorException):
                await app.job_manager.prune_stalled_workers(DEAD_SECONDS)
                for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
                    log.warning("job_taken_up", task=job.task_name, job=job.id)
                    await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
                if beat % FORGETTING_BEATS == 0:
                    await app.job_manager.delete_old_jobs(
                        nb_hours=KEPT_HOURS, include_failed=True, include_aborted=True
                    )
            await asyncio.sleep(BEAT_SECONDS)


def _named(name: str, task: Task) -> Task:
    async def run(**args: Any) -> None:
        with structlog.contextvars.bound_contextvars(task=name, **args):
            try:
                await task(**args)
            except Again as again:
                log.info("job_put_off", seconds=again.after.total_seconds())
                raise
            except Exception:
                log.exception("job_failed")
                raise

    return run


class _Retries(procrastinate.BaseRetryStrategy):
    """Again when the task says so, else with growing pauses."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        if isinstance(exception, Again):
            return _in(exception.after)
        if isinstance(exception, asyncio.CancelledError):  # this worker stops; another goes on
            return _in(timedelta())
        return _in(timedelta(seconds=PAUSES[job.attempts])) if job.attempts < len(PAUSES) else None


def _in(pause: timedelta) -> procrastinate.RetryDecision:
    return procrastinate.RetryDecision(retry_at=datetime.now(UTC) + pause)
