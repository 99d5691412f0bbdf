"""Signing in: two steps, guesses, who isn't let in, what a business asks for, and the journal of it all."""

import asyncio
import re
import statistics
import time
from base64 import b32decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import select, update

import people
from hub.contract.classes import COMMANDS
from people.accounts import Account
from people.actors import Actor
from people.installation.registrations import Registration
from people.journal import Filters, journal
from people.mail import Letter
from people.persons.resets import complete_reset, reset_on_console
from people.persons.superadmins import add_superadmin
from people.signing.passkeys import Relying, ask_for_new_passkey
from people.signing.passwords.passwords import hashed
from people.signing.policies import admits, network_of
from people.signing.reauthentication import ProvesWho, counted
from people.signing.sessions import Session, actor_of, living, open_session, see
from people.signing.sign_in import sign_in
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, Person
from tests.people.doors import (
    CHROME,
    FIREFOX,
    PASSWORD,
    enter,
    lives,
    noted,
    pass_by,
    refusal,
    with_app,
    with_passwords,
)
from tests.people.offices import SERVICE, with_password
from tests.stages import staged

SIGN_INS = Filters(what=("sign_in",))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


agency = staged(with_passwords)


def at_noon(database: Database) -> None:
    database.clock = lambda: NOON


async def test_rv43_a_code_of_the_app_is_the_second_step(database: Database, agency: Agency) -> None:
    app, _codes = await with_app(agency, agency.ana)
    assert await refusal(enter(database, agency.ana)) == "code_required"
    assert await refusal(enter(database, agency.ana, "wrong")) == "wrong_credentials"
    assert await refusal(enter(database, agency.ana, code="000000")) == "wrong_code"
    ana = await enter(database, agency.ana, code=app.at(database.clock()))
    assert await lives(database, ana)
    assert [note.details["factor"] for note in await noted(database, "sign_in")] == ["code"]


async def test_rv43_a_code_is_taken_once_and_a_step_early_or_late(database: Database, agency: Agency) -> None:
    app, _codes = await with_app(agency, agency.ana)
    late, now, early = (app.at(database.clock() + timedelta(seconds=30 * off)) for off in (-1, 0, 1))
    await enter(database, agency.ana, code=f" {late[:3]} {late[3:]}")
    await enter(database, agency.ana, code=now)
    assert await refusal(enter(database, agency.ana, code=now)) == "wrong_code"
    assert await refusal(enter(database, agency.ana, code=late)) == "wrong_code"
    await enter(database, agency.ana, code=early)
    for off in (-2, 2):
        far = app.at(database.clock() + timedelta(seconds=30 * off))
        assert await refusal(enter(database, agency.ana, code=far)) == "wrong_code"


async def test_a_code_is_taken_once_by_two_at_the_same_time(database: Database, agency: Agency) -> None:
    app, codes = await with_app(agency, agency.ana)
    for code in (app.at(database.clock()), codes[0]):
        tries = [enter(database, agency.ana, code=code) for _number in range(4)]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(outcome, Person) for outcome in outcomes) == 1


async def test_recovery_codes_are_ten_and_each_is_good_for_once(database: Database, agency: Agency) -> None:
    _app, codes = await with_app(agency, agency.ana)
    assert len(set(codes)) == 10
    assert all(len(b32decode(code.replace("-", "").upper())) * 8 >= 112 for code in codes)
    await enter(database, agency.ana, code=codes[0].upper().replace("-", " "))
    assert await refusal(enter(database, agency.ana, code=codes[0])) == "wrong_code"
    renewed = (await agency.run(agency.ana, "recovery_codes.renew", password=PASSWORD)).result["recovery_codes"]
    assert not set(renewed) & set(codes)
    assert await refusal(enter(database, agency.ana, code=codes[1])) == "wrong_code"
    await enter(database, agency.ana, code=renewed[1])


async def test_a_new_password_by_a_link_leaves_the_second_step(database: Database, agency: Agency) -> None:
    app, _codes = await with_app(agency, agency.ana)
    async with database.transaction(EVERYWHERE) as tx:
        secret = (await reset_on_console(tx, agency.ana.actor.email)).removeprefix("/reset/")
    new = "seven quiet otters sing"
    await complete_reset(database, secret, new, Whence("127.0.0.1", "test"))
    assert await refusal(enter(database, agency.ana, new)) == "code_required"
    await enter(database, agency.ana, new, code=app.at(database.clock()))


