"""Browsers that let somebody in before: their tries are their own, and they are forgotten in the end."""

import asyncio

from sqlalchemy import func, select

from people.signing.known_devices import MOST, KnownDevice, device_token, know_device, known_device, own_devices
from people.signing.known_devices import forget_old as forget_devices_long_unused
from people.signing.proof_of_work import WorkNeeded
from people.signing.sessions import see
from people.signing.throttling import (
    Whence,
    begin_try,
    challenge_for,
)
from store.database import Database
from store.errors import NotSignedIn, TooMany
from tests.hub.agencies import Agency, Person
from tests.people.doors import CHROME, FIREFOX, PASSWORD, enter, noted, pass_by, refusal, with_passwords
from tests.people.signing.guesses import HOME, STRANGER, guess, work_for
from tests.people.works import QUICK, solution_of
from tests.stages import staged

agency = staged(with_passwords)


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
