"""The field: a business with people, sessions and rooms on engines of its own, made once for all measures."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from bench.machine import SERVER_CORES, family, hold
from commands.runner import Commands
from hub.engines import prepare
from hub.parts import ANSWERS, VERBS
from people.accounts import Account
from people.businesses import Business
from people.parties import Party
from people.signing.sessions import actor_at_once, digest, open_session
from store.database import Database
from store.engines import EmbeddedEngines
from store.ids import new_id
from store.scopes import EVERYWHERE

EPOCH = "bench"


@dataclass(frozen=True)
class Layout:
    """So many rooms of so many members each, no room shared with another layout."""

    rooms: int
    members: int

    def __str__(self) -> str:
        return f"{self.rooms}×{self.members}"


@dataclass
class Field:
    """Where it all takes place."""

    folder: Path
    engines: EmbeddedEngines
    layouts: dict[Layout, Path]
    """The file of each layout's rooms, as the load generator reads it."""
    cookies: Path
    tokens: list[str]
    rooms: dict[Layout, list[UUID]]

    @property
    def url(self) -> str:
        """This is the database's address as drivers have it."""
        return plain_url(self.engines)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    @property
    def engine_pids(self) -> list[int]:
        assert self.engines.postgres.pid
        assert self.engines.valkey.pid
        return family(self.engines.postgres.pid, self.engines.valkey.pid)


def plain_url(engines: EmbeddedEngines) -> str:
    return engines.database_url


@contextmanager
def field(folder: Path, layouts: list[Layout]) -> Iterator[Field]:
    with EmbeddedEngines(folder / "data") as engines:
        assert engines.postgres.pid
        assert engines.valkey.pid
        hold(family(engines.postgres.pid, engines.valkey.pid), SERVER_CORES)
        yield asyncio.run(_made(folder, engines, layouts))


async def _made(folder: Path, engines: EmbeddedEngines, layouts: list[Layout]) -> Field:
    await prepare(engines.database_url)
    database = Database(engines.database_url, within=EVERYWHERE, answers=ANSWERS)
    connection = await asyncpg.connect(plain_url(engines))
    try:
        people = await _people(database, connection, max(layout.rooms * layout.members for layout in layouts))
        rooms = {layout: await _rooms(connection, layout, people) for layout in layouts}
        await connection.execute("analyze")
    finally:
        await connection.close()
        await database.close()
    files = {}
    for layout, ids in rooms.items():
        files[layout] = folder / f"rooms-{layout.rooms}-{layout.members}"
        lines = [f'{id}\t"epoch":"{EPOCH}","after":0\n' for id in ids]
        files[layout].write_text("".join(lines))
    cookies = folder / "cookies"
    cookies.write_text("".join(f"hub_session={token}\n" for token in people.tokens))
    return Field(folder, engines, files, cookies, people.tokens, rooms)


@dataclass
class People:
    business_id: UUID
    ids: list[UUID]
    tokens: list[str]
    template: UUID


async def _people(database: Database, connection: Any, count: int) -> People:
    """Members of the staff, each signed in, and a room to make others after."""
    async with database.transaction() as tx:
        business = Business(id=tx.new_id(), name="Bench", opened_at=tx.now)
        tx.add(business)
        await tx.flush()
        admin = Party(
            id=tx.new_id(), business_id=business.id, kind="admin", name="A", email="a@bench.example", added_at=tx.now
        )
        tx.add(admin)
        await tx.flush()
        tx.add(
            Account(
                person_id=admin.id, kind="admin", business_id=business.id, password_hash="-", permissions=[],
                language="en", time_zone="UTC",
            )
        )  # fmt: skip
        await tx.flush()
        actor, _token = await open_session(tx, admin.id, address="127.0.0.1", agent="bench")
        business_id = business.id
    opened = await Commands(database, VERBS).run(actor, "room.open", {"title": "Template"})
    now = datetime.now(UTC)
    ids = [new_id(now) for _nr in range(count)]
    tokens = [f"bench-token-of-a-usual-length-in-all-{nr:06}" for nr in range(count)]
    await connection.executemany(
        "insert into parties (id, business_id, kind, name, email, added_at) values ($1, $2, 'staff', $3, $4, $5)",
        [(id, business_id, f"Person {nr}", f"p{nr}@bench.example", now) for nr, id in enumerate(ids)],
    )
    await connection.execute(
        "insert into accounts (person_id, kind, business_id, password_hash, permissions, language, time_zone, theme,"
        " active) select p.id, p.kind, p.business_id, '-', '{}', a.language, a.time_zone, a.theme, true"
        " from parties p, accounts a where a.person_id = $1 and p.kind = 'staff'",
        actor.id,
    )
    await connection.executemany(
        "insert into sessions (id, person_id, business_id, token_digest, address, agent, created_at, seen_at,"
        " expires_at) values ($1, $2, $3, $4, '127.0.0.1', 'bench', $5, $5, $6)",
        [
            (new_id(now), id, business_id, digest(token), now, now + timedelta(days=30))
            for id, token in zip(ids, tokens, strict=True)
        ],
    )
    return People(business_id, ids, tokens, UUID(opened.result["id"]))


