"""Persons: those who can sign in. An account is what makes a party a person."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from sqlalchemy import select

from people.accounts import STATE, Account, account_form
from people.actors import Actor, Permissions
from people.announcements import PersonRenamed, StartChosen
from people.businesses import Business
from people.events import AccountChanged, PersonAdded, PersonInvited
from people.forms import AccountForm, PersonForm
from people.languages import Language
from people.mailboxes import Email
from people.parties import NamesParty, Party, email_taken, page_by_name
from people.persons.affiliations import companies_of_all, put_in_companies
from people.persons.invitations import open_invitation
from people.roles import must_hold, role_for_staff
from people.signing.passwords.passwords import Password, SetsPassword, check_password, hashed
from people.streams import business_stream, person_stream
from store.commands import Command, Touches
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.texts.sorting import by_name
from store.texts.texts import AsTyped, Lines

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


async def somebody_is_there(tx: Transaction) -> bool:
    """Whether anybody has an account on this installation."""
    return bool(await tx.scalar(select(select(Account.person_id).exists())))


async def account(tx: Transaction, actor: Actor) -> AccountForm:
    """This is the asker's own account."""
    row = (
        await tx.execute(
            select(Party, Account).join(Account, Account.person_id == Party.id).where(Party.id == actor.id)
        )
    ).one()
    return account_form(row[0], row[1])


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