async def test_an_app_is_turned_off_by_password_and_code(database: Database, agency: Agency) -> None:
    app, codes = await with_app(agency, agency.ana)
    wrong: Any
    for wrong in ({"password": "wrong", "code": app.at(database.clock())}, {"password": PASSWORD, "code": "123456"}):
        assert await refusal(agency.run(agency.ana, "authenticator.remove", **wrong)) == "invalid"
    assert await refusal(agency.run(agency.ana, "authenticator.start")) == "conflict"
    await agency.run(agency.ana, "authenticator.remove", password=PASSWORD, code=codes[0])
    await enter(database, agency.ana)
    with pytest.raises(Conflict):
        await agency.run(agency.ana, "recovery_codes.renew", password=PASSWORD)
    assert [note.details["factor"] for note in await noted(database, "factor_removed")] == ["code"]


async def test_setting_up_takes_the_password_and_a_code_and_ends_other_sign_ins(
    database: Database, agency: Agency
) -> None:
    elsewhere = await enter(database, agency.ana)
    secret = (await agency.run(agency.ana, "authenticator.start")).result["secret"]
    code = pyotp.TOTP(secret).at(database.clock())
    assert await refusal(agency.run(agency.ana, "authenticator.confirm", code=code, password="wrong")) == "invalid"
    assert await refusal(agency.run(agency.ana, "authenticator.confirm", code="000000", password=PASSWORD)) == "invalid"
    assert await lives(database, elsewhere)
    await agency.run(agency.ana, "authenticator.confirm", code=code, password=PASSWORD)
    assert (await lives(database, elsewhere), await lives(database, agency.ana)) == (False, True)
    with pytest.raises(NotFound):
        await agency.run(agency.ana, "authenticator.confirm", code=code, password=PASSWORD)


async def test_a_new_app_is_written_to_its_person(database: Database, agency: Agency) -> None:
    await agency.run(agency.ana, "authenticator.start")
    letters = select(Letter.person_id, Letter.params).where(Letter.kind == "authenticator_added")
    async with database.reading() as tx:
        assert not (await tx.execute(letters)).all()
    await with_app(agency, agency.ana)
    async with database.reading() as tx:
        person_id, params = (await tx.execute(letters)).one()
    assert person_id == agency.ana.id
    assert {"at", "address", "device"} <= params.keys()


async def test_who_lost_phone_and_paper_is_let_in_again_by_an_admin(database: Database, agency: Agency) -> None:
    await with_app(agency, agency.ana)
    for person, code in ((agency.mihai, "forbidden"), (agency.outsider, "not_found"), (agency.ana, "forbidden")):
        assert await refusal(agency.run(person, "factors.reset", person_id=str(agency.ana.id))) == code
    assert await refusal(agency.run(agency.admin, "factors.reset", person_id=str(agency.admin.id))) == "is_yourself"
    await agency.run(agency.admin, "factors.reset", person_id=str(agency.ana.id))
    assert not await lives(database, agency.ana)
    assert await lives(database, await enter(database, agency.ana))
    assert [note.details["by"] for note in await noted(database, "factors_reset")] == [str(agency.admin.id)]


GRAVE: dict[str, dict[str, Any]] = {
    "api_token.make": {"name": "Bot", "scopes": ["rooms:read"], "password": "wrong"},
    "authenticator.confirm": {"code": "000000", "password": "wrong"},
    "authenticator.remove": {"code": "000000", "password": "wrong"},
    "email.change": {"email": "new@firm.example", "password": "wrong"},
    "passkey.remove": {"passkey_id": str(uuid4()), "password": "wrong"},
    "password.change": {"old_password": "wrong", "new_password": "another long one"},
    "provider.add": SERVICE | {"password": "wrong"},
    "provider.change": {"name": "Firm", "password": "wrong"},
    "recovery_codes.renew": {"password": "wrong"},
}


async def test_grave_changes_take_the_password(database: Database, agency: Agency) -> None:
    await with_password(database, agency.admin)
    provider = (await agency.run(agency.admin, "provider.add", **SERVICE)).result["id"]
    theirs = {"provider.add": {}, "provider.change": {"provider_id": provider}}
    for name, fields in GRAVE.items():
        asker = agency.admin if name in theirs else agency.ana
        with pytest.raises(Invalid) as refused:
            await agency.run(asker, name, **fields, **theirs.get(name, {}))
        assert refused.value.fields.keys() & {"password", "old_password"}, name
    hub = Relying("hub.example", "https://hub.example")
    with pytest.raises(Invalid) as refused:
        async with counted(database, agency.ana.actor, None), database.asked_by(agency.ana.actor) as tx:
            await ask_for_new_passkey(tx, agency.ana.actor, hub, "wrong")
    assert refused.value.fields.keys() == {"password"}
    proving = {name for name, entry in COMMANDS.items() if issubclass(entry.command, ProvesWho)}
    assert proving == GRAVE.keys()


