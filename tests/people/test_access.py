"""Access: an end ends everything by which somebody came in, and what is kept is kept because they said so."""

import pytest

from people.leave.feeds import own_feed, reader_of_feed
from people.resets import complete_reset, reset_on_console
from people.sessions import actor_of
from people.signing.tries import Whence
from people.tokens import actor_by
from store.database import Database
from store.scopes import EVERYWHERE
from tests.hub.agencies import Person
from tests.people.acting import acting_as
from tests.people.offices import PASSWORD, Office, open_office

NEW = "another long enough one"
HERE = Whence(address="127.0.0.1", agent="test")


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


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
