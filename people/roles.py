"""Roles: named sets of permissions. Every member of the staff has one, and may hold permissions beside it.

What someone may do is kept on their account as one set, worked out anew whenever their role or what they hold beside it
changes; that set is what all else reads, so open sockets follow it within seconds.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select

from people.accounts import Account, account_form, locked_with
from people.actors import Actor, Permissions
from people.events import AccountChanged, RoleAdded, RoleChanged, RoleRemoved
from people.first_roles import PLAIN, Role
from people.forms import RoleForm
from people.journal import note
from people.names import Names
from people.parties import Party
from people.sentences import JOURNAL
from people.streams import business_stream, own_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, _
from store.events import Gone
from store.own_rows import differing, own_row
from store.texts.sorting import by_name
from store.texts.texts import Lines


class RoleNameTaken(Conflict):
    code = "role_name_taken"
    message = _("There is already a role with this name.")


class RoleIsHeld(Conflict):
    code = "role_held"
    message = _("People have this role. Choose the role they get instead.")


class AddRole(Command, touches="rights", needs="staff"):
    name: str = Field(min_length=1, max_length=60)
    description: Lines = Field("", max_length=300)
    permissions: Permissions = []


async def add_role(tx: Transaction, actor: Actor, command: AddRole) -> RoleForm:
    """Add a role. Admins do, and staff who manage staff, with permissions that they hold themselves.

    Raises:
        Forbidden: a permission isn't held that the role would give.
        RoleNameTaken: there is one of this name.
    """
    business_id = actor.here
    must_hold(actor, command.permissions)
    role = Role(
        id=tx.new_id(),
        business_id=business_id,
        name=command.name,
        description=command.description,
        permissions=sorted(set(command.permissions)),
        added_at=tx.now,
    )
    await NAMES.add(tx, role)
    form = RoleForm.model_validate(role)
    tx.record(business_stream(business_id), RoleAdded(role=form), by=actor.id, audience="team")
    return form


class ChangeRole(Command, touches="rights", needs="staff"):
    role_id: UUID
    name: str | None = Field(None, min_length=1, max_length=60)
    description: Lines | None = Field(None, max_length=300)
    permissions: Permissions | None = None


async def change_role(tx: Transaction, actor: Actor, command: ChangeRole) -> RoleForm:
    """Change a role's name, description or permissions; those who have it gain or lose them at once.

    Raises:
        NotFound: it isn't there, or isn't the asker's business's.
        Forbidden: a permission isn't held that the role gains or loses.
        RoleNameTaken: there is another of this name.
    """
    role = await own_row(tx, Role, actor.here, command.role_id)
    given = command.changes("role_id")
    if "permissions" in given:
        given["permissions"] = sorted(set(given["permissions"]))
    if "permissions" in differing(role, given):
        must_hold(actor, set(role.permissions) ^ set(given["permissions"]))
    if not (changed := await NAMES.change(tx, role, given)):
        return RoleForm.model_validate(role)
    form = RoleForm.model_validate(role)
    tx.record(business_stream(role.business_id), RoleChanged(role=form, changed=changed), by=actor.id, audience="team")
    if "permissions" in changed:
        for person, account in await locked_with(tx, Account.role_id == role.id):
            give(tx, person, account, role, account.extra_permissions, by=actor)
    return form


class RemoveRole(Command, touches="rights", needs="staff"):
    role_id: UUID
    to_role_id: UUID | None = None
    """The role that its holders get instead."""


async def remove_role(tx: Transaction, actor: Actor, command: RemoveRole) -> None:
    """Remove a role that nobody has, or whose holders get another one.

    Raises:
        NotFound: it isn't there, or isn't the asker's business's.
        Forbidden: a permission isn't held that someone gains or loses by it.
        RoleIsHeld: somebody has it, and it isn't said what they get instead.
        Invalid: that isn't another of the business's roles.
    """
    business_id = actor.here
    role = await own_row(tx, Role, business_id, command.role_id)
    must_hold(actor, role.permissions)
    holders = await locked_with(tx, Account.role_id == role.id)
    if holders and command.to_role_id is None:
        raise RoleIsHeld(fields={"to_role_id": RoleIsHeld.message})
    if holders and command.to_role_id is not None:
        if command.to_role_id == role.id:
            raise Invalid(fields={"to_role_id": _("Choose another role.")})
        other = await own_role(tx, business_id, command.to_role_id, field="to_role_id")
        must_hold(actor, set(role.permissions) ^ set(other.permissions))
        for person, account in holders:
            give(tx, person, account, other, account.extra_permissions, by=actor)
    await tx.flush()
    await tx.delete(role)
    await tx.flush()
    tx.record(business_stream(business_id), RoleRemoved(role=Gone(id=role.id)), by=actor.id, audience="team")


def must_hold(actor: Actor, permissions: Iterable[str]) -> None:
    """Refuse what would give or take a permission that the asker doesn't hold.

    Raises:
        Forbidden: one isn't held.
    """
    if not all(actor.kind == "superadmin" or actor.may(permission) for permission in permissions):  # type: ignore[arg-type]
        raise Forbidden(_("You can't give or remove a permission you don't have."))


def give(
    tx: Transaction, person: Party, account: Account, role: Role | None, extra: Collection[str], *, by: Actor
) -> None:
    """Give someone a role, and permissions beside it; they are told when that changes what they may do."""
    before = set(account.permissions)
    account.role_id = role.id if role else None
    account.extra_permissions = sorted(set(extra))
    account.permissions = sorted({*(role.permissions if role else ()), *extra})
    if before != set(account.permissions):
        event = AccountChanged(account=account_form(person, account), changed=["permissions"])
        tx.record(own_stream(person.id, person.business_id), event, by=by.id)
        note(
            tx,
            JOURNAL["rights_changed"],
            person_id=person.id,
            business_id=person.business_id,
            address=by.address,
            agent=by.agent,
            by=str(by.id),
            permissions=account.permissions,
        )


async def own_role(tx: Transaction, business_id: UUID, role_id: UUID, *, field: str = "role_id") -> Role:
    """This is a role of the business.

    Raises:
        Invalid: there is none such, on the field.
    """
    role = await tx.get(Role, role_id)
    if role is None or role.business_id != business_id:
        raise Invalid(fields={field: _("There is no such role.")})
    return role


async def role_for_staff(tx: Transaction, business_id: UUID, role_id: UUID | None) -> Role:
    """This is the role that a new member of the staff gets: the one asked for, else the one that permits nothing.

    Raises:
        Invalid: the business has no such role, or it isn't said which where there is no plain one, or none at all.
    """
    if role_id is not None:
        return await own_role(tx, business_id, role_id)
    plain: Role | None = await tx.scalar(
        select(Role).where(Role.business_id == business_id, Role.key == PLAIN, func.cardinality(Role.permissions) == 0)
    )
    if plain is None:
        raise Invalid(fields={"role_id": _("Choose a role. If there is none yet, add one first.")})
    return plain


def _name_taken() -> RoleNameTaken:
    return RoleNameTaken(fields={"name": RoleNameTaken.message})


NAMES = Names(Role, "uq_roles_business_id", _name_taken)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role, and how many have it."""

    id: UUID
    key: str | None
    name: str
    description: str
    permissions: list[str]
    holders: int


async def roles(tx: Transaction, actor: Actor) -> list[RoleLine]:
    """These are the business's roles, by name.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
    """
    business_id = actor.must("staff")
    held = (
        select(Account.role_id, func.count().label("holders"))
        .where(Account.business_id == business_id, Account.deactivated_at.is_(None))
        .group_by(Account.role_id)
        .subquery()
    )
    rows = await tx.execute(
        select(Role, func.coalesce(held.c.holders, 0))
        .outerjoin(held, held.c.role_id == Role.id)
        .where(Role.business_id == business_id)
        .order_by(Role.id)
        .limit(500)
    )
    found = (
        RoleLine(role.id, role.key, role.name, role.description, role.permissions, holders) for role, holders in rows
    )
    return by_name(found, actor.language)


async def role_choices(tx: Transaction, actor: Actor) -> list[RoleLine]:
    """These are the roles that the asker may give, by name: those that permit nothing which they don't hold.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
    """
    return [role for role in await roles(tx, actor) if all(actor.may(each) for each in role.permissions)]  # type: ignore[arg-type]
