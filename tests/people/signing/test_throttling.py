"""Wrong tries: what strangers, known browsers, codes and people who are signed in have of them, each apart."""

import asyncio
import base64
import inspect
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, func, select

from hub.contract.classes import COMMANDS
from people.signing.known_devices import MOST, KnownDevice, device_token, know_device, known_device, own_devices
from people.signing.known_devices import forget_old as forget_devices_long_unused
from people.signing.proof_of_work import SpentChallenge, WorkNeeded, forget_old, solved
from people.signing.reauthentication import ProvesWho, counted, prove_own_password
from people.signing.sessions import see
from people.signing.sign_in import prove_code, prove_password
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
from store.errors import Invalid, NotSignedIn, TooMany
from store.secrets.secrets import Secret
from tests.databases import owner_of
from tests.hub.agencies import Agency, Person, another_token
from tests.people.doors import CHROME, FIREFOX, PASSWORD, enter, noted, pass_by, refusal, with_app, with_passwords
from tests.people.works import QUICK, solution_of
from tests.stages import staged

HOME = device_token(None)
STRANGER: dict[str, Any] = {"address": "198.51.100.9", "agent": CHROME, "limits": QUICK}
THERE = Whence("198.51.100.9", CHROME)


agency = staged(with_passwords)


async def guess(database: Database, email: str, times: int, address: str = "198.51.100.{0}") -> None:
    """Strangers try somebody's password, each from elsewhere."""
    for nr in range(times):
        await begin_try(database, email, Whence(address.format(nr), CHROME), QUICK)


async def work_for(database: Database, email: str, **whence: Any) -> dict[str, Any]:
    """This is the work that a stranger is told of who tries."""
    with pytest.raises(WorkNeeded) as refused:
        await begin_try(database, email, Whence("203.0.113.1", CHROME), QUICK, **whence)
    return dict(refused.value.beside["challenge"])


async def attempts(database: Database) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(select(func.count()).select_from(SignInAttempt)))


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


async def test_strangers_hold_up_nobody_in_a_browser_that_let_them_in_before(
    database: Database, agency: Agency
) -> None:
    email = agency.ana.actor.email
    await enter(database, agency.ana, device=HOME, limits=QUICK)
    await guess(database, email, 10)
    await work_for(database, email)
    assert await refusal(enter(database, agency.ana, "wrong", device=HOME, limits=QUICK)) == "wrong_credentials"
    await enter(database, agency.ana, device=HOME, limits=QUICK)
    await enter(database, agency.ana, device=HOME, **STRANGER | {"address": "198.51.100.1"})
    assert await challenge_for(database, email, Whence("192.0.2.1", FIREFOX, HOME), QUICK) is None
    await work_for(database, email)


