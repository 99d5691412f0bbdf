"""Guesses at somebody's password, from elsewhere, and the work that they come to cost."""

from typing import Any

import pytest

from people.signing.known_devices import device_token
from people.signing.proof_of_work import WorkNeeded
from people.signing.throttling import (
    Whence,
    begin_try,
)
from store.database import Database
from tests.hub.agencies import Person
from tests.people.doors import CHROME, enter, refusal
from tests.people.works import QUICK

HOME = device_token(None)
STRANGER: dict[str, Any] = {"address": "198.51.100.9", "agent": CHROME, "limits": QUICK}
THERE = Whence("198.51.100.9", CHROME)


async def guess(database: Database, email: str, times: int, address: str = "198.51.100.{0}") -> None:
    """Strangers try somebody's password, each from elsewhere."""
    for nr in range(times):
        await begin_try(database, email, Whence(address.format(nr), CHROME), QUICK)


async def work_for(database: Database, email: str, **whence: Any) -> dict[str, Any]:
    """This is the work that a stranger is told of who tries."""
    with pytest.raises(WorkNeeded) as refused:
        await begin_try(database, email, Whence("203.0.113.1", CHROME), QUICK, **whence)
    return dict(refused.value.beside["challenge"])


async def enter_wrongly(database: Database, person: Person, solution: str) -> None:
    assert await refusal(enter(database, person, "wrong", solution=solution, **STRANGER)) == "wrong_credentials"
