"""The second step: codes of an app, recovery codes, and what it takes to change them."""

import asyncio
import re
from base64 import b32decode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import select

import people
from hub.contract.classes import COMMANDS
from people.mail import Letter
from people.persons.resets import complete_reset, reset_on_console
from people.signing.passkeys import Relying, ask_for_new_passkey
from people.signing.reauthentication import ProvesWho, counted
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Conflict, Invalid, NotFound
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, Person
from tests.people.doors import (
    PASSWORD,
    enter,
    lives,
    noted,
    refusal,
    with_app,
    with_passwords,
)
from tests.people.offices import SERVICE, with_password
from tests.stages import staged

agency = staged(with_passwords)


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
