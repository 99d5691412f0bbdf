"""Persons: those who can sign in. An account is what makes a party a person."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.accounts import STATE, Account
from people.actors import Actor, Permissions
from people.businesses import Business
from people.events import PersonAdded, PersonInvited
from people.forms import PersonForm
from people.languages import Language
from people.mailboxes import Email
from people.parties import NamesParty, Party, email_taken, page_by_name
from people.persons.affiliations import companies_of_all, put_in_companies
from people.persons.invitations import open_invitation
from people.roles import must_hold, role_for_staff
from people.signing.passwords.passwords import Password, SetsPassword
from people.streams import business_stream
from store.commands import Touches
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.texts.sorting import by_name
from store.texts.texts import AsTyped


class _Newcomer(
    NamesParty,
    fields_touch=dict.fromkeys(("role_id", "permissions", "company_id", "company_ids"), "rights"),
):
    """What is said of whoever comes to the business, whether they are given a password or invited to set one."""

    kind: Literal["admin", "staff", "client"]
    name: str = Field(min_length=1, max_length=120)
    email: Email
    role_id: UUID | None = None
    """The role of a member of the staff; left out, it is the plain one, which permits nothing."""
    permissions: Permissions = []
    """What a member of the staff may do beside their role."""
    company_ids: list[UUID] = Field([], max_length=50)
    """The companies that a client belongs to."""
    company_id: UUID | None = None
    """One company, for who knows of one only."""
    language: Language | None = None
    business_id: UUID | None = None
    """The business, where a superadmin adds its admin; everyone else adds to their own."""

    @classmethod
    def touched(cls, fields: Mapping[str, Any]) -> frozenset[Touches | None]:
        more: frozenset[Touches | None] = frozenset({"rights"} if fields.get("kind") == "admin" else ())
        return super().touched(fields) | more


class AddPerson(SetsPassword, _Newcomer, touches="rights", needs="anyone", widened_by=("clients", "staff")):
    password: AsTyped = Password


async def judge_newcomer(_database: Database, actor: Actor, command: AddPerson) -> None:
    """Judge and hash a newcomer's password before the transaction begins."""
    _adding_to(actor, command)  # before the work: whoever may not sets nothing going
    await _hash_of(actor, command)


async def add_person(tx: Transaction, actor: Actor, command: AddPerson) -> PersonForm:
    """Add a person who can sign in at once: staff, a client, or another admin. A role comes before its first holder.

    Raises:
        Forbidden: for staff the permission ``staff`` isn't held, for clients ``clients``; an admin is added by an
            admin or a superadmin alone; or a permission is given that the asker doesn't hold.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
        Invalid: the company or the role isn't one of the business's, or there is no role at all; or the password is
            easily guessed.
    """
    _adding_to(actor, command)
    return await add_with_hash(tx, actor, command, await _hash_of(actor, command))


async def _hash_of(actor: Actor, command: AddPerson) -> str:
    return await command.hash_of(command.password, [command.name, command.email], turn=actor.id)


async def add_with_hash(tx: Transaction, actor: Actor, command: AddPerson, password_hash: str) -> PersonForm:
    """Add a person as ``add_person`` does, whose password was hashed before."""
    person, _account = await _take_in(tx, actor, command, password_hash)
    form = PersonForm.model_validate(person)
    assert person.business_id is not None
    tx.record(business_stream(person.business_id), PersonAdded(person=form), by=actor.id, audience="team")
    return form


class InvitePerson(_Newcomer, touches="entry", needs="anyone", area="people", widened_by=("clients", "staff")):
    pass


async def invite_person(tx: Transaction, actor: Actor, command: InvitePerson) -> PersonForm:
    """Invite a person: a letter goes to them, by whose link they set their password within 24 hours.

    Raises:
        Forbidden: for staff the permission ``staff`` isn't held, for clients ``clients``; an admin is invited by an
            admin or a superadmin alone; or a permission is given that the asker doesn't hold.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
        Invalid: the company or the role isn't one of the business's, or there is no role at all.
    """
    person, account = await _take_in(tx, actor, command, None)
    account.invited_at = tx.now
    await tx.flush()
    await open_invitation(tx, person.id, actor)
    form = PersonForm.model_validate(person)
    assert person.business_id is not None
    tx.record(business_stream(person.business_id), PersonInvited(person=form), by=actor.id, audience="team")
    return form


async def _take_in(
    tx: Transaction, actor: Actor, command: _Newcomer, password_hash: str | None
) -> tuple[Party, Account]:
    business = await tx.get(Business, _adding_to(actor, command))
    if business is None:
        raise NotFound()
    extra = sorted(set(command.permissions)) if command.kind == "staff" else []
    must_hold(actor, command.permissions)
    role = await role_for_staff(tx, business.id, command.role_id) if command.kind == "staff" else None
    if role is not None:
        must_hold(actor, role.permissions)
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
    account = Account(
        person_id=person.id,
        kind=command.kind,
        business_id=business.id,
        password_hash=password_hash,
        role_id=role.id if role else None,
        extra_permissions=extra,
        permissions=sorted({*(role.permissions if role else ()), *extra}),
        language=command.language or business.language,
        time_zone=business.time_zone,
        phone="",
        address="",
    )
    tx.add(account)
    await tx.flush()
    await _take_into_companies(tx, business.id, person.id, command)
    return person, account


async def _take_into_companies(tx: Transaction, business_id: UUID, person_id: UUID, command: _Newcomer) -> None:
    given = [*([command.company_id] if command.company_id else []), *command.company_ids]
    if given and command.kind != "client":
        field = "company_ids" if command.company_ids else "company_id"
        raise Invalid(fields={field: _("Only clients can belong to companies.")})
    if given:
        await put_in_companies(tx, business_id, person_id, given)


def _adding_to(actor: Actor, command: _Newcomer) -> UUID:
    if actor.kind == "superadmin" and command.kind == "admin" and command.business_id is not None:
        return command.business_id
    if command.business_id not in (None, actor.business_id):
        raise NotFound()
    if command.kind == "admin" and actor.kind != "admin":
        raise Forbidden()
    return actor.must("clients" if command.kind == "client" else "staff")


async def people(tx: Transaction, actor: Actor) -> list[dict[str, Any]]:
    """These are the business's people, by name, as its team sees them.

    Raises:
        Forbidden: a client or a superadmin asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    theirs = (
        select(Party.id, Party.name, Party.kind, Party.email, Account.active, STATE.label("state"))
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Account.erased_at.is_(None))
    )
    ids = await page_by_name(tx, theirs.with_only_columns(Party.id, Party.name), actor.language, None, 1000)
    rows = await tx.execute(theirs.where(Party.id.in_(ids)))
    found = by_name(rows, actor.language)
    companies = await companies_of_all(tx, [row.id for row in found if row.kind == "client"], actor.language)
    names = {id: ", ".join(company.name for company in each) for id, each in companies.items()}
    return [{**row._mapping, "company_name": names.get(row.id)} for row in found]
