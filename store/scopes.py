"""Scopes: whose rows a transaction sees. PostgreSQL itself enforces it (see ``store.migrations.policies``).

    NOWHERE       nothing: what a transaction sees that doesn't say
    EVERYWHERE    the installation's own work: signing in, the relay, jobs, housekeeping, and superadmins
    an id, or several    what belongs to those businesses

The hub's own user may own the tables, for whom policies don't hold, so each connection works as the role ``atrium_app``
where that role is there.
"""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

ROLE = "atrium_app"
Everywhere = Literal["*"]
EVERYWHERE: Everywhere = "*"
NOWHERE: tuple[UUID, ...] = ()
Within = Everywhere | UUID | Iterable[UUID]


def setting(within: Within) -> str:
    """This is a scope as PostgreSQL's setting ``atrium.scope`` has it."""
    if isinstance(within, str):
        return within
    if isinstance(within, UUID):
        return str(within)
    return ",".join(sorted(str(id) for id in within))


# The role is taken up by the first statement of a connection, and again after a rollback took it back. With
# ``atrium.derives`` triggers believe that whoever changes a text changes what is kept beside it, too (migration 0019).
ENTER = """
select set_config('atrium.scope', $1::text, false), set_config('atrium.derives', '1', false),
       case when pg_has_role(session_user, rolname, 'set') then set_config('role', rolname, false) end
from (values (1)) as one left join pg_roles on rolname = 'atrium_app'
"""
MOVE = "select set_config('atrium.scope', $1::text, false)"
