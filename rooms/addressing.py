"""Addressing: whom a message names with an @, people or whole departments.

In the message's words a name stands as ``@[identifier]``: whoever reads sees the name of today, so nothing has to be
looked for when a name changes or is erased. What a client may not know of, a department, has no name for them.
"""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.departments import Department
from people.parties import Party
from rooms.doors import Member, SeenRoom
from rooms.markdown import ADDRESSED
from store.database import Transaction
from store.errors import Invalid, _

_TYPED = re.compile(r"(?<![\w@])@(?=\w)")
_CUT = re.compile(r"@\[[0-9a-f-]{0,36}\Z")
"""A name at which an excerpt ends."""
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def addresses(body: str) -> bool:
    """Whether a message names somebody, or perhaps does."""
    return "@" in body and (ADDRESSED.search(body) or _TYPED.search(body)) is not None


def named_in(body: str) -> list[UUID]:
    """These are those whom a message names, each once."""
    return [UUID(id) for id in dict.fromkeys(ADDRESSED.findall(body))]


async def addressed(tx: Transaction, actor: Actor, room: SeenRoom, body: str, before: str = "") -> str:
    """This is a message's words with identifiers where names were typed behind an @.

    Raises:
        Invalid: somebody who wasn't mentioned before isn't of the room, or is a department that isn't the asker's.
    """
    if not addresses(body):
        return body
    if _TYPED.search(body):
        body = await _with_identifiers(tx, actor, room, body)
    new = set(named_in(body)) - set(named_in(before))
    if new - await _addressable(tx, actor, room, new):
        raise Invalid(fields={"body": _("Somebody whom you mention isn't in this room.")})
    return body


async def _with_identifiers(tx: Transaction, actor: Actor, room: SeenRoom, body: str) -> str:
    people = select(Party.id, Party.name).join(Member, Member.person_id == Party.id)
    rows = await tx.execute(
        people.where(Member.room_id == room.id, Member.left_at.is_(None)).order_by(Member.added_at, Party.id)
    )
    known = [(id, name) for id, name in rows]
    if actor.of_the_team:
        units = select(Department.id, Department.name).where(Department.business_id == room.business_id)
        known += [(id, name) for id, name in await tx.execute(units.order_by(Department.added_at, Department.id))]
    folded = body.casefold()
    there: dict[str, UUID] = {}
    for id, name in known:
        if f"@{name.casefold()}" in folded:
            there.setdefault(name.casefold(), id)
    if not there:
        return body
    names = "|".join(re.escape(name) for name in sorted(there, key=len, reverse=True))
    typed = re.compile(rf"(?<![\w@])@({names})(?!\w)", re.IGNORECASE)

    def named(found: re.Match[str]) -> str:
        id = there.get(found[1].casefold())
        return f"@[{id}]" if id else found[0]

    parts = _CODE.split(body)  # what stands in code is nobody's name
    return "".join(part if place % 2 else typed.sub(named, part) for place, part in enumerate(parts))


async def _addressable(tx: Transaction, actor: Actor, room: SeenRoom, ids: set[UUID]) -> set[UUID]:
    if not ids:
        return set()
    found = set(await tx.scalars(select(Member.person_id).where(Member.room_id == room.id, Member.person_id.in_(ids))))
    if actor.of_the_team:
        units = select(Department.id).where(Department.business_id == room.business_id, Department.id.in_(ids))
        found |= set(await tx.scalars(units))
    return found


async def names_in(tx: Transaction, actor: Actor, texts: Iterable[str]) -> dict[str, str]:
    """These are the names, by identifier, of those mentioned in texts that the asker reads; for a client no
    department has one."""
    ids = {id for text in texts for id in named_in(text)}
    if not ids:
        return {}
    found = {str(id): name for id, name in await tx.execute(select(Party.id, Party.name).where(Party.id.in_(ids)))}
    if actor.of_the_team:
        units = select(Department.id, Department.name).where(Department.id.in_(ids))
        found |= {str(id): name for id, name in await tx.execute(units)}
    return found


def spoken(text: str, names: Mapping[str, str]) -> str:
    """This is a text with names where identifiers stood, and dots for those without one."""
    return _CUT.sub("@…", ADDRESSED.sub(lambda found: f"@{names.get(found[1], '…')}", text))
