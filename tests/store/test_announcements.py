"""Announcements: what is said below and answered above, in one transaction, and never into the void."""

from dataclasses import dataclass

import pytest

from store.announcements import Announcement, Answers
from store.database import Database, Transaction
from store.scopes import EVERYWHERE


@dataclass(frozen=True, slots=True)
class Moved(Announcement):
    to: str


@dataclass(frozen=True, slots=True)
class Left(Announcement):
    pass


async def note_it(tx: Transaction, moved: Moved) -> str:
    return f"noted {moved.to}"


async def tell_it(tx: Transaction, moved: Moved) -> str:
    return f"told {moved.to}"


async def deaf(tx: Transaction, what: str) -> None:
    """This answers nothing."""


async def test_answers_are_given_in_order_to_what_they_are_for(database: Database) -> None:
    answering = Database(database.url, within=EVERYWHERE, answers=Answers((note_it, tell_it)))
    async with answering.transaction() as tx:
        assert await tx.announce(Moved("the attic")) == ["noted the attic", "told the attic"]
        assert await tx.announce(Left()) == []
    await answering.close()


async def test_what_is_announced_where_nobody_was_handed_in_is_a_mistake(database: Database) -> None:
    deserted = Database(database.url, within=EVERYWHERE)
    async with deserted.transaction() as tx:
        with pytest.raises(LookupError, match="Moved"):
            await tx.announce(Moved("nowhere"))
    await deserted.close()


def test_an_answer_says_what_it_answers() -> None:
    with pytest.raises(TypeError, match="0 announcements"):
        Answers((deaf,))
