"""Worlds to ask in: an agency with someone of every kind, the other business, and the parent of the agency's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID, uuid4

from people.accounts import Account
from people.actors import PERMISSIONS, Actor, Kind
from people.businesses import Business, BusinessVisit
from people.parties import Party
from people.persons.superadmins import add_superadmin
from people.signing.passwords.passwords import hashed
from people.signing.reauthentication import counted
from people.signing.sessions import Session, open_session
from people.signing.tokens import MakeApiToken, make_api_token
from store.database import Database, Transaction
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, Person
from tests.people.offices import PASSWORD
from tests.rooms.scenes import Scene

STAFF = ("member", "staff", *(f"staff: {permission}" for permission in PERMISSIONS))
OTHERS = ("other's admin", "other's staff", "other's client", "parent's admin")
"""Who belongs to another business, and works there."""

_KINDS: dict[str, Kind] = {"parent's admin inside": "admin", "client elsewhere": "client", "member": "staff"}


def _actor(asker: str) -> Actor:
    """Somebody as the rules see them, from what the matrix calls them."""
    who, _sign, permission = asker.partition(": ")
    kind = _KINDS.get(who) or cast("Kind", who.removeprefix("other's ").removeprefix("parent's "))
    business = None if kind == "superadmin" else uuid4()
    return Actor(uuid4(), kind, business, asker, permissions=frozenset({permission} - {""}))


ASKERS: dict[str, Actor] = {
    asker: _actor(asker)
    for asker in ("superadmin", "admin", "parent's admin inside", *STAFF, "client", "client elsewhere", *OTHERS)
}
"""Everyone who is signed in in a browser, as the rules see them."""

PRIVATE = (
    "Good <strong>morning",
    "Good **morning",
    "Between us",
    "Raise the price",
    "margins.txt",
    "sofia@free.example",
)
"""Words of the agency's."""
TEAM_ONLY = ("Between us", "Raise the price", "margins.txt", "Packaging", "sofia@free.example")
"""Words that its clients never see."""


@dataclass
class World:
    """Who asks, by what they are; and whose words give what away."""

    database: Database
    agency: Agency
    askers: dict[str, str] = field(default_factory=dict)
    """Each asker's token; the empty one of a stranger."""
    ids: dict[str, str] = field(default_factory=dict)
    """Things of the agency's, by the names of parameters in addresses."""


async def populate(world: World, root: Person | None = None) -> None:
    """Let someone of every kind ask in a world."""
    agency, database = world.agency, world.database
    own, other = agency.admin.actor.business_id, agency.outsider.actor.business_id
    assert own
    assert other
    async with database.transaction(EVERYWHERE) as tx:
        superadmin = root.id if root else await add_superadmin(tx, "Rada", "rada@matrix.example", "a long password")
        holding = Business(id=tx.new_id(), name="Holding", opened_at=tx.now)
        tx.add(holding)
        await tx.flush()
        business = await tx.get(Business, own)
        assert business
        business.parent_id = holding.id
        world.askers = {
            "superadmin": await _token(tx, superadmin),
            "admin": agency.admin.token,
            "parent's admin": await person(tx, holding.id, "admin", "Paula"),
            "parent's admin inside": await _inside(tx, holding.id, own),
            "member": agency.ana.token,
            "staff": await person(tx, own, "staff", "Nora"),
        }
        for permission in PERMISSIONS:
            world.askers[f"staff: {permission}"] = await person(tx, own, "staff", permission.title(), [permission])
        world.askers |= {
            "client": agency.client.token,
            "client elsewhere": await person(tx, own, "client", "Carol"),
            "other's admin": agency.outsider.token,
            "other's staff": await person(tx, other, "staff", "Otto"),
            "other's client": await person(tx, other, "client", "Ocean"),
            "small token": await _small(database, tx, agency.admin.actor),
            "stranger": "",
        }


def names_of(scene: Scene) -> dict[str, str]:
    """These are the scene's things, by the names of parameters in addresses."""
    return {
        "room_id": scene.room,
        "process_id": scene.process,
        "tab": "wall",
        "command": "message.post",
        "person_id": scene.spare_person,
        "company_id": scene.company,
        "file_id": scene.file,
        "task_id": scene.task,
        "path": "nowhere",
        "/api/v1/commands/{name} name": "room.change",
        "name": "plan.txt",
        "digest": "0" * 64,
        "/help/{topic} topic": "rooms",
        "/calendar/{token}.ics token": "nobodys",
        "language": "uk",
        "secret": "nobodys",
        "provider_id": str(uuid4()),
        "/people/{person_id}/{act} act": "lock",
        "upload_id": str(uuid4()),
        "/static/{name} name": "app.js",
    }


async def person(tx: Transaction, business_id: UUID, kind: str, name: str, permissions: Iterable[str] = ()) -> str:
    """Someone new; this is their session's token."""
    return await _token(tx, await _hire(tx, business_id, kind, name, permissions))


async def _hire(tx: Transaction, business_id: UUID, kind: str, name: str, permissions: Iterable[str] = ()) -> UUID:
    id = tx.new_id()
    email = f"{name.lower()}.{kind}@{business_id}.example"
    tx.add(Party(id=id, business_id=business_id, kind=kind, name=name, email=email, added_at=tx.now))
    await tx.flush()
    tx.add(
        Account(
            person_id=id,
            kind=kind,
            business_id=business_id,
            password_hash="-",
            permissions=list(permissions),
            language="en",
            time_zone="UTC",
        )
    )
    await tx.flush()
    return id


async def _token(tx: Transaction, person_id: UUID) -> str:
    return (await open_session(tx, person_id, address="127.0.0.1", agent="test"))[1]


async def _inside(tx: Transaction, holding: UUID, child: UUID) -> str:
    """An admin of the parent who works in the child."""
    id = await _hire(tx, holding, "admin", "Pavel")
    actor, token = await open_session(tx, id, address="127.0.0.1", agent="test")
    await tx.flush()
    session = await tx.get(Session, actor.session_id)
    assert session
    session.acting_business_id = child
    tx.add(BusinessVisit(business_id=child, person_id=id, first_at=tx.now))
    await tx.flush()
    return token


async def _small(database: Database, tx: Transaction, admin: Actor) -> str:
    """An admin's API token that may nothing but read their account."""
    account = await tx.get(Account, admin.id)
    assert account
    account.password_hash = await hashed(PASSWORD)
    await tx.flush()
    command = MakeApiToken(name="Reads little", scopes=["account:read"], password=PASSWORD)
    async with counted(database, admin, None):
        made = await make_api_token(tx, admin, command)
    assert made.secret
    return made.secret
