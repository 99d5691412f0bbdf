"""The last admin can't be lost, and who is promoted is an admin like any."""

import asyncio

import pytest
from sqlalchemy import func, select

from people.accounts import Account
from store.database import Database
from store.errors import Forbidden
from tests.hub.agencies import Agency
from tests.people.doors import with_passwords
from tests.people.persons.leavers import refusal
from tests.reads import actor_of, read_log
from tests.stages import staged

agency = staged(with_passwords)


@pytest.mark.parametrize("act", ["person.lock", "person.deactivate", "person.demote"])
async def test_mc_p02_the_last_admin_stays(agency: Agency, act: str) -> None:
    alone = await refusal(agency, agency.admin, act, person_id=str(agency.admin.id))
    assert alone.code == "last_admin"
    await agency.run(agency.admin, "person.promote", person_id=str(agency.mihai.id))
    assert (await refusal(agency, agency.admin, act, person_id=str(agency.admin.id))).code == "is_yourself"


@pytest.mark.parametrize("act", ["person.lock", "person.deactivate", "person.demote"])
async def test_mc_p02_two_admins_who_take_each_other_away_at_once_leave_one(
    database: Database, agency: Agency, act: str
) -> None:
    await agency.run(agency.admin, "person.promote", person_id=str(agency.mihai.id))
    async with database.reading() as tx:
        mihai = await actor_of(tx, agency.mihai.token)
    assert mihai
    more = {"successor_id": str(agency.ana.id)} if act == "person.deactivate" else {}
    outcomes = await asyncio.gather(
        agency.commands.run(agency.admin.actor, act, {"person_id": str(mihai.id)} | more),
        agency.commands.run(mihai, act, {"person_id": str(agency.admin.id)} | more),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [getattr(each, "code", repr(each)) for each in refused] == ["last_admin"]
    async with database.reading() as tx:
        left = select(func.count()).where(
            Account.kind == "admin", Account.active, Account.business_id == mihai.business_id
        )
        assert await tx.scalar(left) == 1


async def test_an_invited_admin_is_no_other_admin(agency: Agency) -> None:
    await agency.run(agency.admin, "person.invite", kind="admin", name="Vera", email="vera@atelier.example")
    assert (await refusal(agency, agency.admin, "person.lock", person_id=str(agency.admin.id))).code == "last_admin"


async def test_who_is_promoted_may_do_everything_and_keeps_their_sign_in(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "person.promote", person_id=str(agency.ana.id))
    async with database.reading() as tx:
        ana = await actor_of(tx, agency.ana.token)
        told = [event.name for event in await read_log(tx, f"room:{agency.room_id}", 0)]
    assert ana
    assert (ana.kind, ana.may("invoicing")) == ("admin", True)
    assert "person.changed" in told
    await agency.run(agency.admin, "person.demote", person_id=str(agency.ana.id))
    async with database.reading() as tx:
        ana = await actor_of(tx, agency.ana.token)
    assert ana
    assert (ana.kind, ana.may("invoicing")) == ("staff", False)
    for who in (agency.mihai, agency.client):
        assert isinstance(await refusal(agency, who, "person.promote", person_id=str(agency.mihai.id)), Forbidden)
    assert (await refusal(agency, agency.admin, "person.promote", person_id=str(agency.client.id))).status == 409
