"""Work that a stranger does before a try: what it costs, and what a solution is good for."""

import asyncio
import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from people.signing.proof_of_work import SpentChallenge, WorkNeeded, forget_old, solved
from people.signing.throttling import (
    SignInAttempt,
    begin_try,
    challenge_for,
    forget_tries,
)
from store.database import Database
from store.errors import NotSignedIn, TooMany
from store.secrets.secrets import Secret
from tests.hub.agencies import Agency
from tests.people.doors import enter, pass_by, refusal, with_passwords
from tests.people.signing.guesses import HOME, STRANGER, THERE, enter_wrongly, guess, work_for
from tests.people.works import QUICK, solution_of
from tests.stages import staged

agency = staged(with_passwords)


async def test_who_knows_the_password_does_some_work_and_is_in(database: Database, agency: Agency) -> None:
    email = agency.ana.actor.email
    await guess(database, email, 10)
    solution = solution_of(await work_for(database, email))
    await enter(database, agency.ana, device=HOME, limits=QUICK, solution=solution)
    await enter(database, agency.ana, device=HOME, limits=QUICK)


async def test_each_guess_beyond_costs_twice_as_much_as_the_one_before(database: Database, agency: Agency) -> None:
    email, most = agency.ana.actor.email, []
    await guess(database, email, 10)
    for _number in range(6):
        challenge = await work_for(database, email)
        most.append(challenge["parameters"]["data"]["most"])
        await enter_wrongly(database, agency.ana, solution_of(challenge))
    assert most == [4, 8, 16, 32, 32, 32]


async def test_a_hub_reads_the_secret_of_its_challenges_once(database: Database, agency: Agency) -> None:
    email = agency.ana.actor.email
    await guess(database, email, 10)
    solution = solution_of(await work_for(database, email))
    async with database.transaction() as tx:
        await tx.execute(delete(Secret).where(Secret.name == "challenges"))
    assert await solved(database, email, solution)
    async with database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(Secret).where(Secret.name == "challenges")) == 0


async def test_a_solution_is_good_for_one_try_however_many_come_with_it_at_once(
    database: Database, agency: Agency
) -> None:
    await guess(database, agency.ana.actor.email, 10)
    solution = solution_of(await work_for(database, agency.ana.actor.email))
    tries = [enter(database, agency.ana, "wrong", solution=solution, **STRANGER) for _number in range(10)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, WorkNeeded) for outcome in outcomes) == 9
    async with database.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(SpentChallenge)) == 1
    pass_by(database, minutes=11)
    async with database.transaction() as tx:
        await forget_old(tx)
        assert await tx.scalar(select(func.count()).select_from(SpentChallenge)) == 0


async def test_a_solution_is_good_for_its_e_mail_and_ten_minutes(database: Database, agency: Agency) -> None:
    ana, mihai = agency.ana.actor.email, agency.mihai.actor.email
    await guess(database, ana, 10)
    solution = solution_of(await work_for(database, ana))
    assert await solved(database, f" {ana.upper()}", solution)
    assert await solved(database, mihai, solution) is None
    await guess(database, mihai, 10)
    assert await refusal(enter(database, agency.mihai, solution=solution, limits=QUICK)) == "too_many_attempts"
    pass_by(database, minutes=9)
    assert await solved(database, ana, solution)
    pass_by(database, minutes=2)
    assert await solved(database, ana, solution) is None
    assert await refusal(enter(database, agency.ana, solution=solution, limits=QUICK)) == "too_many_attempts"


