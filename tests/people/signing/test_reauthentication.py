"""Codes, and secrets that are asked again of who is signed in: their tries are counted apart."""

import asyncio
import inspect

import pytest
from sqlalchemy import func, select

from hub.contract.classes import COMMANDS
from people.signing.proof_of_work import WorkNeeded
from people.signing.reauthentication import ProvesWho, counted, prove_own_password
from people.signing.sign_in import prove_code, prove_password
from people.signing.throttling import (
    SignInAttempt,
)
from store.database import Database
from store.errors import Invalid, NotSignedIn, TooMany
from tests.hub.agencies import Agency, Person, another_token
from tests.people.doors import PASSWORD, enter, noted, pass_by, refusal, with_app, with_passwords
from tests.people.signing.guesses import HOME, THERE, guess, work_for
from tests.people.works import QUICK
from tests.stages import staged

agency = staged(with_passwords)


async def attempts(database: Database) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(select(func.count()).select_from(SignInAttempt)))


async def test_codes_are_counted_apart_and_no_work_makes_up_for_them(database: Database, agency: Agency) -> None:
    app, _codes = await with_app(agency, agency.ana)
    await guess(database, agency.ana.actor.email, 9)
    for _number in range(9):
        assert await refusal(enter(database, agency.ana, code="000000", limits=QUICK)) == "wrong_code"
    await enter(database, agency.ana, code=app.at(database.clock()), device=HOME, limits=QUICK)
    for nr in range(10):
        address = f"203.0.113.{nr}"
        guessing = enter(database, agency.ana, code="000000", address=address, limits=QUICK)
        assert await refusal(guessing) == "wrong_code"
    pass_by(database, minutes=1)
    with pytest.raises(TooMany) as refused:
        await enter(database, agency.ana, code=app.at(database.clock()), limits=QUICK)
    assert not isinstance(refused.value, WorkNeeded)
    assert [note.details["how"] for note in await noted(database, "locked_out")] == ["code"]
    await enter(database, agency.ana, code=app.at(database.clock()), device=HOME, limits=QUICK)


async def test_guessing_many_codes_at_once_is_no_way_around(database: Database, agency: Agency) -> None:
    await with_app(agency, agency.ana)
    proven = await prove_password(database, agency.ana.actor.email, PASSWORD, THERE, None)
    codes = [prove_code(database, proven, f"{nr:06}", THERE, QUICK) for nr in range(30)]
    outcomes = await asyncio.gather(*codes, return_exceptions=True)
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, TooMany) for outcome in outcomes) == 20


async def test_who_is_signed_in_is_not_held_up_by_strangers(database: Database, agency: Agency) -> None:
    await guess(database, agency.ana.actor.email, 10)
    await work_for(database, agency.ana.actor.email)
    changed = {"old_password": PASSWORD, "new_password": "nine calm herons wade"}
    await agency.run(agency.ana, "password.change", **changed)


async def test_a_thief_at_an_open_window_has_ten_tries_over_all_sessions(database: Database, agency: Agency) -> None:
    elsewhere = Person(agency.ana.actor, await another_token(database, agency.ana))
    windows = (agency.ana, elsewhere)
    wrong = [agency.run(windows[nr % 2], "email.change", email="a@b.example", password="wrong") for nr in range(30)]
    outcomes = await asyncio.gather(*wrong, return_exceptions=True)
    assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, TooMany) for outcome in outcomes) == 20
    right = {"email": "a@b.example", "password": PASSWORD}
    assert await refusal(agency.run(elsewhere, "email.change", **right)) == "too_many_attempts"
    assert len(await noted(database, "locked_out")) == 1
    await enter(database, agency.ana, limits=QUICK)
    pass_by(database, minutes=16)
    await agency.run(agency.ana, "email.change", **right)


async def test_what_is_right_counts_as_no_try(database: Database, agency: Agency) -> None:
    for _number in range(11):
        assert await refusal(agency.run(agency.ana, "recovery_codes.renew", password=PASSWORD)) == "no_second_factor"
    await agency.run(agency.ana, "email.change", email=agency.ana.actor.email, password=PASSWORD)
    await enter(database, agency.ana)
    assert await attempts(database) == 0


async def test_every_command_that_asks_for_a_secret_is_counted(database: Database, agency: Agency) -> None:
    asking = {name for name, entry in COMMANDS.items() if "prove_own_password(" in inspect.getsource(entry.verb)}
    assert asking == {name for name, entry in COMMANDS.items() if issubclass(entry.command, ProvesWho)}
    assert "password.change" in asking
    async with database.transaction() as tx:
        with pytest.raises(RuntimeError, match="has to be counted"):
            await prove_own_password(tx, agency.ana.actor, PASSWORD)
    async with counted(database, agency.ana.actor, QUICK), database.transaction() as tx:
        await prove_own_password(tx, agency.ana.actor, PASSWORD)