def test_sessions_begin_in_two_places() -> None:
    """One lets in who proved what that takes; by the other a superadmin goes over into acting as somebody."""
    root = Path(people.__file__).parent.parent
    sources = [
        path
        for folder in ("hub", "web", "presence", "rooms", "commands", "staff", "clients", "processes", "people")
        for path in (root / folder).rglob("*.py")
    ]
    begun = re.compile(r"await open_session\(|= Session\(")
    found = {str(path.relative_to(root)) for path in sources if begun.search(path.read_text())}
    assert found == {"people/signing/sessions.py", "people/signing/sign_in.py", "people/installation/impersonations.py"}
    lets_in = {
        str(path.relative_to(root)) for path in sources if re.search(r"await (enter|let_in)\(", path.read_text())
    }
    assert lets_in == {
        "people/signing/sign_in.py",  # by a password, at the API
        "people/persons/invitation_links.py",  # by an invitation's link, once
        "web/pages/signing/sign_in.py",  # by a password or another service, and a second factor
        "web/pages/signing/passkeys.py",
    }


async def test_nobody_sets_up_a_factor_for_somebody_else(agency: Agency) -> None:
    for acting in ({"impersonator_id": agency.admin.id}, {"scopes": frozenset({"all"})}):
        other = Person(replace(agency.ana.actor, **acting), "")
        for name, fields in (
            ("authenticator.start", {}),
            ("recovery_codes.renew", {"password": PASSWORD}),
            ("password.change", {"old_password": PASSWORD, "new_password": "another long one"}),
            ("other_sessions.revoke", {}),
        ):
            assert await refusal(agency.run(other, name, **fields)) in ("not_in_anothers_name", "scope_missing")


async def test_an_unknown_e_mail_takes_as_long_as_a_wrong_password(database: Database, agency: Agency) -> None:
    async def seconds(email: str) -> float:
        began = time.process_time()  # hashing goes on in a thread; what else the machine does doesn't count
        with pytest.raises(NotSignedIn):
            await sign_in(database, email, "wrong", address="192.0.2.9", agent="", limits=None)
        return time.process_time() - began

    times: dict[str, list[float]] = {agency.ana.actor.email: [], "nobody@nowhere.example": []}
    for email in times:
        await seconds(email)
    for _round in range(15):
        for email, taken in times.items():
            taken.append(await seconds(email))
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert abs(known - unknown) < 0.5 * max(known, unknown)


STANDINGS: dict[str, tuple[dict[str, Any], str]] = {
    "locked": ({"locked_at": NOON, "active": False}, "locked"),
    "waiting": ({"active": False}, "waiting"),
    "former": ({"deactivated_at": NOON, "active": False}, "wrong_credentials"),
    "erased": ({"erased_at": NOON, "deactivated_at": NOON, "active": False}, "wrong_credentials"),
}


@pytest.mark.parametrize("standing", STANDINGS)
async def test_cc15_cc20_who_may_not_sign_in_learns_why_by_the_right_password_alone(
    database: Database, agency: Agency, standing: str
) -> None:
    values, code = STANDINGS[standing]
    async with database.transaction() as tx:
        await tx.execute(update(Account).where(Account.person_id == agency.ana.id).values(**values))
    assert await refusal(enter(database, agency.ana, "wrong")) == "wrong_credentials"
    assert await refusal(enter(database, agency.ana)) == code
    assert not await lives(database, agency.ana)


async def test_cc20_who_registered_and_waits_is_told_so_by_the_right_password(database: Database) -> None:
    fields = {"business_name": "Casa", "name": "Vera", "email": "vera@casa.example", "password": PASSWORD}
    async with database.transaction() as tx:
        tx.add(
            Registration(
                id=tx.new_id(),
                **{name: value for name, value in fields.items() if name != "password"},
                password_hash=await hashed(PASSWORD),
                language="en",
                time_zone="UTC",
                address="192.0.2.1",
                asked_at=tx.now,
            )
        )
    for password, code in ((PASSWORD, "waiting"), ("wrong", "wrong_credentials")):
        entering = sign_in(database, "vera@casa.example", password, address="192.0.2.1", agent="", limits=None)
        assert await refusal(entering) == code