async def test_a_forged_solution_is_none(database: Database, agency: Agency) -> None:
    email = agency.ana.actor.email
    await guess(database, email, 10)
    challenge = await work_for(database, email)
    right: dict[str, Any] = json.loads(base64.b64decode(solution_of(challenge)))

    def forged(**parameters: Any) -> dict[str, Any]:
        said = right["challenge"]["parameters"] | parameters
        return right | {"challenge": right["challenge"] | {"parameters": said}}

    data = challenge["parameters"]["data"]
    wrong: list[Any] = [
        forged(keyPrefix=""),
        forged(data=data | {"step": 9}),
        forged(expiresAt=challenge["parameters"]["expiresAt"] + 3600),
        forged(keySignature=None),
        right | {"challenge": {"parameters": challenge["parameters"]}},
        right | {"challenge": {"parameters": challenge["parameters"], "signature": "0" * 64}},
        right | {"solution": {"counter": right["solution"]["counter"], "derivedKey": "00" * 32}},
        right | {"solution": {"counter": 0, "derivedKey": 7}},
        {"challenge": [], "solution": {}},
        {},
        [],
        None,
        "text",
    ]
    assert await solved(database, email, encoded(right))
    for each in wrong:
        assert await solved(database, email, encoded(each)) is None, each
    for text in ("", "=", "né", "W" * 30_000, base64.b64encode(b"[" * 20_000).decode()):
        assert await solved(database, email, text) is None


def encoded(payload: Any) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


async def test_work_that_was_set_long_before_is_too_little(database: Database, agency: Agency) -> None:
    """Whoever has easy work set in store would guess cheaply; one try of somebody else meanwhile does no harm."""
    email = agency.ana.actor.email
    await guess(database, email, 10)
    stored = [solution_of(await work_for(database, email)) for _number in range(3)]
    for solution in stored[:2]:
        await enter_wrongly(database, agency.ana, solution)
    assert await refusal(enter(database, agency.ana, "wrong", solution=stored[2], **STRANGER)) == "too_many_attempts"


async def test_past_a_day_s_tries_each_takes_harder_work(database: Database, agency: Agency) -> None:
    """Else a few an hour, which cost nothing, would use up what a day has for the account's owner."""
    email, limits = agency.ana.actor.email, replace(QUICK, per_account_a_day=20)
    async with database.transaction() as tx:
        for nr in range(20):
            long_ago = tx.now - timedelta(hours=nr + 1)
            tx.add(SignInAttempt(id=tx.new_id(), email=email, address=f"192.0.2.{nr}", at=long_ago))
    with pytest.raises(WorkNeeded) as needed:
        await begin_try(database, email, THERE, limits)
    assert needed.value.beside["challenge"]["parameters"]["data"]["step"] == limits.hardest_step + 1
    await enter(database, agency.ana, limits=limits, solution=solution_of(needed.value.beside["challenge"]))


async def test_a_day_has_so_many_guesses_whatever_work_is_done(database: Database, agency: Agency) -> None:
    email, limits = agency.ana.actor.email, replace(QUICK, most_a_day=30)
    await enter(database, agency.ana, device=HOME, limits=limits)
    await guess(database, email, 10)
    async with database.transaction() as tx:
        for nr in range(20):
            long_ago = tx.now - timedelta(hours=nr + 1)
            tx.add(SignInAttempt(id=tx.new_id(), email=email, address=f"192.0.2.{nr}", at=long_ago))
    solution = solution_of(await work_for(database, email))
    with pytest.raises(TooMany) as refused:
        await begin_try(database, email, THERE, limits, solution=solution)
    assert not isinstance(refused.value, WorkNeeded)
    assert 3.9 < refused.value.retry_after_seconds / 3600 <= 4  # then the oldest is a day old
    with pytest.raises(TooMany):
        await challenge_for(database, email, THERE, limits)
    await enter(database, agency.ana, device=HOME, limits=limits)
    pass_by(database, minutes=16)  # those of the last minutes are no way around
    assert await refusal(enter(database, agency.ana, "wrong", limits=limits)) == "too_many_attempts"
    pass_by(database, hours=4)
    assert await refusal(enter(database, agency.ana, "wrong", limits=limits)) == "wrong_credentials"
    async with database.transaction() as tx:
        await forget_tries(tx, email)
    await begin_try(database, email, THERE, limits)
