"""Addressees: whom a message names with an @, people or whole departments.

In the message's words a name stands as ``@[identifier]``: whoever reads sees the name of today, so nothing has to be
looked for when a name changes or is erased. What a client may not know of, a department, has no name for them.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.parties import Party
from rooms.access import Member, SeenRoom, visible_room
from rooms.announcements import EventsShown
from rooms.markdown import ADDRESSED, SPOT, draw_plainly
from rooms.rendered_texts import TEXTS, is_quick
from rooms.wall.typed_names import TYPED, address
from staff.department_rows import Department
from store.database import Transaction
from store.errors import Invalid, NotFound, _
from store.sandboxes.sandboxes import TooCostly
from store.texts.folding import folded

_CUT = re.compile(r"@\[[0-9a-f-]{0,36}\Z")
"""A name at which an excerpt ends."""


def addresses(body: str) -> bool:
    """Whether a message names somebody, or perhaps does."""
    return "@" in body and (ADDRESSED.search(body) or TYPED.search(body)) is not None


def addressed_in(html: str) -> list[UUID]:
    """These are those whom a message addresses, each once. Its HTML tells: identifiers in code address nobody."""
    return [UUID(id) for id in dict.fromkeys(SPOT.findall(html))]


async def names_to_address(
    tx: Transaction, actor: Actor, room_id: UUID | None
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """These are whom the asker can address in a room: identifiers by folded name, and names by identifier.

    Of those of one name the first is who was there first. A room that isn't the asker's has nobody.
    """
    try:
        room = await visible_room(tx, actor, room_id) if room_id else None
    except NotFound:
        room = None
    if room is None:
        return {}, {}
    people = select(Party.id, Party.name).join(Member, Member.person_id == Party.id)
    there = people.where(Member.room_id == room.id, Member.left_at.is_(None)).order_by(Member.added_at, Party.id)
    known = [(str(id), name) for id, name in await tx.execute(there)]
    if actor.of_the_team:
        units = select(Department.id, Department.name).where(Department.business_id == room.business_id)
        known += [(str(id), name) for id, name in await tx.execute(units.order_by(Department.added_at, Department.id))]
    names: dict[str, list[str]] = {}
    for id, name in known:
        names.setdefault(folded(name), []).append(id)
    return names, dict(known)


async def drawn_with_names(
    text: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str], *, turn: Hashable
) -> tuple[str, str]:
    """This is a text with identifiers for names, and its HTML."""
    if is_quick(text):
        return address(text, names, known)
    try:
        return await TEXTS.run(address, text, dict(names), dict(known), turn=turn)
    except TooCostly:
        return text, draw_plainly(text)


async def must_be_addressable(tx: Transaction, actor: Actor, room: SeenRoom, html: str, before: str = "") -> None:
    """Refuse a message that addresses somebody anew who isn't of the room, or a department that isn't the asker's.

    Raises:
        Invalid: it does; on the field ``body``.
    """
    new = set(addressed_in(html)) - set(addressed_in(before))
    if new - await _addressable(tx, actor, room, new):
        raise Invalid(fields={"body": _("Someone you mention isn't in this room.")})


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
    ids = {UUID(id) for text in texts for id in ADDRESSED.findall(text)}
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


async def name_addressees(tx: Transaction, shown: EventsShown) -> dict[str, str]:
    """These are the names of those mentioned in messages that events tell of."""
    messages = [body.get("message") or {} for body in shown.bodies]
    return await names_in(tx, shown.actor, [message.get("body") or "" for message in messages])
