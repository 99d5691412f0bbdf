"""Landing pages: the one on which someone begins who signs in without wanting to be anywhere else."""

from uuid import UUID

from people.accounts import Account
from people.actors import Actor
from people.announcements import StartChosen
from people.managers import manages
from people.persons.own_accounts import START_ROOM
from rooms.access import visible_room
from store.database import Transaction
from store.errors import Invalid, NotFound, _

HOME = "/"
OF_THE_TEAM = {"companies": "/companies", "departments": "/departments", "leave": "/leave"}


def places(actor: Actor) -> dict[str, str]:
    """These are the pages, with their addresses, on which someone may begin beside a room."""
    found = {"home": HOME}
    if actor.business_id is not None:
        found["rooms"] = "/rooms"
    if actor.of_the_team and any(manages(actor, kind) for kind in ("staff", "client")):
        found["people"] = "/people"
    return found | (OF_THE_TEAM if actor.of_the_team else {})


async def address_of(tx: Transaction, actor: Actor, start: str) -> str | None:
    """This is where a start is; None when the asker can't open it, or not any more."""
    if not start.startswith(START_ROOM):
        return places(actor).get(start)
    try:
        room = await visible_room(tx, actor, UUID(start.removeprefix(START_ROOM)))
    except NotFound:
        return None
    return f"/rooms/{room.id}"


async def must_be_open(tx: Transaction, chosen: StartChosen) -> None:
    """Refuse a first page that whoever chose it can't open.

    Raises:
        Invalid: they can't.
    """
    if await address_of(tx, chosen.actor, chosen.start) is None:
        raise Invalid(fields={"start_page": _("You can't open this page.")})


async def start_of(tx: Transaction, actor: Actor) -> str:
    """This is where someone begins: the page that they chose, or home when it can't be opened any more."""
    account = await tx.get(Account, actor.id)
    return (await address_of(tx, actor, account.start_page) if account else None) or HOME