async def test_a_known_browser_has_ten_wrong_tries_of_its_own(database: Database, agency: Agency) -> None:
    await enter(database, agency.ana, device=HOME)
    guesses = [enter(database, agency.ana, f"guess {number}", device=HOME, limits=QUICK) for number in range(21)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 20  # then as many as a stranger's
    [late] = [outcome for outcome in outcomes if isinstance(outcome, TooMany)]
    assert isinstance(late, WorkNeeded)
    assert not await noted(database, "locked_out")
    await enter(database, agency.mihai, device=HOME, limits=QUICK)
    await enter(database, agency.ana, device=HOME, limits=QUICK, solution=solution_of(late.beside["challenge"]))
    pass_by(database, minutes=16)
    await enter(database, agency.ana, device=HOME, limits=QUICK)


async def test_the_full_address_of_an_office_holds_up_no_known_browser(database: Database, agency: Agency) -> None:
    await enter(database, agency.ana, device=HOME)
    for nr in range(QUICK.per_address):
        await begin_try(database, f"{nr}@nobody.example", Whence("192.0.2.1", CHROME), QUICK)
    assert await refusal(enter(database, agency.mihai, limits=QUICK)) == "too_many_attempts"
    await enter(database, agency.ana, device=HOME, limits=QUICK)


async def test_a_browser_is_known_to_those_alone_who_signed_in_there(database: Database, agency: Agency) -> None:
    for person in (agency.ana, agency.mihai):
        await enter(database, person, device=HOME)

    async def knows(person: Person, token: str = HOME) -> bool:
        async with database.reading() as tx:
            return await known_device(tx, person.actor.email, token) is not None

    assert [await knows(person) for person in (agency.ana, agency.mihai, agency.client)] == [True, True, False]
    assert not await knows(agency.ana, device_token(None))
    assert await refusal(enter(database, agency.client, "wrong", device=HOME)) == "wrong_credentials"
    assert not await knows(agency.client)
    assert device_token(HOME) == HOME
    for odd in ("", "x", HOME + "x", HOME[:-1] + "é", None):
        assert device_token(odd) != odd


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


async def enter_wrongly(database: Database, person: Person, solution: str) -> None:
    assert await refusal(enter(database, person, "wrong", solution=solution, **STRANGER)) == "wrong_credentials"


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
    with asked(database, "sign_in_attempts") as queries:
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


@contextmanager
def asked(database: Database, table: str) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of a table, but for what is written into it."""
    queries: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if table in statement and not statement.startswith("INSERT"):
            queries.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield queries
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


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


async def known_to(database: Database, person: Person) -> list[str]:
    async with database.reading() as tx:
        return [known.agent for known in await own_devices(tx, person.actor)]


async def test_what_ends_all_access_forgets_browsers_too(database: Database, agency: Agency) -> None:
    here = await enter(database, agency.ana, device=HOME)
    await enter(database, agency.ana, device=device_token(None), agent=CHROME)
    await agency.run(here, "other_sessions.revoke")
    assert await known_to(database, agency.ana) == [FIREFOX]
    await enter(database, agency.ana, device=device_token(None), agent=CHROME)
    await agency.run(here, "password.change", old_password=PASSWORD, new_password="nine calm herons wade")
    assert await known_to(database, agency.ana) == [FIREFOX]
    await agency.run(here, "all_sessions.revoke")
    assert await known_to(database, agency.ana) == []
    await enter(database, agency.mihai, device=HOME)
    await agency.run(agency.admin, "person.lock", person_id=str(agency.mihai.id))
    assert await known_to(database, agency.mihai) == []


async def test_a_browser_is_forgotten_by_its_person_alone(database: Database, agency: Agency) -> None:
    here = await enter(database, agency.ana, device=HOME)
    async with database.reading() as tx:
        (known,) = await own_devices(tx, here.actor)
    for other in (agency.mihai, agency.admin, agency.outsider):
        assert await refusal(agency.run(other, "device.forget", device_id=str(known.id))) == "not_found"
    await agency.run(here, "device.forget", device_id=str(known.id))
    assert await known_to(database, agency.ana) == []
    assert [note.details["device"] for note in await noted(database, "device_forgotten")] == ["Firefox · Linux"]
    await guess(database, agency.ana.actor.email, 10)
    assert await refusal(enter(database, agency.ana, device=HOME, limits=QUICK)) == "too_many_attempts"


async def test_so_many_browsers_are_known_and_those_in_use_stay(database: Database, agency: Agency) -> None:
    """A program that signs in anew each time, and keeps nothing, pushes out no browser of a person's."""
    for _number in range(2):
        await enter(database, agency.ana, device=HOME)
    for nr in range(MOST + 5):
        await enter(database, agency.ana, device=device_token(None), agent=f"bot {nr}")
    known = await known_to(database, agency.ana)
    assert len(known) == MOST
    assert {FIREFOX, f"bot {MOST + 4}"} < set(known)
    assert "bot 0" not in known


async def test_a_browser_is_known_for_a_year_in_which_it_is_not_used(database: Database, agency: Agency) -> None:
    email = agency.ana.actor.email
    await enter(database, agency.ana, device=HOME)

    async def is_known() -> bool:
        async with database.transaction() as tx:
            await forget_devices_long_unused(tx)
            return await known_device(tx, email, HOME) is not None

    pass_by(database, days=364)
    assert await is_known()
    await enter(database, agency.ana, device=HOME)
    pass_by(database, days=364)
    assert await is_known()
    pass_by(database, days=2)
    assert not await is_known()


async def test_a_browser_in_which_somebody_stays_signed_in_stays_known(database: Database, agency: Agency) -> None:
    here = await enter(database, agency.ana, device=HOME)
    assert here.actor.session_id
    pass_by(database, days=300)
    async with database.transaction() as tx:
        await see(tx, here.actor.session_id)
    pass_by(database, days=300)
    async with database.reading() as tx:
        assert await known_device(tx, agency.ana.actor.email, HOME)


async def test_two_that_sign_in_at_once_in_one_browser_make_it_known_once(database: Database, agency: Agency) -> None:
    async def come_in() -> None:
        async with database.transaction() as tx:
            await know_device(tx, agency.ana.id, agency.ana.actor.business_id, HOME, FIREFOX)

    await asyncio.gather(*(come_in() for _number in range(5)))
    async with database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(KnownDevice)) == 1


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
