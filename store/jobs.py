"""Jobs: what is done later, by a worker; kept in the same PostgreSQL by Procrastinate.

    await defer(tx, "letter.send", letter_id=letter.id)    # in a verb

A job is deferred in the transaction of the change that causes it, so there is a job if and only if there was the
change. It holds identifiers, never secrets. A worker (``hub.operations.worker``) may do it twice, when it was killed
midway: each task looks first whether there is anything left to do. Each task has a queue of its own: a worker of an
earlier version leaves alone what it doesn't know yet.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from store.database import Transaction


class Again(Exception):
    """What a task raises to be done once more, after a while."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"again in {after}")
        self.after = after


_DEFER = text("""
select procrastinate_defer_jobs_v1(array[
    row(:queue, :task, 0, :lock, null, :args, cast(:at as timestamptz))::procrastinate_job_to_defer_v1
])
""").bindparams(bindparam("args", type_=JSONB))


async def defer(
    tx: Transaction, task: str, *, at: datetime | None = None, lock: str | None = None, **args: Any
) -> None:
    """Have a worker do a task once this transaction has committed: soon, or at a moment.

    Of the jobs with one lock one runs at a time, in the order in which they were deferred.
    """
    await tx.flush()
    plain = {name: value if isinstance(value, bool | int | None) else str(value) for name, value in args.items()}
    await tx.execute(_DEFER, {"queue": task, "task": task, "lock": lock, "args": plain, "at": at})
