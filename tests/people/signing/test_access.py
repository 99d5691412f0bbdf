"""Access: an end ends everything by which somebody came in, and what is kept is kept because they said so."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from people.mail import Letter
from people.mail.links import LinkDead, make_link
from people.parties import Party
from people.persons.emails import confirm_email, email_by
from people.persons.resets import complete_reset, reset_by, reset_on_console
from people.signing.factors import Passkey
from people.signing.open_links import EmailChange
from people.signing.throttling import Whence
from people.signing.tokens import actor_by
from staff.leave.feeds import own_feed, reader_of_feed
from store.database import Database
from store.scopes import EVERYWHERE
from tests.hub.agencies import Person
from tests.people.acting import acting_as
from tests.people.offices import PASSWORD, Office, open_office
from tests.reads import actor_of
from tests.stages import staged

NEW = "another long enough one"
HERE = Whence(address="127.0.0.1", agent="test")


office = staged(open_office)


@pytest.fixture
async def access(database: Database, office: Office) -> "Access":
    """Ana's: a token, her calendar's address, and where she is signed in."""
    ana = office.agency.ana
    made = await office.agency.run(ana, "api_token.make", name="Bot", scopes=["rooms:read"], password=PASSWORD)
    await office.agency.run(ana, "calendar_feed.renew")
    async with database.reading(EVERYWHERE) as tx:
        found = await own_feed(tx, ana.actor)
    assert found
    return Access(database, ana, made.result["secret"], found[0])


class Access:
    def __init__(self, database: Database, person: Person, token: str, feed: str) -> None:
        self.database = database
        self.person = person
        self.token = token
        self.feed = feed

    async def left(self) -> set[str]:
        """What of it still lets somebody in."""
        async with self.database.reading(EVERYWHERE) as tx:
            ways = {
                "session": await actor_of(tx, self.person.token),
                "token": await actor_by(self.database, self.token),
                "feed": await reader_of_feed(tx, self.feed),
            }
        return {name for name, actor in ways.items() if actor is not None}


async def test_it_all_works_before(access: Access) -> None:
    assert await access.left() == {"session", "token", "feed"}


@pytest.mark.parametrize(
    ("name", "fields", "left"),
    [
        ("password.change", {"old_password": PASSWORD, "new_password": NEW}, {"session"}),
        ("other_sessions.revoke", {}, {"session"}),
        ("all_sessions.revoke", {}, set()),
        ("password.change", {"old_password": PASSWORD, "new_password": NEW, "keep_programs": True}, None),
        ("other_sessions.revoke", {"keep_programs": True}, None),
        ("all_sessions.revoke", {"keep_programs": True}, {"token", "feed"}),
    ],
)
async def test_one_s_own_end_ends_programs_too_unless_one_keeps_them(
    office: Office, access: Access, name: str, fields: dict[str, object], left: set[str] | None
) -> None:
    await office.agency.run(office.agency.ana, name, **fields)
    assert await access.left() == ({"session", "token", "feed"} if left is None else left)


@pytest.mark.parametrize("name", ["person.lock", "person.deactivate"])
async def test_who_is_shut_out_is_shut_out_of_everything(office: Office, access: Access, name: str) -> None:
    fields = {"successor_id": str(office.agency.mihai.id)} if name == "person.deactivate" else {}
    await office.agency.run(office.agency.admin, name, person_id=str(access.person.id), **fields)
    assert await access.left() == set()


async def test_a_reset_leaves_nothing_of_before(database: Database, access: Access) -> None:
    async with database.transaction() as tx:
        path = await reset_on_console(tx, access.person.actor.email)
    await complete_reset(database, path.rpartition("/")[2], NEW, HERE)
    assert await access.left() == set()


async def test_a_superadmin_s_reset_ends_their_sitting_as_somebody(database: Database, office: Office) -> None:
    sitting = await acting_as(database, office.root, office.agency.ana)
    async with database.reading(EVERYWHERE) as tx:
        assert await actor_of(tx, sitting.token)
    async with database.transaction() as tx:
        path = await reset_on_console(tx, office.root.actor.email)
    await complete_reset(database, path.rpartition("/")[2], NEW, HERE)
    async with database.reading(EVERYWHERE) as tx:
        assert await actor_of(tx, sitting.token) is None
        assert await actor_of(tx, office.agency.ana.token)


async def test_nobody_ends_another_s_programs(office: Office, access: Access) -> None:
    for other in (office.agency.mihai, office.agency.client, office.agency.outsider, office.agency.admin):
        await office.agency.run(other, "all_sessions.revoke")
    assert await access.left() == {"session", "token", "feed"}


@pytest.fixture
async def links(database: Database, office: Office) -> dict[str, str]:
    """Links on their way to somebody who had got hold of Ana's password, by what they are for."""
    async with database.transaction(EVERYWHERE) as tx:
        ana = await tx.get(Party, office.agency.ana.id)
        assert ana
        assert ana.email
        change = EmailChange(
            id=tx.new_id(), business_id=ana.business_id, person_id=ana.id, email="eve@new.example", asked_at=tx.now
        )
        tx.add(change)
        await tx.flush()
        email = await make_link(tx, "email", change.id, business_id=ana.business_id)
        reset = (await reset_on_console(tx, ana.email)).removeprefix("/reset/")
    return {"email": email, "reset": reset}


