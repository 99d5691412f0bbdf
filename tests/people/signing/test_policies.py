"""What a business asks for: two factors, the length of sessions, its own networks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from people.persons.superadmins import add_superadmin
from people.signing.policies import admits, network_of
from people.signing.sessions import Session, living, open_session, see
from store.database import Database
from store.errors import Invalid
from tests.hub.agencies import Agency, Person
from tests.people.doors import (
    FIREFOX,
    PASSWORD,
    enter,
    lives,
    pass_by,
    refusal,
    with_app,
    with_passwords,
)
from tests.reads import actor_of
from tests.stages import staged

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


agency = staged(with_passwords)


def at_noon(database: Database) -> None:
    database.clock = lambda: NOON


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
