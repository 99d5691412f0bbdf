"""Bootstrap: the first people of an installation, whom nobody who is signed in could add."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.businesses import Business
from people.installation.openings import OpenBusiness, open_business
from people.persons import persons, superadmins
from people.persons.persons import AddPerson
from store.database import Database, Transaction
from store.errors import Conflict
from store.scopes import EVERYWHERE
from store.texts.folding import folded

CONSOLE = UUID(int=0)
"""Who acts on the command line, in the logs."""


@dataclass(frozen=True, slots=True)
class Founded:
    """The business that somebody was added to."""

    id: UUID
    name: str
    opened: bool
    """Whether it was opened for them."""


class SeveralOfThatName(Conflict):
    def __init__(self, them: str) -> None:
        super().__init__(f"There are several businesses of that name. Say which by its id:\n{them}")


async def add_superadmin(database: Database, name: str, email: str, password: str) -> None:
    """Add a superadmin, who belongs to no business."""
    async with database.transaction(EVERYWHERE) as tx:
        await superadmins.add_superadmin(tx, name, email, password)


async def add_to_business(database: Database, business: str, person: dict[str, Any]) -> Founded:
    """Add a person to the business of that name, or with that id; it is opened when there is none.

    Raises:
        SeveralOfThatName: it can't be told which is meant.
    """
    command = AddPerson.model_validate(person)
    await command.hash_of(command.password, [command.name, command.email], turn=CONSOLE)
    async with database.transaction(EVERYWHERE) as tx:
        founded = await _business_named(tx, business)
        await persons.add_person(tx, Actor(CONSOLE, "admin", founded.id, "Console"), command)
    return founded


async def _business_named(tx: Transaction, said: str) -> Founded:
    """The business that is meant: of exactly this name, else of one that differs in case, accents or blanks alone."""
    all_of_them = (await tx.execute(select(Business.id, Business.name).order_by(Business.id))).all()
    for meant in (
        [row for row in all_of_them if said in (str(row.id), row.name)],
        [row for row in all_of_them if folded(row.name) == folded(said)],
    ):
        if len(meant) > 1:
            raise SeveralOfThatName("\n".join(f"  --business {row.id}  {row.name}" for row in meant))
        if meant:
            return Founded(meant[0].id, meant[0].name, opened=False)
    opened = await open_business(tx, Actor(CONSOLE, "superadmin", None, "Console"), OpenBusiness(business_name=said))
    return Founded(opened.id, opened.name, opened=True)
