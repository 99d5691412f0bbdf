"""Search: rooms, companies, tasks, messages and files by their words, within what the asker sees."""

from typing import Any

from sqlalchemy import select

from people.actors import Actor
from people.parties import Party
from rooms.attachments import File
from rooms.doors import Room, visible
from rooms.lenses import audiences_of, lens_of
from rooms.rooms import like
from rooms.tasks import Task
from rooms.wall import Message
from store.database import Transaction

EACH = 6
"""How many of each kind are found."""


async def search(tx: Transaction, actor: Actor, q: str) -> list[dict[str, Any]]:
    """These are the things with these words in them: rooms, companies, tasks, files and messages, the newest first."""
    words = q.strip()[:100]
    if not words:
        return []
    wanted = f"%{like(words)}%"
    return [
        *await _rooms(tx, actor, wanted),
        *await _companies(tx, actor, wanted),
        *await _things(tx, actor, Task, Task.title, wanted, "tasks"),
        *await _things(tx, actor, File, File.name, wanted, "files"),
        *await _things(tx, actor, Message, Message.body, wanted, "wall"),
    ]


async def _rooms(tx: Transaction, actor: Actor, wanted: str) -> list[dict[str, Any]]:
    rows = await tx.execute(
        select(Room.id, Room.title, Party.name)
        .outerjoin(Party, Party.id == Room.company_id)
        .where(visible(actor), Room.title.ilike(wanted) | Party.name.ilike(wanted))
        .order_by(Room.archived_at.is_not(None), Room.opened_at.desc())
        .limit(EACH)
    )
    return [
        {"kind": "room", "title": title, "detail": company or "", "url": f"/rooms/{id}"} for id, title, company in rows
    ]


async def _companies(tx: Transaction, actor: Actor, wanted: str) -> list[dict[str, Any]]:
    if not actor.of_the_team:
        return []
    rows = await tx.execute(
        select(Party.id, Party.name, Party.email)
        .where(Party.business_id == actor.business_id, Party.kind == "company", Party.name.ilike(wanted))
        .order_by(Party.name, Party.id)
        .limit(EACH)
    )
    return [
        {"kind": "company", "title": name, "detail": email or "", "url": f"/companies/{id}"} for id, name, email in rows
    ]


async def _things(tx: Transaction, actor: Actor, thing: Any, words: Any, wanted: str, tab: str) -> list[dict[str, Any]]:
    rows = await tx.execute(
        select(thing.id, words, Room.id, Room.title)
        .join(Room, Room.id == thing.room_id)
        .where(visible(actor), thing.audience.in_(audiences_of(lens_of(actor))), words.ilike(wanted))
        .order_by(thing.id.desc())
        .limit(EACH)
    )
    kind = {"tasks": "task", "files": "file", "wall": "message"}[tab]
    return [
        {
            "kind": kind,
            "title": text if len(text) <= 120 else f"{text[:119]}…",
            "detail": room_title,
            "url": f"/rooms/{room_id}/{tab}#{kind}-{id}",
        }
        for id, text, room_id, room_title in rows
    ]
