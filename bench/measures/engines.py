"""What is stored before it is told, and the commands that a database could take."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.field import Layout
from bench.machine import CORES, SERVER_CORES, hold
from bench.measures.bench import Bench, pair
from bench.report import Aim, Figure
from bench.servers import Hub, Served
from store.engines.postgres import installed_programs

STORED = Layout(50, 50)
DESKS = Layout(50, 1)


def stored(bench: Bench) -> list[Figure]:
    """Messages stored before they are told: deliveries per CPU second of the server and its engines, rooms of 50."""
    post = '42["message.post",{"room_id":"%ROOM%","body":"%TOK%%PAD%","key":"k%TOK%"}]'
    for _nr in range(bench.repeats):
        for peer in pair():
            with peer.serving(bench.field, stores=True) as served:
                options = ["--pub", post, "--window", "1", *bench.timing()]
                pids = [*served.pids, *_all_engines(bench, served)]
                seen = bench.load.run(STORED, peer.asks(bench.field, STORED), served.target, pids, *options)
                bench.faults += seen["faults"]
                bench.note(f"deliveries {peer.name}", seen["deliv_per_cpu_s"])
                bench.note(f"messages {peer.name}", seen["sent_s"])
                bench.note(f"cpu {peer.name}", seen["per_pid_cpu"][0] / seen["sent_s"] / seen["secs"] * 1000)
        bench.note("hub/node", bench.seen["deliveries hub"][-1] / bench.seen["deliveries node"][-1])
    return bench.figures(
        ("deliveries: hub", "deliveries hub", "/CPU s", None),
        ("deliveries: node", "deliveries node", "/CPU s", None),
        ("hub ÷ Node", "hub/node", "×", Aim(">=", 0.6)),
        ("messages: hub", "messages hub", "/s", None),
        ("messages: node", "messages node", "/s", None),
        ("CPU of a message and its 50 deliveries: hub alone", "cpu hub", "ms", None),
        ("the same: node alone", "cpu node", "ms", None),
    )


def _all_engines(bench: Bench, served: Served) -> list[int]:
    """The engines' processes, once the server has all the connections that it will have."""
    time.sleep(0.2)
    return bench.field.engine_pids


def commands(bench: Bench) -> list[Figure]:
    """Commands a second of one node, 50 rooms at once, and the same transactions by pgbench. Nothing is pinned."""
    post = '42["message.post",{"room_id":"%ROOM%","body":"%TOK%%PAD%","key":"k%TOK%"}]'
    script = bench.field.folder / "message.sql"
    script.write_text(_TRANSACTION)
    with _on_all_cores(bench):
        for _nr in range(bench.repeats):
            with Hub().serving(bench.field, pinned=False) as served:
                options = ["--pub", post, "--window", "1", *bench.timing()]
                asks = Hub().asks(bench.field, DESKS)
                seen = bench.load.run(DESKS, asks, served.target, served.pids, *options, pinned=False)
                bench.note("hub", seen["sent_s"])
                bench.note("p99", seen["p99_ms"])
                bench.note("cpu", seen["srv_cpu_s"] / seen["sent_s"] / seen["secs"] * 1000)
            bench.note("pgbench", _pgbench(bench, script))
            bench.note("hub/pgbench", bench.seen["hub"][-1] / bench.seen["pgbench"][-1])
    return bench.figures(
        ("message.post over sockets: hub", "hub", "/s", None),
        ("the same SQL, prepared, 50 clients: pgbench", "pgbench", "/s", None),
        ("hub ÷ pgbench", "hub/pgbench", "×", Aim(">=", 0.2)),
        ("from sending to delivery, p99", "p99", "ms", None),
        ("hub's CPU of a command", "cpu", "ms", None),
    )


_TRANSACTION = """\\set nr :client_id + 1
begin;
insert into idempotency_keys (person_id, key, business_id, digest, used_at)
 select m.person_id, gen_random_uuid()::text, m.business_id, '\\x00', now() from bench_rooms r
 join members m on m.room_id = r.id where r.nr = :nr on conflict do nothing;
insert into messages (id, business_id, room_id, author_id, body, body_folded, html, audience, attachments, posted_at)
 select gen_random_uuid(), m.business_id, r.id, m.person_id, repeat('x', 200), repeat('x', 200), repeat('x', 207),
  'all', '{}', now()
 from bench_rooms r join members m on m.room_id = r.id where r.nr = :nr;
with log as (
 update logs set head = head + 1 where stream = (select 'room:' || id from bench_rooms where nr = :nr)
 returning stream, business_id, head)
insert into events (stream, "offset", recorded_at, business_id, name, audience, body)
 select stream, head, now(), business_id, 'message.posted', 'all', jsonb_build_object('body', repeat('x', 400))
 from log;
commit;
"""


def _pgbench(bench: Bench, script: Path) -> float:
    rooms = ",".join(f"({nr},'{id}'::uuid)" for nr, id in enumerate(bench.field.rooms[DESKS], 1))
    table = "create table if not exists bench_rooms (nr int primary key, id uuid); delete from bench_rooms;"
    asyncio.run(_execute(bench.field.url, f"{table} insert into bench_rooms values {rooms}; analyze bench_rooms"))
    command = [str(installed_programs() / "bin" / "pgbench"), "-n", "-M", "prepared", "-c", "50", "-j", "1"]
    command += ["-f", str(script), "-T", f"{max(2, round(bench.seconds))}", bench.field.url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


async def _execute(url: str, statements: str) -> None:
    import asyncpg  # noqa: PLC0415

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


@contextmanager
def _on_all_cores(bench: Bench) -> Iterator[None]:
    """The engines may use all cores meanwhile."""
    hold(bench.field.engine_pids, set(CORES))
    try:
        yield
    finally:
        hold(bench.field.engine_pids, SERVER_CORES)
