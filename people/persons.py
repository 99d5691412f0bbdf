"""Persons: those who can sign in. An account is what makes a party a person."""

from typing import Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import EmailStr, Field, field_validator
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import PERMISSIONS, Actor, Permission
from people.businesses import Business, business_stream
from people.companies import own_company
from people.events import AccountChanged, PersonAdded
from people.forms import AccountForm, PersonForm
from people.parties import Party, email_taken
from people.passwords import check_password, hashed, verified
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.log import Stream
from store.rows import Row

Language = Literal["en", "ro", "uk"]
Theme = Literal["auto", "light", "dark"]


class Account(Row):
    """How a party signs in and likes things. A company can have none."""

    __tablename__ = "accounts"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "kind"], ["parties.id", "parties.kind"]),
        CheckConstraint("kind <> 'company'", name="person"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    password_hash: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text, default="auto")
    active: Mapped[bool] = mapped_column(default=True)


Password = Field(min_length=10, max_length=200)


class AddPerson(Command):
    kind: Literal["admin", "staff", "client"]
    name: str = Field(min_length=1, max_length=120)
    email: EmailStr
    password: str = Password
    company_id: UUID | None = None
    permissions: list[Permission] = []
    language: Language | None = None
    business_id: UUID | None = None
    """The business, where a superadmin adds its admin; everyone else adds to their own."""


async def add_person(tx: Transaction, actor: Actor, command: AddPerson) -> PersonForm:
    """Add a person who can sign in: staff, a client, or another admin.

    Raises:
        Forbidden: for staff the permission ``staff`` isn't held, for clients ``clients``; an admin is added by an
            admin or a superadmin alone.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
        Invalid: the company isn't one of the business's, or the password is easily guessed.
    """
    check_password(command.password, [command.name, command.email])
    return await add_with_hash(tx, actor, command, await hashed(command.password))


async def add_with_hash(tx: Transaction, actor: Actor, command: AddPerson, password_hash: str) -> PersonForm:
    """Add a person as ``add_person`` does, whose password was hashed before."""
    business = await tx.get(Business, _adding_to(actor, command))
    if business is None:
        raise NotFound()
    if command.company_id is not None:
        await own_company(tx, business.id, command.company_id)
    permissions = sorted(command.permissions) if command.kind == "staff" else []
    if not all(actor.kind == "superadmin" or actor.may(permission) for permission in command.permissions):
        raise Forbidden(_("You can't give a permission that you don't hold."))
    person = Party(
        id=tx.new_id(),
        business_id=business.id,
        kind=command.kind,
        name=command.name,
        email=command.email,
        added_at=tx.now,
    )
    async with tx.refusing("uq_parties_email", email_taken()):
        tx.add(person)
    tx.add(
        Account(
            person_id=person.id,
            kind=command.kind,
            business_id=business.id,
            company_id=command.company_id,
            password_hash=password_hash,
            permissions=permissions,
            language=command.language or business.language,
            time_zone=business.time_zone,
        )
    )
    form = PersonForm.model_validate(person)
    tx.record(business_stream(business.id), PersonAdded(person=form), by=actor.id, audience="team")
    return form


def _adding_to(actor: Actor, command: AddPerson) -> UUID:
    if actor.kind == "superadmin" and command.kind == "admin" and command.business_id is not None:
        return command.business_id
    if command.business_id not in (None, actor.business_id):
        raise NotFound()
    if command.kind == "admin" and actor.kind != "admin":
        raise Forbidden()
    return actor.must("clients" if command.kind == "client" else "staff")


async def add_superadmin(tx: Transaction, name: str, email: str, password: str, language: str = "en") -> UUID:
    """Add a superadmin: who runs the installation. The command line does this, nobody over the wire can."""
    person = Party(id=tx.new_id(), kind="superadmin", name=name, email=email, added_at=tx.now)
    async with tx.refusing("uq_parties_email", email_taken()):
        tx.add(person)
    tx.add(
        Account(
            person_id=person.id,
            kind="superadmin",
            password_hash=await hashed(password),
            permissions=[],
            language=language,
            time_zone="UTC",
        )
    )
    await tx.flush()
    return person.id


class ChangeAccount(Command):
    name: str | None = Field(None, min_length=1, max_length=120)
    language: Language | None = None
    time_zone: str | None = None
    theme: Theme | None = None

    @field_validator("time_zone")
    @classmethod
    def known(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(_("There is no such time zone."))
        return zone


async def change_own_account(tx: Transaction, actor: Actor, command: ChangeAccount) -> AccountForm:
    """Change your own name, language, time zone or theme."""
    account = await tx.get(Account, actor.id, lock=True)
    person = await tx.get(Party, actor.id, lock=True)
    if account is None or person is None:
        raise NotFound()
    given = {field: value for field, value in command.given().items() if value is not None}
    changed = [
        field for field, value in given.items() if getattr(person if field == "name" else account, field) != value
    ]
    for field in changed:
        setattr(person if field == "name" else account, field, given[field])
    form = account_form(person, account)
    if changed:
        tx.record(person_stream(actor), AccountChanged(account=form, changed=changed), by=actor.id)
    return form


class ChangePassword(Command):
    old_password: str = Field(max_length=200)
    new_password: str = Password


async def set_password(tx: Transaction, actor: Actor, command: ChangePassword) -> None:
    """Change your own password.

    Raises:
        Invalid: the old password is wrong, or the new one is easily guessed, on its field.
    """
    account = await tx.get(Account, actor.id, lock=True)
    if account is None or not await verified(account.password_hash, command.old_password):
        raise Invalid(fields={"old_password": _("This isn't your password.")})
    check_password(command.new_password, [actor.name, actor.email], field="new_password")
    account.password_hash = await hashed(command.new_password)


async def account(tx: Transaction, actor: Actor) -> AccountForm:
    """This is the asker's own account."""
    row = (
        await tx.execute(
            select(Party, Account).join(Account, Account.person_id == Party.id).where(Party.id == actor.id)
        )
    ).one()
    return account_form(row[0], row[1])


def account_form(person: Party, account: Account) -> AccountForm:
    return AccountForm.model_validate(
        {
            "id": person.id,
            "name": person.name,
            "kind": person.kind,
            "email": person.email,
            "business_id": person.business_id,
            "language": account.language,
            "time_zone": account.time_zone,
            "theme": account.theme,
            "permissions": sorted(PERMISSIONS) if person.kind == "admin" else account.permissions,
        }
    )


async def people(tx: Transaction, actor: Actor) -> list[dict[str, Any]]:
    """These are the business's people, by name, as its team sees them.

    Raises:
        Forbidden: a client or a superadmin asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    company = Party.__table__.alias("company")
    rows = await tx.execute(
        select(
            Party.id,
            Party.name,
            Party.kind,
            Party.email,
            Account.active,
            company.c.name.label("company_name"),
        )
        .join(Account, Account.person_id == Party.id)
        .outerjoin(company, company.c.id == Account.company_id)
        .where(Party.business_id == actor.business_id)
        .order_by(Party.name, Party.id)
        .limit(1000)
    )
    return [dict(row._mapping) for row in rows]


def person_stream(actor: Actor) -> Stream:
    """This is the stream of what concerns one person alone."""
    return Stream("person", actor.id, actor.business_id)