async def _rooms(connection: Any, layout: Layout, people: People) -> list[UUID]:
    now = datetime.now(UTC)
    ids = [new_id(now) for _nr in range(layout.rooms)]
    await connection.execute(
        "insert into rooms (id, business_id, process_id, stage_id, title, title_folded, description, html,"
        " default_audience, opened_at)"
        " select id, business_id, process_id, stage_id, 'Room', 'room', '', '', 'all', opened_at"
        " from (select business_id, process_id, stage_id, opened_at from rooms where id = $1) as template,"
        " unnest($2::uuid[]) as id",
        people.template,
        ids,
    )
    await connection.execute(
        "insert into logs (stream, business_id, epoch, head)"
        " select 'room:' || id, $1, $2, 0 from unnest($3::uuid[]) id",
        people.business_id,
        EPOCH,
        ids,
    )
    await connection.executemany(
        "insert into members (room_id, person_id, business_id, added_at) values ($1, $2, $3, $4)",
        [
            (room_id, people.ids[nr * layout.members + at], people.business_id, now)
            for nr, room_id in enumerate(ids)
            for at in range(layout.members)
        ],
    )
    return ids


async def fill_room(url: str, room_id: UUID, tasks: int, files: int) -> None:
    """Give a room so many tasks, every third of them done, and so many files, each row as a hub writes it: whatever it
    lacked, housekeeping would derive while the hub is measured."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "insert into tasks (id, business_id, room_id, stage_id, author_id, title, title_folded, description, html,"
            " audience, due_on, created_at, completed_at)"
            " select gen_random_uuid(), r.business_id, r.id, s.id, m.person_id, 'Task ' || nr, 'task ' || nr,"
            " repeat('x', 300), '<p>' || repeat('x', 300) || '</p>', 'all', current_date + nr % 90,"
            " now() - nr * interval '1 minute', case when nr % 3 = 0 then now() end"
            " from rooms r join members m on m.room_id = r.id, generate_series(1, $2) nr,"
            " lateral (select id from stages where process_id = r.process_id and of = 'task' limit 1) s"
            " where r.id = $1",
            room_id,
            tasks,
        )
        await connection.execute(
            "insert into files"
            " (id, business_id, room_id, author_id, name, name_folded, media_type, size, digest, audience, added_at)"
            " select gen_random_uuid(), r.business_id, r.id, m.person_id, 'file-' || nr || '.pdf',"
            " 'file-' || nr || '.pdf', 'application/pdf', 1000 * nr, repeat('0', 64), 'all',"
            " now() - nr * interval '1 minute'"
            " from rooms r join members m on m.room_id = r.id, generate_series(1, $2) nr where r.id = $1",
            room_id,
            files,
        )
        for table in ("tasks", "files"):
            await connection.execute(f"vacuum analyze {table}")
    finally:
        await connection.close()


async def post_in(field: Field, room_id: UUID, token: str) -> None:
    """Have somebody write a message in a room, beside the hub that is measured."""
    database = Database(field.url, within=EVERYWHERE, answers=ANSWERS)
    try:
        actor = await actor_at_once(database, token)
        assert actor
        await Commands(database, VERBS).run(actor, "message.post", {"room_id": str(room_id), "body": "x" * 300})
    finally:
        await database.close()


async def fill_log(url: str, rooms: list[UUID], events: int) -> None:
    """Give rooms' logs as many messages in all, as the log tells of them."""
    body = {"message": {"id": str(rooms[0]), "body": "x" * 100, "html": "<p>" + "x" * 100 + "</p>", "audience": "all"}}
    connection = await asyncpg.connect(url)
    try:
        each = max(1, events // len(rooms))
        for room_id in rooms:
            await connection.execute(
                'insert into events (stream, "offset", recorded_at, business_id, name, audience, body)'
                " select l.stream, l.head + nr, now(), l.business_id, 'message.posted', 'all', $2::jsonb"
                " from logs l, generate_series(1, $3) nr where l.stream = $1",
                f"room:{room_id}",
                json.dumps(body),
                each,
                timeout=600,
            )
            await connection.execute("update logs set head = head + $2 where stream = $1", f"room:{room_id}", each)
        await connection.execute("analyze events", timeout=600)
    finally:
        await connection.close()
