"""Commands that are carried out for real and then taken back, so that everyone asks in the same world."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from commands.runner import Answer, Commands, carry_out
from people.actors import Actor
from store.commands import Command, ListedCommand


class Done(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@contextmanager
def taken_back() -> Iterator[None]:
    """While the block runs, commands leave nothing behind."""
    with patch.object(Commands, "_once", _once), patch.object(Commands, "_at_once", _at_once):
        yield


async def _at_once(_self: Commands, _actor: Actor, _entry: ListedCommand, _command: Command, _key: str | None) -> None:
    return None


async def _once(self: Commands, actor: Actor, entry: ListedCommand, command: Command, _key: str | None) -> Answer:
    try:
        async with self.database.transaction(actor.within) as tx:
            answer = await carry_out(tx, actor, entry, command)
            raise Done(Answer(answer.result, None))
    except Done as done:
        return done.answer
