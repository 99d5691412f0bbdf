"""Search: things of every part by their words, within what the asker sees.

Where a business says so, its staff find the names of what is closed to them too, so that nothing is begun twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from people.accounts import Account
from people.actors import Actor
from people.announcements import Sought
from people.businesses import Business
from people.managers import manages
from people.parties import Party
from rooms.access import Member, Room, visible
from rooms.lenses import audiences_of, lens_of
from store.database import Transaction
from store.texts.folded_columns import EACH, holds
from store.texts.folding import folded
from store.texts.sorting import by_name

CLOSED_FROM = 3
"""So many letters it takes to find the name of something closed: with fewer, all of them could be read off."""


async def search(tx: Transaction, actor: Actor, q: str) -> list[dict[str, Any]]:
    """These are the things with these words in them, kind by kind, as the parts say."""
    wanted = folded(q)[:100]
    if not wanted:
        return []
    return [each for found in await tx.announce(Sought(actor, wanted)) for each in found]


async def find_rooms(tx: Transaction, sought: Sought) -> list[dict[str, str]]:
    """These are rooms, by their titles and their companies' names."""
    actor = sought.actor
    rows = await tx.execute(
        select(Room.id, Room.title, Party.name)
        .outerjoin(Party, Party.id == Room.company_id)
        .where(visible(actor), holds(Room.title_folded, sought.words) | holds(Party.name_folded, sought.words))
        .order_by(Room.archived_at.is_not(None), Room.opened_at.desc())
        .limit(EACH)
    )
    return [{"title": title, "detail": company or "", "url": f"/rooms/{id}"} for id, title, company in rows]


async def things_in_rooms(
    tx: Transaction, sought: Sought, thing: Any, words: Any, words_folded: Any
) -> Sequence[Row[UUID, str, UUID, str]]:
    """These are what stands in the asker's rooms with the words in it: its id and words, its room's id and title."""
    found = await tx.execute(
        select(thing.id, words, Room.id, Room.title)
        .join(Room, Room.id == thing.room_id)
        .where(
            visible(sought.actor),
            thing.audience.in_(audiences_of(lens_of(sought.actor))),
            holds(words_folded, sought.words),
        )
        .order_by(thing.id.desc())
        .limit(EACH)
    )
    return found.all()


def found_in_room(tab: str, thing: str, id: UUID, text: str, room_id: UUID, room_title: str) -> dict[str, str]:
    """This is what was found in a room, as search shows it."""
    return {
        "title": text if len(text) <= 120 else f"{text[:119]}…",
        "detail": room_title,
        "url": f"/rooms/{room_id}/{tab}#{thing}-{id}",
    }


@dataclass(frozen=True, slots=True)
class Closed:
    """What there is that the asker can't open, by name only, and whom to ask about it."""

    things: list[dict[str, str]] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)


async def closed(tx: Transaction, actor: Actor, q: str) -> Closed:
    """These are the rooms and clients of the business with these words in their names that the asker can't open.

    There are some for its staff alone, and only where the business says so; never for programs.
    """
    wanted = folded(q)[:100]
    if actor.kind != "staff" or actor.scopes is not None or len(wanted) < CLOSED_FROM:
        return Closed()
    business = await tx.get(Business, actor.business_id)
    if business is None or not business.find_closed:
        return Closed()
    rooms = select(Room.title).where(
        Room.business_id == business.id, ~visible(actor), Room.archived_at.is_(None), holds(Room.title_folded, wanted)
    )
    titles = await tx.scalars(rooms.order_by(Room.title_folded, Room.id).limit(EACH))
    found = [("room", title) for title in by_name(titles, actor.language, str)]
    if not manages(actor, "client"):
        found += [("client", name) for name in await _closed_clients(tx, actor, wanted)]
    things = [{"kind": kind, "title": title} for kind, title in found]
    return Closed(things, await _admins(tx, actor, business)) if things else Closed()


async def _closed_clients(tx: Transaction, actor: Actor, wanted: str) -> list[str]:
    """Those in no room with the asker."""
    met = (
        select(Member.person_id)
        .join(Room, Room.id == Member.room_id)
        .where(Member.person_id == Party.id, Member.left_at.is_(None), visible(actor))
        .correlate(Party)
        .exists()
    )
    names = await tx.scalars(
        select(Party.name)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Party.kind == "client", Account.deactivated_at.is_(None))
        .where(holds(Party.name_folded, wanted), ~met)
        .order_by(Party.name_folded, Party.id)
        .limit(EACH)
    )
    return by_name(names, actor.language, str)


async def _admins(tx: Transaction, actor: Actor, business: Business) -> list[str]:
    names = await tx.scalars(
        select(Party.name)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == business.id, Party.kind == "admin", Account.active)
        .order_by(Party.name_folded, Party.id)
        .limit(3)
    )
    return by_name(names, actor.language, str)
