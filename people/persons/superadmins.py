"""Superadmins, who run the installation: added by its command line."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.accounts import Account
from people.languages import Language
from people.mailboxes import Email
from people.parties import Party, email_taken
from people.signing.passwords.passwords import Password, check_password, hashed
from store.commands import Command
from store.database import Transaction
from store.texts.texts import AsTyped


class AddSuperadmin(Command):
    name: str = Field(min_length=1, max_length=120)
    email: Email
    password: AsTyped = Password
    language: Language = "en"


async def add_superadmin(tx: Transaction, name: str, email: str, password: str, language: str = "en") -> UUID:
    """Add a superadmin: who runs the installation. The command line does this, nobody over the wire can.

    Raises:
        EmailTaken: the e-mail belongs to someone, of whatever kind.
        Invalid: the password is easily guessed.
        ValidationError: the name, the e-mail or the password can't be one.
    """
    command = AddSuperadmin(name=name, email=email, password=password, language=language)
    await check_password(command.password, [command.name, command.email])
    return await add_superadmin_with_hash(tx, command, await hashed(command.password))


async def add_superadmin_with_hash(tx: Transaction, command: AddSuperadmin, password_hash: str) -> UUID:
    """Add a superadmin as ``add_superadmin`` does, whose password was hashed before."""
    person = Party(id=tx.new_id(), kind="superadmin", name=command.name, email=command.email, added_at=tx.now)
    async with tx.refusing("uq_parties_email", email_taken()):
        tx.add(person)
    tx.add(
        Account(
            person_id=person.id,
            kind="superadmin",
            password_hash=password_hash,
            permissions=[],
            language=command.language,
            time_zone="UTC",
        )
    )
    await tx.flush()
    return person.id


async def somebody_is_there(tx: Transaction) -> bool:
    """Whether anybody has an account on this installation."""
    return bool(await tx.scalar(select(select(Account.person_id).exists())))
