"""Changes of a person by who looks after them. Never of the e-mail or the password: those are the person's own."""

from typing import Any
from uuid import UUID

from pydantic import Field

from people.accounts import Account, account_form
from people.actors import Actor, Permissions
from people.announcements import PersonRenamed
from people.events import AccountChanged, PersonChanged, PersonDemoted, PersonPromoted
from people.first_roles import Role
from people.forms import PersonForm
from people.languages import Language
from people.managers import LOOKING_AFTER, Managed, managed, must_be_here, spare_last_admin, spare_oneself, tell
from people.persons.affiliations import put_in_companies
from people.persons.own_accounts import TimeZone
from people.persons.sentences import JOURNAL
from people.roles import give, must_hold, own_role, role_for_staff
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.own_rows import change
from store.texts.texts import Lines


class ChangePerson(
    Command,
    touches="work",
    needs=LOOKING_AFTER,
    area="people",
    fields_touch={"role_id": "rights", "permissions": "rights", "company_ids": "rights"},
):
    person_id: UUID
    name: str | None = Field(None, min_length=1, max_length=120)
    phone: str | None = Field(None, max_length=40)
    address: Lines | None = Field(None, max_length=300)
    language: Language | None = None
    time_zone: TimeZone | None = None
    role_id: UUID | None = None
    permissions: Permissions | None = None
    """What a member of the staff may do beside their role."""
    company_ids: list[UUID] | None = Field(None, max_length=50)


_PLAIN = ("phone", "address", "language", "time_zone")


async def change_person(tx: Transaction, actor: Actor, command: ChangePerson) -> PersonForm:
    """Change someone's name, phone, address, language, time zone, role, permissions or companies. Who looks after
    people of their kind does; the e-mail and the password are the person's own to change.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind, or gives or takes a permission that they don't
            hold.
        Invalid: the role or a company isn't one of the business's, or doesn't go with people of that kind.
        HasLeft: they have left.
    """
    whom = await managed(tx, actor, command.person_id)
    must_be_here(whom)
    given = command.changes("person_id")
    changed = change(whom.person, {"name": given["name"]} if "name" in given else {})
    changed += change(whom.account, {field: given[field] for field in _PLAIN if field in given})
    changed += await _change_rights(tx, actor, whom, given)
    changed += await _change_companies(tx, whom, given)
    await tx.flush()
    _tell_them(tx, actor, whom, changed)
    if changed:
        tell(
            tx,
            actor,
            whom,
            PersonChanged(person=whom.form, changed=changed),
            JOURNAL["person_changed"],
            changed=changed,
        )
    if "name" in changed:
        await tx.announce(PersonRenamed(whom.form, "name", actor.id))
    return whom.form


def _tell_them(tx: Transaction, actor: Actor, whom: Managed, changed: list[str]) -> None:
    own = [field for field in changed if field in ("name", *_PLAIN)]
    if own:
        event = AccountChanged(account=account_form(whom.person, whom.account), changed=own)
        tx.record(whom.stream, event, by=actor.id)


async def _change_rights(tx: Transaction, actor: Actor, whom: Managed, given: dict[str, Any]) -> list[str]:
    if "role_id" not in given and "permissions" not in given:
        return []
    if whom.person.kind != "staff":
        field = "role_id" if "role_id" in given else "permissions"
        raise Invalid(fields={field: _("Only staff have roles. Admins can do everything; clients see their rooms.")})
    before = await tx.get(Role, whom.account.role_id) if whom.account.role_id else None
    role = await own_role(tx, whom.business_id, given["role_id"]) if "role_id" in given else before
    extra = sorted(set(given.get("permissions", whom.account.extra_permissions)))
    after = {*(role.permissions if role else ()), *extra}
    must_hold(actor, set(whom.account.permissions) ^ after)
    changed = []
    if role is not before:
        must_hold(actor, role.permissions if role else ())
        changed.append("role_id")
    if extra != whom.account.extra_permissions:
        must_hold(actor, set(extra) ^ set(whom.account.extra_permissions))
        changed.append("permissions")
    if changed:
        give(tx, whom.person, whom.account, role, extra, by=actor)
    return changed


async def _change_companies(tx: Transaction, whom: Managed, given: dict[str, Any]) -> list[str]:
    if "company_ids" not in given:
        return []
    if whom.person.kind != "client":
        if not given["company_ids"]:
            return []
        raise Invalid(fields={"company_ids": _("Only clients can belong to companies.")})
    return ["company_ids"] if await put_in_companies(tx, whom.business_id, whom.id, given["company_ids"]) else []


class PromotePerson(Command, touches="rights", needs="admin"):
    person_id: UUID


class NotOfTheStaff(Conflict):
    code = "not_of_the_staff"
    message = _("Only a staff member can become an admin.")


class NotAnAdmin(Conflict):
    code = "not_an_admin"
    message = _("This person isn't an admin.")


async def promote_person(tx: Transaction, actor: Actor, command: PromotePerson) -> PersonForm:
    """Make a member of the staff an admin, who may do everything. An admin does.

    Raises:
        NotFound: there is no such person in the asker's business.
        NotOfTheStaff: they are a client.
        HasLeft: they have left.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.person.kind == "client":
        raise NotOfTheStaff()
    if whom.person.kind == "admin":
        return whom.form
    must_be_here(whom)
    give(tx, whom.person, whom.account, None, [], by=actor)
    whom = await _of_kind(tx, actor, whom, "admin")
    tell(tx, actor, whom, PersonPromoted(person=whom.form), JOURNAL["person_promoted"])
    await tx.announce(PersonRenamed(whom.form, "kind", actor.id))
    return whom.form


class DemotePerson(Command, touches="rights", needs="admin"):
    person_id: UUID
    role_id: UUID | None = None
    """The role that they have as staff; left out, it is the plain one."""


async def demote_person(tx: Transaction, actor: Actor, command: DemotePerson) -> PersonForm:
    """Make an admin a member of the staff, with a role. Another admin does.

    Raises:
        NotFound: there is no such person in the asker's business.
        NotAnAdmin: they are a client.
        LastAdmin: there is no other admin who can sign in.
        IsYourself: nobody does it to themselves.
        Invalid: the role isn't one of the business's.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.person.kind == "client":
        raise NotAnAdmin()
    if whom.person.kind == "staff":
        return whom.form
    await spare_last_admin(tx, whom)
    spare_oneself(actor, whom)
    role = await role_for_staff(tx, whom.business_id, command.role_id)
    whom = await _of_kind(tx, actor, whom, "staff")
    give(tx, whom.person, whom.account, role, [], by=actor)
    await tx.flush()
    tell(tx, actor, whom, PersonDemoted(person=whom.form), JOURNAL["person_demoted"])
    await tx.announce(PersonRenamed(whom.form, "kind", actor.id))
    return whom.form


async def _of_kind(tx: Transaction, actor: Actor, whom: Managed, kind: str) -> Managed:
    whom.person.kind = kind
    await tx.flush()
    account = await tx.get(Account, whom.id, lock=True)
    assert account is not None
    event = AccountChanged(account=account_form(whom.person, account), changed=["kind", "permissions"])
    tx.record(whom.stream, event, by=actor.id)
    return Managed(whom.person, account)
