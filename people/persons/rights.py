"""Rights: who may do what, and why."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, select

from people.accounts import STATE, Account, State
from people.actors import PERMISSIONS, Actor, Permission
from people.first_roles import Role
from people.parties import Party
from people.persons.directory import Profile
from store.database import Transaction
from store.texts.folded_columns import holds
from store.texts.folding import folded
from store.texts.sorting import by_name

Why = Literal["admin", "role", "extra"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone of the team, and by what they hold each permission that they hold."""

    id: UUID
    name: str
    kind: str
    state: State
    role_key: str | None
    role_name: str | None
    why: dict[str, list[Why]]


async def holders(tx: Transaction, actor: Actor, permission: Permission | None = None, q: str = "") -> list[Holder]:
    """These are the people of the team with what they may do, by name; of those who hold a permission, if one is given,
    and whose name or role has the words.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
    """
    business_id = actor.must("staff")
    query = (
        select(Party, Account, Role, STATE)
        .join(Account, Account.person_id == Party.id)
        .outerjoin(Role, Role.id == Account.role_id)
        .where(Party.business_id == business_id, Party.kind.in_(("admin", "staff")), Account.deactivated_at.is_(None))
        .order_by(Party.id)
        .limit(2000)
    )
    if permission is not None:
        query = query.where((Party.kind == "admin") | Account.permissions.contains([permission]))
    if wanted := folded(q):
        named = [id for id, name in await tx.execute(_roles(business_id)) if wanted in folded(name)]
        query = query.where(holds(Party.name_folded, wanted) | Role.id.in_(named))
    found = by_name(await tx.execute(query), actor.language, lambda row: row[0].name)
    return [
        Holder(
            person.id,
            person.name,
            person.kind,
            state,
            role.key if role else None,
            role.name if role else None,
            _why(person.kind, role.permissions if role else [], account.extra_permissions),
        )
        for person, account, role, state in sorted(found, key=lambda row: row[0].kind)
    ]


def _roles(business_id: UUID) -> Select[UUID, str]:
    return select(Role.id, Role.name).where(Role.business_id == business_id)


def reasons(whom: Profile) -> dict[str, list[Why]]:
    """This is by what someone holds each permission; an empty list where they don't."""
    return _why(whom.kind, whom.role_permissions, whom.extra_permissions)


def _why(kind: str, by_role: list[str], extra: list[str]) -> dict[str, list[Why]]:
    if kind == "admin":
        return {permission: ["admin"] for permission in PERMISSIONS}
    found: dict[str, list[Why]] = {}
    for permission in PERMISSIONS:
        found[permission] = ["role"] if permission in by_role else []
        found[permission] += ["extra"] if permission in extra else []
    return found