async def test_cc06_cc07_a_client_s_record_of_a_member_of_the_staff_gets_no_session(
    database: Database, agency: Agency
) -> None:
    async with database.transaction() as tx:
        linked = {"linked_id": agency.ana.id, "active": False}
        await tx.execute(update(Account).where(Account.person_id == agency.client.id).values(**linked))
    assert await refusal(enter(database, agency.client)) == "linked_to_staff"
    assert not await lives(database, agency.client)
    assert (await enter(database, agency.ana)).actor.kind == "staff"


async def test_a_business_asks_for_two_factors(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "sign_in_policy.change", two_factors=True)
    ana = await enter(database, agency.ana)
    async with database.reading() as tx:
        actor = await actor_of(tx, ana.token)
        others = await living(tx, [person.actor.session_id for person in (agency.mihai, agency.outsider)])  # type: ignore[misc]
    assert actor
    assert actor.second_factor_needed
    assert {one.name: one.second_factor_needed for one in others.values()} == {"Mihai": True, "Oleh": False}
    lacking = Person(actor, ana.token)
    assert await refusal(agency.post(lacking, "Hello")) == "second_factor_needed"
    await with_app(agency, lacking)
    async with database.reading() as tx:
        actor = await actor_of(tx, ana.token)
    assert actor
    assert not actor.second_factor_needed
    await agency.post(Person(actor, ana.token), "Hello")


async def test_two_factors_may_be_asked_of_superadmins_alone(database: Database, agency: Agency) -> None:
    async with database.transaction() as tx:
        root_id = await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
        root = Person(*await open_session(tx, root_id, address="192.0.2.1", agent=FIREFOX))
    await agency.run(root, "installation_policy.change", superadmin_two_factors=True)
    async with database.reading() as tx:
        asked, ana = [await actor_of(tx, person.token) for person in (root, agency.ana)]
    assert asked
    assert ana
    assert (asked.second_factor_needed, ana.second_factor_needed) == (True, False)


async def test_a_session_of_one_factor_is_over_when_two_are_asked_for_and_there_are_two(
    database: Database, agency: Agency
) -> None:
    await with_app(agency, agency.ana)
    async with database.transaction() as tx:
        single = update(Session).where(Session.id == agency.ana.actor.session_id).values(factor="password")
        await tx.execute(single)
    assert await lives(database, agency.ana)
    await agency.run(agency.admin, "sign_in_policy.change", two_factors=True)
    assert not await lives(database, agency.ana)


async def test_sessions_are_as_long_as_the_business_says(database: Database, agency: Agency) -> None:
    at_noon(database)
    ana, oleh = await enter(database, agency.ana), await enter(database, agency.outsider)
    await agency.run(agency.admin, "sign_in_policy.change", session_minutes=60)
    pass_by(database, minutes=59)
    assert await lives(database, ana)
    pass_by(database, minutes=2)
    assert (await lives(database, ana), await lives(database, oleh)) == (False, True)


async def test_sessions_end_when_idle_for_as_long_as_the_installation_says(database: Database, agency: Agency) -> None:
    at_noon(database)
    ana, mihai = await enter(database, agency.ana), await enter(database, agency.mihai)
    root = Person(replace(agency.admin.actor, kind="superadmin", business_id=None, home_business_id=None), "")
    await agency.run(root, "installation_policy.change", idle_minutes=30)
    pass_by(database, minutes=20)
    async with database.transaction() as tx:
        await see(tx, ana.actor.session_id)  # type: ignore[arg-type]
        await see(tx, mihai.actor.session_id, used=False)  # type: ignore[arg-type]
    pass_by(database, minutes=20)
    assert (await lives(database, ana), await lives(database, mihai)) == (True, False)
    await agency.run(agency.admin, "sign_in_policy.change", idle_minutes=15)
    assert not await lives(database, ana)