async def dead(database: Database, links: dict[str, str]) -> set[str]:
    looks = {"email": email_by(database, links["email"]), "reset": reset_by(database, links["reset"], HERE)}
    found = await asyncio.gather(*looks.values(), return_exceptions=True)
    return {purpose for purpose, answer in zip(looks, found, strict=True) if isinstance(answer, LinkDead)}


async def test_links_are_good_before(database: Database, links: dict[str, str]) -> None:
    assert await dead(database, links) == set()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("password.change", {"old_password": PASSWORD, "new_password": NEW, "keep_programs": True}),
        ("other_sessions.revoke", {}),
        ("all_sessions.revoke", {}),
        ("email.change", {"email": "ana@new.example", "password": PASSWORD}),
    ],
)
async def test_links_on_their_way_end_with_access(
    database: Database, office: Office, access: Access, links: dict[str, str], name: str, fields: dict[str, object]
) -> None:
    await office.agency.run(office.agency.ana, name, **fields)
    assert await dead(database, links) == {"email", "reset"}


async def test_a_reset_ends_a_change_of_the_email(database: Database, access: Access, links: dict[str, str]) -> None:
    await complete_reset(database, links["reset"], NEW, HERE)
    assert await dead(database, links) == {"email", "reset"}


async def test_a_changed_email_ends_a_reset(database: Database, access: Access, links: dict[str, str]) -> None:
    await confirm_email(database, links["email"], HERE)
    assert await dead(database, links) == {"email", "reset"}


@pytest.mark.parametrize("by_link", [True, False])
async def test_whose_password_was_changed_reads_what_else_signs_them_in(
    database: Database, office: Office, access: Access, by_link: bool
) -> None:
    ana = office.agency.ana
    async with database.transaction(EVERYWHERE) as tx:
        more: dict[str, Any] = {"public_key": b"", "sign_count": 0, "transports": [], "made_at": tx.now}
        more["business_id"] = ana.actor.business_id
        tx.add(Passkey(id=tx.new_id(), person_id=ana.id, name="Eve's phone", credential_id=b"eve", **more))
        email = await tx.scalar(select(Party.email).where(Party.id == ana.id))
        secret = (await reset_on_console(tx, email)).removeprefix("/reset/")
    if by_link:
        await complete_reset(database, secret, NEW, HERE)
    else:
        await office.agency.run(ana, "password.change", old_password=PASSWORD, new_password=NEW)
    async with database.reading(EVERYWHERE) as tx:
        letters = (await tx.scalars(select(Letter).where(Letter.kind == "password_changed"))).all()
    assert [letter.params["ways"] for letter in letters] == [["Eve's phone"]]
