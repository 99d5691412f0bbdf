"""Signing in: who isn't let in, what is noticed, and the journal of it all."""

import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from people.accounts import Account
from people.actors import Actor
from people.installation.registrations import Registration
from people.journal import Filters, journal
from people.mail import Letter
from people.signing.passwords.passwords import hashed
from people.signing.sessions import Session
from people.signing.sign_in import sign_in
from store.database import Database
from store.errors import Forbidden, NotSignedIn
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency
from tests.people.doors import (
    CHROME,
    FIREFOX,
    PASSWORD,
    enter,
    lives,
    noted,
    refusal,
    with_passwords,
)
from tests.stages import staged

SIGN_INS = Filters(what=("sign_in",))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


agency = staged(with_passwords)


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
