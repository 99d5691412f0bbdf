"""Wrong tries of strangers: how many they have by what they have of the network, and that they hold up nobody."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from people.signing.proof_of_work import WorkNeeded
from people.signing.throttling import (
    Kind,
    SignInAttempt,
    SignInLimits,
    Whence,
    begin_try,
    challenge_for,
    forget_own_tries,
    forget_tries,
)
from store.database import Database
from store.errors import NotSignedIn, TooMany
from tests.databases import asked_of, owner_of
from tests.hub.agencies import Agency, Person
from tests.people.doors import CHROME, FIREFOX, PASSWORD, enter, noted, pass_by, refusal, with_passwords
from tests.people.signing.guesses import HOME, STRANGER, THERE, guess
from tests.people.works import QUICK
from tests.stages import staged

agency = staged(with_passwords)


async def test_guessing_a_hundred_times_gets_nobody_in(database: Database, agency: Agency) -> None:
    guesses = [f"guess number {number}" for number in range(99)] + [PASSWORD]
    answers = [await refusal(enter(database, agency.ana, guess, limits=QUICK)) for guess in guesses]
    assert answers == ["wrong_credentials"] * 10 + ["too_many_attempts"] * 90
    assert len(await noted(database, "sign_in_failed")) == 10
    assert [note.person_id for note in await noted(database, "slowed_down")] == [agency.ana.id]
    assert await noted(database, "locked_out") == []
    pass_by(database, minutes=16)
    await enter(database, agency.ana)


async def test_guessing_many_at_once_is_no_way_around(database: Database, agency: Agency) -> None:
    guesses = [enter(database, agency.ana, f"guess {number}", limits=QUICK) for number in range(30)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, WorkNeeded) for outcome in outcomes) == 20
    assert len(await noted(database, "slowed_down")) == 1


async def test_nobody_looks_at_more_numbers_than_the_hub_says_at_most(database: Database, agency: Agency) -> None:
    """The usual bounds' hardest work: 35 seconds of a laptop that looks at one in 17 milliseconds."""
    email, usual = agency.ana.actor.email, SignInLimits()
    for nr in range(usual.per_account + 9):
        async with database.transaction() as tx:
            address = f"198.51.100.{nr}"
            tx.add(SignInAttempt(id=tx.new_id(), email=email, address=address, kind="password", at=tx.now))
    hardest = await challenge_for(database, email, THERE, usual)
    assert hardest
    assert hardest["parameters"]["data"]["most"] * timedelta(milliseconds=17) < timedelta(seconds=36)


async def test_tries_are_found_by_index_however_many_there_are(
    database: Database, database_url: str, agency: Agency
) -> None:
    """As the hub asks: row security lets little look at a row before it does."""
    many = """
        insert into sign_in_attempts (id, email, address, kind, at)
        select gen_random_uuid(), nr || '@nobody.example', nr || ':0000:0000:0001::/64', 'password', now()
        from generate_series(1, 20000) as nr
    """
    async with owner_of(database_url) as owner:
        await owner.execute(many)
        await owner.execute("analyze sign_in_attempts")
    email = agency.ana.actor.email
    with asked_of(database, "sign_in_attempts") as queries:
        await guess(database, email, 10, "2001:db8:{0:x}::1")
        await challenge_for(database, email, THERE, QUICK)
        kinds: tuple[Kind, ...] = ("own", "code")
        for kind in kinds:
            await begin_try(database, email, Whence("2001:db8::1", CHROME), QUICK, kind=kind)
        async with database.transaction() as tx:
            await forget_own_tries(tx, email, THERE)
            await forget_tries(tx, email)
    assert len(queries) > 20
    async with database.transaction() as tx:
        connection = await tx.session.connection()
        for query, parameters in queries:
            plan = "\n".join((await connection.exec_driver_sql(f"explain {query}", parameters)).scalars())
            assert "Seq Scan on sign_in_attempts" not in plan, f"{query}\n{plan}"


@pytest.mark.parametrize("way", [begin_try, challenge_for])
async def test_an_address_has_no_more_work_set_than_it_may_try(database: Database, agency: Agency, way: Any) -> None:
    """Setting it costs the hub some, too."""
    email, limits = agency.ana.actor.email, replace(QUICK, per_address=5, per_site=8)
    await guess(database, email, 10)

    async def order(address: str, times: int) -> int:
        ordered = [way(database, email, Whence(address.format(nr), CHROME), limits) for nr in range(times)]
        answers = await asyncio.gather(*ordered, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, TooMany) and not isinstance(answer, WorkNeeded)]
        assert [answer.code for answer in refused] == ["too_many_attempts"] * len(refused)
        return len(answers) - len(refused)

    assert await order("203.0.113.1", 20) == 5
    assert await order("2001:db8:1:{0:x}::1", 20) == 8
    assert await refusal(begin_try(database, "another@nowhere.example", Whence("203.0.113.1", CHROME), limits))
    async with database.reading() as tx:
        kinds = Counter(await tx.scalars(select(SignInAttempt.kind)))
        assert kinds == {"password": 10, "work": 13}
    pass_by(database, minutes=16)
    await begin_try(database, "another@nowhere.example", Whence("203.0.113.1", CHROME), limits)


async def test_an_unknown_e_mail_is_slowed_down_like_any(database: Database, agency: Agency) -> None:
    async def answers(email: str) -> list[Any]:
        said: list[Any] = []
        entering = Person(replace(agency.ana.actor, email=email), "")
        for number in range(13):
            with pytest.raises((NotSignedIn, TooMany)) as refused:
                await enter(database, entering, f"guess {number}", device=HOME, **STRANGER)
            challenge = refused.value.beside.get("challenge", {"parameters": {}})
            random = {"nonce", "salt", "keyPrefix", "keySignature", "expiresAt"}
            kept = {name: value for name, value in challenge["parameters"].items() if name not in random}
            if kept:
                assert set(kept.pop("data").pop("for")) <= set("0123456789abcdef")
            said.append((refused.value.code, str(refused.value), refused.value.retry_after_seconds, kept))
        offered = await challenge_for(database, email, THERE, QUICK)
        return [*said, bool(offered)]

    await enter(database, agency.mihai, device=HOME)
    known = await answers(agency.ana.actor.email)
    assert known == await answers("nobody@nowhere.example")
    assert [code for code, *_rest in known[:-1]] == ["wrong_credentials"] * 10 + ["too_many_attempts"] * 3


@pytest.mark.parametrize(
    ("address", "at_most"),
    [
        ("198.51.100.{0}", None),
        ("198.51.100.7", 60),
        ("2001:db8:1:2::{0:x}", 60),
        ("::ffff:198.51.100.7", 60),
        ("2001:db8:1:{0:x}::1", 240),
        ("2001:db8:{0:x}::1", None),
    ],
)
async def test_tries_are_counted_by_what_one_has_of_the_network(
    database: Database, address: str, at_most: int | None
) -> None:
    """Of IPv6 one has billions of addresses, and a site thousands of networks."""
    limits, tried = SignInLimits(), 250
    for nr in range(tried):
        whence = Whence(address.format(nr), FIREFOX)
        try:
            await begin_try(database, f"{nr}@nobody.example", whence, limits)
        except TooMany:
            assert nr == at_most
            break
    else:
        assert at_most is None
