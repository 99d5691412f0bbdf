"""Sessions: they end where their person ends them, and a changed password ends the others."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from hub.app import create_app
from hub.settings import Settings
from people.persons.own_accounts import account
from people.signing.session_ends import sign_out
from people.signing.sessions import LIFETIME, Session, actor_at_once, keep_sessions_for, see, sessions
from people.signing.sign_in import sign_in
from store.database import Database
from store.errors import Invalid, NotFound, NotSignedIn
from tests.hub.agencies import Agency, Person, open_agency
from tests.reads import actor_of
from tests.stages import staged

OLD, NEW = "a long password", "a longer password"


@staged
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    await agency.run(agency.admin, "person.add", kind="client", name="Elena", email="elena@nord.example", password=OLD)
    return agency


async def signed_in(database: Database, password: str = OLD) -> Person:
    actor, token = await sign_in(
        database, "elena@nord.example", password, address="192.0.2.1", agent="test", limits=None
    )
    return Person(actor, token)


async def lives(database: Database, person: Person) -> bool:
    async with database.reading() as tx:
        return await actor_of(tx, person.token) is not None


async def test_a_session_ends_when_its_person_signs_out(database: Database, agency: Agency) -> None:
    phone, desk = await signed_in(database), await signed_in(database)
    async with database.transaction() as tx:
        await sign_out(tx, phone.actor)
    assert not await lives(database, phone)
    assert await lives(database, desk)


async def test_own_sessions_are_listed_and_revoked(database: Database, agency: Agency) -> None:
    phone, desk = await signed_in(database), await signed_in(database)
    async with database.reading() as tx:
        listed = await sessions(tx, desk.actor)
    assert {(form.id, form.current) for form in listed} == {
        (phone.actor.session_id, False),
        (desk.actor.session_id, True),
    }
    await agency.run(desk, "session.revoke", session_id=str(phone.actor.session_id))
    assert not await lives(database, phone)
    with pytest.raises(NotFound):
        await agency.run(desk, "session.revoke", session_id=str(phone.actor.session_id))


async def test_another_s_session_can_t_be_revoked(database: Database, agency: Agency) -> None:
    desk = await signed_in(database)
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "session.revoke", session_id=str(desk.actor.session_id))
    assert await lives(database, desk)


async def test_all_others_are_revoked_at_once(database: Database, agency: Agency) -> None:
    phone, desk = await signed_in(database), await signed_in(database)
    await agency.run(desk, "other_sessions.revoke")
    assert (await lives(database, phone), await lives(database, desk)) == (False, True)


async def test_cc121_a_client_changes_the_password(database: Database, agency: Agency) -> None:
    phone, desk = await signed_in(database), await signed_in(database)
    with pytest.raises(Invalid) as refused:
        await agency.run(desk, "password.change", old_password="not it", new_password=NEW)
    assert refused.value.fields.keys() == {"old_password"}
    await agency.run(desk, "password.change", old_password=OLD, new_password=NEW)
    assert (await lives(database, phone), await lives(database, desk)) == (False, True)
    with pytest.raises(NotSignedIn):
        await signed_in(database, OLD)
    await signed_in(database, NEW)


async def test_cc120_a_client_edits_the_profile(database: Database, agency: Agency) -> None:
    elena = await signed_in(database)
    changes = {"name": "Elena Nord", "language": "uk", "time_zone": "Europe/Kyiv", "theme": "dark"}
    await agency.run(elena, "account.change", **changes)
    async with database.reading() as tx:
        form = await account(tx, elena.actor)
    assert form.model_dump(include=set(changes)) == changes
    with pytest.raises(Invalid) as refused:
        await agency.run(elena, "account.change", time_zone="Mars/Olympus")
    assert refused.value.fields.keys() == {"time_zone"}


async def test_a_session_lasts_as_long_as_the_settings_say(database: Database, settings: Settings) -> None:
    def lasts(session: Session) -> timedelta:
        return session.expires_at - session.seen_at

    create_app(settings.model_copy(update={"session_days": 2}))
    try:
        agency = await open_agency(database)
        async with database.transaction() as tx:
            begun = await tx.get(Session, agency.ana.actor.session_id)
            assert begun
            assert lasts(begun) == timedelta(days=2)
            an_hour = timedelta(hours=1)
            await tx.execute(update(Session).values(expires_at=tx.now + an_hour, used_at=tx.now - an_hour))
            await see(tx, begun.id)
        async with database.reading() as tx:
            gone_on = await tx.get(Session, agency.ana.actor.session_id)
            assert gone_on
            assert lasts(gone_on) == timedelta(days=2)
    finally:
        keep_sessions_for(LIFETIME)


async def test_a_session_that_is_always_used_ends_all_the_same(database: Database, settings: Settings) -> None:
    create_app(settings.model_copy(update={"session_days": 2, "session_most_days": 5}))
    try:
        agency = await open_agency(database)
        id, day = agency.ana.actor.session_id, timedelta(days=1)
        assert id
        for used_for, left in ((2 * day, 2 * day), (4 * day, day)):
            async with database.transaction() as tx:
                long_ago = {"created_at": tx.now - used_for, "used_at": tx.now - day, "expires_at": tx.now + day}
                await tx.execute(update(Session).where(Session.id == id).values(**long_ago))
                await see(tx, id)
            async with database.reading() as tx:
                session = await tx.get(Session, id)
                assert session
                assert session.expires_at - session.seen_at == left
    finally:
        keep_sessions_for(LIFETIME)


async def test_what_many_have_in_common_is_kept_once(database: Database, agency: Agency) -> None:
    first, second = [await actor_at_once(database, agency.ana.token) for _window in range(2)]
    assert first
    assert first == second
    for shared in ("kind", "business_id", "home_business_id", "language", "time_zone", "theme", "permissions"):
        assert getattr(first, shared) is getattr(second, shared), shared
