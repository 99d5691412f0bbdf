"""Rights: who may do what, and why; and what each permission opens.

``OPENS`` is said here once for people to read; a test holds it to what the verbs really ask for.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from people.accounts import STATE, Account, State
from people.actors import PERMISSIONS, Actor, Permission
from people.parties import Party
from people.roles import Role
from store.database import Transaction

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


async def holders(tx: Transaction, actor: Actor, permission: Permission | None = None) -> list[Holder]:
    """These are the people of the team with what they may do, by name; only those who hold a permission, if one is
    given.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
    """
    business_id = actor.must("staff")
    query = (
        select(Party, Account, Role, STATE)
        .join(Account, Account.person_id == Party.id)
        .outerjoin(Role, Role.id == Account.role_id)
        .where(
            Party.business_id == business_id, Party.kind.in_(("admin", "staff")), Account.deactivated_at.is_(None)
        )
        .order_by(Party.kind, Party.name, Party.id)
        .limit(2000)
    )
    if permission is not None:
        query = query.where((Party.kind == "admin") | Account.permissions.any(permission))
    return [
        Holder(
            person.id,
            person.name,
            person.kind,
            state,
            role.key if role else None,
            role.name if role else None,
            {name: why(person.kind, account, role, name) for name in PERMISSIONS},
        )
        for person, account, role, state in await tx.execute(query)
    ]


def why(kind: str, account: Account, role: Role | None, permission: str) -> list[Why]:
    """This is by what someone holds a permission; empty when they don't."""
    if kind == "admin":
        return ["admin"]
    found: list[Why] = ["role"] if role is not None and permission in role.permissions else []
    return [*found, "extra"] if permission in account.extra_permissions else found
