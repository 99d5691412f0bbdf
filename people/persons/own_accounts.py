"""One's own account: its name, language, zone, look and start page."""

from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from sqlalchemy import select

from people.accounts import Account, account_form
from people.actors import Actor
from people.announcements import PersonRenamed, StartChosen
from people.events import AccountChanged
from people.forms import AccountForm, PersonForm
from people.languages import Language
from people.parties import Party
from people.streams import person_stream
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound, _
from store.texts.texts import Lines

Theme = Literal["auto", "light", "dark"]


def _known(zone: str | None) -> str | None:
    if zone is not None and zone not in available_timezones():
        raise ValueError(_("There is no such time zone."))
    return zone


START_ROOM = "room:"


START_PAGES = ("home", "rooms", "people", "companies", "departments", "leave")


def _begun(start: str | None) -> str | None:
    if start is None or start in START_PAGES:
        return start
    try:
        named, id = start.startswith(START_ROOM), UUID(start.removeprefix(START_ROOM))
    except ValueError:
        named = False
    if not named:
        raise ValueError(_("There is no such page to begin on."))
    return f"{START_ROOM}{id}"


TimeZone = Annotated[str, AfterValidator(_known)]


class ChangeAccount(Command, touches="work", needs="anyone", area="account"):
    name: str | None = Field(None, min_length=1, max_length=120)
    language: Language | None = None
    time_zone: TimeZone | None = None
    theme: Theme | None = None
    start_page: Annotated[str | None, AfterValidator(_begun)] = None
    """Where you begin after signing in: home, rooms, people, companies, departments, leave, or ``room:`` and its id."""
    phone: str | None = Field(None, max_length=40)
    address: Lines | None = Field(None, max_length=300)


async def change_account(tx: Transaction, actor: Actor, command: ChangeAccount) -> AccountForm:
    """Change your own name, phone, address, language, time zone, theme or first page. A new name is told in your rooms.

    Raises:
        Invalid: you can't open the page on which you would like to begin.
    """
    if command.start_page is not None:
        await tx.announce(StartChosen(actor, command.start_page))
    account = await tx.get(Account, actor.id, lock=True)
    person = await tx.get(Party, actor.id, lock=True)
    if account is None or person is None:
        raise NotFound()
    given = command.changes()
    changed = [
        field for field, value in given.items() if getattr(person if field == "name" else account, field) != value
    ]
    for field in changed:
        setattr(person if field == "name" else account, field, given[field])
    form = account_form(person, account)
    if changed:
        tx.record(person_stream(actor), AccountChanged(account=form, changed=changed), by=actor.id)
    if "name" in changed:
        await tx.announce(PersonRenamed(PersonForm.model_validate(person), "name", actor.id))
    return form


async def account(tx: Transaction, actor: Actor) -> AccountForm:
    """This is the asker's own account."""
    row = (
        await tx.execute(
            select(Party, Account).join(Account, Account.person_id == Party.id).where(Party.id == actor.id)
        )
    ).one()
    return account_form(row[0], row[1])
