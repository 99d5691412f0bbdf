"""At the door: people with a password who sign in, and what is seen of it."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update

from people.accounts import Account
from people.journal import JournalEntry
from people.signing.passwords.passwords import hashed
from people.signing.sign_in import sign_in
from people.signing.throttling import SignInLimits
from store.database import Database
from store.errors import Refusal
from tests.hub.agencies import Agency, Person, open_agency
from tests.reads import actor_of

PASSWORD = "a long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"


async def with_passwords(database: Database) -> Agency:
    """The agency, whose people all have one password."""
    agency = await open_agency(database)
    fresh = await hashed(PASSWORD)
    async with database.transaction() as tx:
        await tx.execute(update(Account).values(password_hash=fresh))
    return agency


async def enter(
    database: Database, person: Person, password: str = PASSWORD, *, code: str | None = None, **whence: Any
) -> Person:
    given: dict[str, Any] = {"address": "192.0.2.1", "agent": FIREFOX, "limits": SignInLimits()} | whence
    return Person(*await sign_in(database, person.actor.email, password, code=code, **given))


async def refusal(work: Any) -> str:
    with pytest.raises(Refusal) as refused:
        await work
    return refused.value.code


async def lives(database: Database, person: Person) -> bool:
    async with database.reading() as tx:
        return await actor_of(tx, person.token) is not None


async def noted(database: Database, what: str) -> list[JournalEntry]:
    async with database.reading() as tx:
        return list(
            (await tx.scalars(select(JournalEntry).where(JournalEntry.what == what).order_by(JournalEntry.id))).all()
        )


async def with_app(agency: Agency, person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Someone's app for codes, set up a while ago, and their recovery codes."""
    setup = (await agency.run(person, "authenticator.start")).result
    app = pyotp.TOTP(setup["secret"])
    code = app.at(agency.commands.database.clock())
    answer = await agency.run(person, "authenticator.confirm", code=code, password=PASSWORD)
    pass_by(agency.commands.database, minutes=5)
    return app, answer.result["recovery_codes"]


def pass_by(database: Database, **span: float) -> None:
    """Let time pass."""
    before = database.clock()
    database.clock = lambda: before + timedelta(**span)
