"""Further languages: those that an installation has beside Atrium's own."""

from datetime import datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from pydantic import Field
from sqlalchemy import Text as SqlText
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account, account_form, locked_with
from people.actors import Actor
from people.businesses import Business
from people.events import AccountChanged
from people.installation.events import LanguageAdded, LanguageRemoved
from people.installation.registrations import Registration, RegistrationAsk
from people.installation.vocabulary import Wording
from people.installations import installation, installation_stream
from people.languages import SHIPPED
from people.mail.letters import Letter
from people.streams import own_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, NotFound, _
from store.rows import Row

SPEAKING: tuple[Any, ...] = (Business, Letter, Registration, RegistrationAsk)
"""What has a language beside people."""


class FurtherLanguage(Row):
    """A language that the installation has added."""

    __tablename__ = "languages"

    code: Mapped[str] = mapped_column(SqlText, primary_key=True)
    name: Mapped[str] = mapped_column(SqlText)
    added_at: Mapped[datetime]


class AddLanguage(Command, touches="installation", needs="superadmin", area="installation"):
    code: str = Field(pattern="^[a-z]{2,3}$")


class LanguageKnown(Conflict):
    code = "language_known"
    message = _("This language is already available.")


async def add_language(tx: Transaction, actor: Actor, command: AddLanguage) -> None:
    """Add a further language. What isn't translated in it is said in English.

    Raises:
        Invalid: no language has this code.
        LanguageKnown: it is there.
    """
    if command.code in SHIPPED:
        raise LanguageKnown(fields={"code": LanguageKnown.message})
    row = FurtherLanguage(code=command.code, name=own_name(command.code), added_at=tx.now)
    async with tx.refusing("pk_languages", LanguageKnown(fields={"code": LanguageKnown.message})):
        tx.add(row)
    tx.record(installation_stream(), LanguageAdded(language=command.code), by=actor.id)


class RemoveLanguage(Command, touches="installation", needs="superadmin", area="installation"):
    code: str = Field(pattern="^[a-z]{2,3}$")


class LanguageNeeded(Conflict):
    code = "language_needed"
    message = _("This is the installation's default language. Choose another default first.")


async def remove_language(tx: Transaction, actor: Actor, command: RemoveLanguage) -> None:
    """Take a further language away again, with its wordings. Whoever used it has the installation's from then on.

    Raises:
        NotFound: no such language was added.
        LanguageNeeded: it is the installation's own.
    """
    row = await tx.get(FurtherLanguage, command.code, lock=True)
    if row is None:
        raise NotFound()
    instead = (await installation(tx)).language
    if instead == command.code:
        raise LanguageNeeded()
    await tx.delete(row)
    await tx.execute(delete(Wording).where(Wording.language == command.code))
    for table in SPEAKING:
        await tx.execute(update(table).where(table.language == command.code).values(language=instead))
    await _speak_instead(tx, actor, command.code, instead)
    tx.record(installation_stream(), LanguageRemoved(language=command.code), by=actor.id)


async def speakers(tx: Transaction, code: str) -> int:
    """This is how many people have chosen a language."""
    return int(await tx.scalar(select(func.count()).select_from(Account).where(Account.language == code)))


async def _speak_instead(tx: Transaction, actor: Actor, code: str, instead: str) -> None:
    """Give those who used a language another one, and tell their pages."""
    for person, account in await locked_with(tx, Account.language == code):
        account.language = instead
        event = AccountChanged(account=account_form(person, account), changed=["language"])
        tx.record(own_stream(person.id, person.business_id), event, by=actor.id)


def own_name(code: str) -> str:
    """This is a language's name in itself.

    Raises:
        Invalid: there is no such language.
    """
    try:
        name = Locale.parse(code).display_name
    except (UnknownLocaleError, ValueError):
        name = None
    if not name:
        raise Invalid(fields={"code": _("There is no language with this code.")})
    return str(name[:1].upper() + name[1:])


async def further_languages(tx: Transaction) -> dict[str, str]:
    """These are the languages that the installation has added, by code, each by its own name."""
    rows = await tx.scalars(select(FurtherLanguage).order_by(FurtherLanguage.added_at))
    return {row.code: row.name for row in rows}