async def test_people_sign_in_from_the_business_s_networks_only(database: Database, agency: Agency) -> None:
    admin = Person(replace(agency.admin.actor, address="198.51.100.7"), "")
    for networks, wrong in ((["203.0.113.0/24"], "198.51.100.7"), (["everywhere"], "everywhere")):
        with pytest.raises(Invalid) as refused:
            await agency.run(admin, "sign_in_policy.change", networks=networks)
        assert wrong in (refused.value.fields["networks"] % refused.value.params)
    await agency.run(admin, "sign_in_policy.change", networks=["198.51.100.0/24\n2001:db8::/32"])
    assert await refusal(enter(database, agency.ana)) == "network_not_allowed"
    assert await refusal(enter(database, agency.ana, "wrong")) == "wrong_credentials"
    ana = await enter(database, agency.ana, address="198.51.100.9")
    async with database.reading() as tx:
        actor = await actor_of(tx, ana.token)
    assert actor
    assert admits(actor.networks, "2001:db8::1")
    assert not admits(actor.networks, "192.0.2.1")


async def test_a_business_names_a_hundred_networks_at_most(agency: Agency) -> None:
    admin = Person(replace(agency.admin.actor, address="192.0.2.1"), "")
    hundred = ", ".join(f"192.0.{number}.0/24" for number in range(100))
    for separator in (",", " ", "\n", ";"):
        with pytest.raises(Invalid) as refused:
            await agency.run(admin, "sign_in_policy.change", networks=[f"{hundred}{separator}198.51.100.0/24"])
        assert refused.value.fields == {"networks": "Enter at most 100 addresses and networks."}
    with pytest.raises(Invalid) as refused:
        await agency.run(admin, "sign_in_policy.change", networks=["2001:db8::" + "%e" * 100])
    assert refused.value.fields.keys() == {"networks"}
    await agency.run(admin, "sign_in_policy.change", networks=[hundred])


def test_neighbours_are_one_network() -> None:
    assert network_of("192.0.2.1") == network_of("192.0.2.250") != network_of("192.0.3.1")
    assert network_of("2001:db8:0:1::1") == network_of("2001:db8:0:2::9") != network_of("2001:db9::1")


async def test_a_sign_in_from_a_new_device_or_place_is_noticed(database: Database, agency: Agency) -> None:
    async with database.transaction() as tx:
        await tx.execute(update(Session).values(agent=FIREFOX, address="192.0.2.1"))
    await enter(database, agency.ana, address="192.0.2.200")
    assert not await noted(database, "new_device")
    await enter(database, agency.ana, agent=CHROME)
    await enter(database, agency.ana, agent=CHROME)
    await enter(database, agency.ana, address="198.51.100.1")
    assert len(await noted(database, "new_device")) == 2
    async with database.reading() as tx:
        letters = (await tx.scalars(select(Letter).where(Letter.kind == "new_sign_in").order_by(Letter.id))).all()
    assert [letter.params["device"] for letter in letters] == ["Chrome · Windows", "Firefox · Linux"]


async def test_cc19_the_journal_is_read_by_superadmins_and_by_admins_of_the_business(
    database: Database, agency: Agency
) -> None:
    for person in (agency.ana, agency.outsider):
        await enter(database, person)
        await refusal(enter(database, person, "wrong"))
    root = replace(agency.admin.actor, kind="superadmin", business_id=None, home_business_id=None)

    async def lines(actor: Actor, **asked: Any) -> list[tuple[str, str | None]]:
        filters = Filters(**{"what": ("sign_in", "sign_in_failed")} | asked)
        async with database.reading(actor.within) as tx:
            return [(line.what, line.person) for line in await journal(tx, actor, filters)]

    oleh = [("sign_in_failed", "Oleh"), ("sign_in", "Oleh")]
    ana = [("sign_in_failed", "Ana"), ("sign_in", "Ana")]
    assert await lines(root) == oleh + ana
    assert await lines(agency.outsider.actor) == oleh
    assert await lines(agency.admin.actor) == ana
    assert await lines(agency.admin.actor, business_id=agency.outsider.actor.business_id) == ana
    assert await lines(agency.admin.actor, person_id=agency.outsider.id) == []
    assert await lines(root, what=("sign_in",), named="an") == ana[1:]
    assert await lines(root, since=database.clock() + timedelta(days=1)) == []
    for person in (agency.ana, agency.client):
        with pytest.raises(Forbidden):
            await lines(person.actor)


async def test_cc19_the_journal_goes_back_page_by_page(database: Database, agency: Agency) -> None:
    for _number in range(5):
        await enter(database, agency.ana)
    async with database.reading(EVERYWHERE) as tx:
        first = await journal(tx, agency.admin.actor, SIGN_INS, limit=3)
        rest = await journal(tx, agency.admin.actor, SIGN_INS, before=first[-1].id, limit=3)
    assert (len(first), len(rest)) == (3, 2)
    assert min(line.id for line in first) > max(line.id for line in rest)
