"""A hub that kills itself, as kill -9 does, at one point on the way of the command that posts ``DOOMED``.

DOOMED_AT=before_commit python -m tests.faults.doomed serve
"""

import asyncio
import os
import signal
from typing import Any

from commands.runner import Commands
from hub.main import cli
from hub.relay import Relay
from store.database import Transaction
from store.driver import Driver
from store.streams import StoredEvent

DOOMED = "doomed"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dooms(events: list[StoredEvent]) -> bool:
    return any(event.body.get("message", {}).get("body") == DOOMED for event in events)


def before_commit() -> None:
    append = Transaction.append

    async def append_and_die(self: Transaction) -> None:
        await append(self)
        if dooms(self.stored):
            die()

    Transaction.append = append_and_die  # type: ignore[method-assign]
    _before_commit_at_once()


def _before_commit_at_once() -> None:
    """What is one statement otherwise is done, but not committed."""
    rows = Driver.rows

    async def begin_and_die(self: Driver, statement: Any, *values: Any, **named: Any) -> Any:
        if DOOMED not in values:
            return await rows(self, statement, *values, **named)
        async with self._connection("*") as connection:
            await connection.execute("begin")
            await connection.fetch(statement, *values)
            return die()

    Driver.rows = begin_and_die  # type: ignore[method-assign]


def before_acknowledgement() -> None:
    told = Relay.told

    def die_or_tell(self: Relay, events: list[StoredEvent]) -> None:
        if dooms(events):
            die()
        told(self, events)

    Relay.told = die_or_tell  # type: ignore[method-assign]


def before_relay() -> None:
    """The acknowledgement has a second to get out; nothing else of the command does."""
    told, run = Relay.told, Commands.run

    def keep_quiet(self: Relay, events: list[StoredEvent]) -> None:
        if not dooms(events):
            told(self, events)

    async def run_and_die(self: Commands, actor: Any, name: str, fields: Any, key: str | None = None) -> Any:
        answer = await run(self, actor, name, fields, key)
        if fields.get("body") == DOOMED:
            asyncio.get_running_loop().call_later(1, die)
        return answer

    Relay.told = keep_quiet  # type: ignore[method-assign]
    Commands.run = run_and_die  # type: ignore[method-assign]


POINTS = {point.__name__: point for point in (before_commit, before_acknowledgement, before_relay)}

if __name__ == "__main__":
    POINTS[os.environ["DOOMED_AT"]]()
    cli()
