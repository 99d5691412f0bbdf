"""What is measured. Each measure runs its servers in turn, so that what disturbs the machine disturbs all alike."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as fresh
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from websockets.asyncio.client import connect

from bench.field import EPOCH, Field, Layout, fill_log, fill_room, tell_in
from bench.load import Generator
from bench.machine import CORES, SERVER_CORES, cpu_seconds, hold
from bench.report import Aim, Figure
from bench.servers import Floor, Hub, Node, Peer, Plain, Served
from store.engines.postgres import installed_programs

TOLD = (Layout(1, 1000), Layout(10, 100), Layout(100, 10))
SHAPES = [(layout, 4, str(layout)) for layout in TOLD] + [(TOLD[-1], 1, f"{TOLD[-1]}, one at a time")]
CROWD = Layout(100, 50)
IDLE = Layout(40, 50)
STORED = Layout(50, 50)
DESKS = Layout(50, 1)
SPREAD = Layout(20, 50)
GROWTH = (Layout(1, 10), Layout(1, 100), Layout(1, 1000), Layout(1, 5000))
HALL = Layout(2, 1)
LONG = Layout(5, 1)
DOORS = Layout(2, 1)
LAYOUTS = [*TOLD, CROWD, IDLE, STORED, DESKS, SPREAD, HALL, LONG, DOORS]
TASKS, FILES = 2_000, 5_000
OPENED = 200
MISSED = 1000
WARM = 10


@dataclass
class Bench:
    """One run of the suite."""

    field: Field
    load: Generator
    floor: Floor | None
    repeats: int
    seconds: float
    log_events: int
    seen: dict[str, list[float]] = fresh(default_factory=dict)
    faults: int = 0

    def note(self, name: str, value: float) -> None:
        self.seen.setdefault(name, []).append(value)

    def value(self, name: str) -> float:
        return median(self.seen[name]) if name in self.seen else float("nan")

    def figures(self, *rows: tuple[str, str, str, Aim | None]) -> list[Figure]:
        """These are rows of the table: what, the name of its values, its unit, its aim."""
        return [
            Figure(what, self.value(name), unit, self.seen[name], aim)
            for what, name, unit, aim in rows
            if name in self.seen
        ]

    @property
    def peers(self) -> list[Peer]:
        return [Hub(), Node(), *([self.floor] if self.floor else [])]

    def timing(self, warm: float = 1.0) -> list[str]:
        return ["--warmup", f"{warm}", "--duration", f"{self.seconds}", "--settle", "0.5", "--drain", "5"]

    def fan(
        self, peer: Peer, served: Served, layout: Layout, *options: str, pids: list[int] | None = None
    ) -> dict[str, float]:
        asks = peer.asks(self.field, layout)
        seen = self.load.run(layout, asks, served.target, pids or served.pids, "--no-self", *self.timing(), *options)
        self.faults += seen["faults"]
        return seen


def _pair() -> list[Peer]:
    return [Hub(), Node()]


def told(bench: Bench) -> list[Figure]:
    """Deliveries of told events per CPU second, with four of each room on their way at a time, or with one."""
    for nr in range(bench.repeats):
        for peer in [*bench.peers, *([Plain()] if nr == 0 else [])]:
            with peer.serving(bench.field) as served:
                for layout, window, shape in SHAPES:
                    seen = bench.fan(peer, served, layout, "--window", str(window))
                    bench.note(f"{shape} {peer.name}", seen["deliv_per_cpu_s"])
                    if peer.name in ("node", "C floor"):
                        ratio = bench.seen[f"{shape} hub"][-1] / seen["deliv_per_cpu_s"]
                        bench.note(f"{shape} hub/{peer.name}", ratio)
    rows: list[tuple[str, str, str, Aim | None]] = []
    for _layout, _window, shape in SHAPES:
        rows += [
            (f"{shape}: {name}", f"{shape} {name}", "/CPU s", None)
            for name in ("hub", "node", "python-socketio", "C floor")
        ]
        rows += [
            (f"{shape}: hub ÷ Node", f"{shape} hub/node", "×", Aim(">=", 1.3)),
            (f"{shape}: hub ÷ C floor", f"{shape} hub/C floor", "×", Aim(">=", 0.5)),
        ]
    return bench.figures(*rows)


def latency(bench: Bench) -> list[Figure]:
    """From a signal's sending to its delivery, at 10,000 deliveries a second, 100 rooms of 50."""
    for _nr in range(bench.repeats):
        for peer in _pair():
            with peer.serving(bench.field) as served:
                seen = bench.fan(peer, served, CROWD, "--rate", "2")
                bench.note(f"p50 {peer.name}", seen["p50_ms"])
                bench.note(f"p99 {peer.name}", seen["p99_ms"])
        bench.note("p99 hub/node", bench.seen["p99 hub"][-1] / bench.seen["p99 node"][-1])
    return bench.figures(
        ("p50: hub", "p50 hub", "ms", None),
        ("p50: node", "p50 node", "ms", None),
        ("p99: hub", "p99 hub", "ms", None),
        ("p99: node", "p99 node", "ms", None),
        ("p99: hub ÷ Node", "p99 hub/node", "×", Aim("<=", 1.0)),
    )


def idle(bench: Bench) -> list[Figure]:
    """What a connection that is in a room costs: to come (2,000 at once, with `after`), and to stay."""
    count = IDLE.rooms * IDLE.members
    still = ["--rate", "0.001", "--warmup", "0.1", "--duration", "0.1", "--settle", "2", "--inflight", "500"]
    for _nr in range(bench.repeats):
        for peer in _pair():
            with peer.serving(bench.field) as served:
                bench.load.run(Layout(1, 10), peer.asks(bench.field, IDLE), served.target, served.pids, *still)
                engines = cpu_seconds(bench.field.engine_pids)
                seen = bench.load.run(IDLE, peer.asks(bench.field, IDLE), served.target, served.pids, *still)
                engines = cpu_seconds(bench.field.engine_pids) - engines
                bench.note(f"memory {peer.name}", seen["kb_per_conn"])
                bench.note(f"connect {peer.name}", seen["connect_cpu_s"] / count * 1000)
                bench.note(f"engines {peer.name}", engines / count * 1000)
                bench.note(f"storm {peer.name}", seen["connect_s"])
        bench.note("memory hub/node", bench.seen["memory hub"][-1] / bench.seen["memory node"][-1])
    return bench.figures(
        ("memory of an idle signed-in connection: hub", "memory hub", "KB", Aim("<=", 16)),
        ("memory of an idle connection: node", "memory node", "KB", None),
        ("memory: hub ÷ Node", "memory hub/node", "×", Aim("<=", 1)),
        ("CPU to connect, sign in and enter: hub", "connect hub", "ms", Aim("<=", 3)),
        ("the same, PostgreSQL and Valkey", "engines hub", "ms", None),
        ("CPU to connect and join: node, which looks nobody up", "connect node", "ms", None),
        ("2,000 at once, until all are in: hub", "storm hub", "s", None),
    )


def stored(bench: Bench) -> list[Figure]:
    """Messages stored before they are told: deliveries per CPU second of the server and its engines, rooms of 50."""
    post = '42["message.post",{"room_id":"%ROOM%","body":"%TOK%%PAD%","key":"k%TOK%"}]'
    for _nr in range(bench.repeats):
        for peer in _pair():
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


def nodes(bench: Bench) -> list[Figure]:
    """Two nodes with every room's members on both, Redis included; and what a node pays for rooms it has nobody in."""
    for _nr in range(bench.repeats):
        for peer in _pair():
            with peer.serving(bench.field, nodes=2) as served:
                assert bench.field.engines.valkey.pid
                pids = [*served.pids, bench.field.engines.valkey.pid]
                seen = bench.fan(peer, served, SPREAD, "--window", "2", pids=pids)
                bench.note(f"two {peer.name}", seen["deliv_per_cpu_s"])
                bench.note(f"unheard {peer.name}", _unheard(bench, peer, served))
        bench.note("two hub/node", bench.seen["two hub"][-1] / bench.seen["two node"][-1])
    return bench.figures(
        ("two nodes, rooms split over both: hub", "two hub", "/CPU s", None),
        ("two nodes, rooms split over both: node", "two node", "/CPU s", None),
        ("hub ÷ Node", "two hub/node", "×", Aim(">=", 1.3)),
        ("an event of a room with nobody here: hub", "unheard hub", "µs", Aim("<=", 10)),
        ("an event of a room with nobody here: node", "unheard node", "µs", None),
    )


def _unheard(bench: Bench, peer: Peer, served: Served) -> float:
    """What the second node pays for an event of rooms that are all on the first, beyond what it pays idle."""
    time.sleep(6)  # until it follows no stream any more
    before, began = cpu_seconds(served.pids[1:]), time.monotonic()
    time.sleep(2)
    still = (cpu_seconds(served.pids[1:]) - before) / (time.monotonic() - began)
    options = ["--no-self", "--rate", "25", "--warmup", "3", "--duration", f"{max(3.0, bench.seconds)}"]
    first = Served(served.ports[:1], served.pids[:1])
    seen = bench.load.run(SPREAD, peer.asks(bench.field, SPREAD), first.target, served.pids[1:], *options)
    return max(0.0, float(seen["srv_cpu_s"] - still * seen["secs"]) / float(seen["sent_s"] * seen["secs"]) * 1e6)


def _once(asks: list[str]) -> list[str]:
    """Of two files of cookies the generator would read both: the last one is meant."""
    first = asks.index("--cookies-file")
    return asks[:first] + asks[first + 2 :]


def growth(bench: Bench) -> list[Figure]:
    """CPU of a delivery as there are more sockets in a room, all of one person: presence is another matter."""
    cookie = bench.field.folder / "cookie"
    cookie.write_text(bench.field.cookies.read_text().splitlines()[0] + "\n")
    for _nr in range(bench.repeats):
        with Hub().serving(bench.field) as served:
            for layout in GROWTH:
                asks = [*Hub().asks(bench.field, HALL), "--cookies-file", str(cookie), "--no-self", "--window", "4"]
                seen = bench.load.run(layout, _once(asks), served.target, served.pids, *bench.timing())
                bench.faults += seen["faults"]
                bench.note(f"{layout}", seen["us_per_deliv"])
        bench.note("growth", bench.seen[f"{GROWTH[-1]}"][-1] / bench.seen[f"{GROWTH[0]}"][-1])
    return bench.figures(
        *((f"{layout.members} members", f"{layout}", "µs", None) for layout in GROWTH),
        (f"{GROWTH[-1].members} ÷ {GROWTH[0].members} members", "growth", "×", Aim("<=", 1.2)),
    )


def resume(bench: Bench) -> list[Figure]:
    """Coming back after 1,000 missed events, to a log that is short and to one that is long."""
    url, rooms = bench.field.url, bench.field.rooms[LONG]
    asyncio.run(fill_log(url, rooms[:1], MISSED + 200))
    with Hub().serving(bench.field) as served:
        for _nr in range(bench.repeats):
            bench.note("short", asyncio.run(_resumes(bench, served.ports[0])))
    asyncio.run(fill_log(url, rooms[1:], bench.log_events))
    with Hub().serving(bench.field) as served:
        for _nr in range(bench.repeats):
            bench.note("long", asyncio.run(_resumes(bench, served.ports[0])))
            bench.note("growth", bench.seen["long"][-1] / bench.seen["short"][-1])
    return bench.figures(
        ("p99", "short", "ms", Aim("<=", 50)),
        (f"p99 beside a log of {bench.log_events:,} events", "long", "ms", Aim("<=", 50)),
        ("long ÷ short", "growth", "×", Aim("<=", 1.2)),
    )


async def _resumes(bench: Bench, port: int) -> float:
    """The 99th percentile of coming back, in milliseconds, one after the other."""
    room_id = bench.field.rooms[LONG][0]
    headers = {"Cookie": f"hub_session={bench.field.tokens[0]}"}
    ask = f'420["room.enter",{{"room_id":"{room_id}","epoch":"{EPOCH}","after":200}}]'
    taken = []
    for _nr in range(WARM + max(100, round(bench.seconds * 100))):
        url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        async with connect(url, additional_headers=headers, compression=None, max_size=None) as socket:
            await socket.recv()
            await socket.send("40")
            while not str(await socket.recv()).startswith("40"):
                pass
            began = time.perf_counter()
            await socket.send(ask)
            answer = str(await socket.recv())
            taken.append(time.perf_counter() - began)
            assert answer.count('"message.posted"') == MISSED, answer[:200]
    taken = sorted(taken[WARM:])
    return taken[min(len(taken) - 1, int(len(taken) * 0.99))] * 1000


def opening(bench: Bench) -> list[Figure]:
    """The page of an empty room, and of one with 2,000 tasks and 5,000 files, one after the other; and of an empty one
    in which something is told before each, so that nothing of the room is known any more."""
    asyncio.run(fill_room(bench.field.url, bench.field.rooms[DOORS][1], TASKS, FILES))
    with Hub().serving(bench.field) as served:
        for _nr in range(bench.repeats):
            for nr, name in enumerate(("empty", "full")):
                _opened(bench, served, nr, WARM)
                before = cpu_seconds(served.pids)
                taken = _opened(bench, served, nr, OPENED)
                bench.note(f"cpu {name}", (cpu_seconds(served.pids) - before) / OPENED * 1000)
                bench.note(f"p50 {name}", median(taken) * 1000)
            before = cpu_seconds(served.pids)
            for _nr in range(OPENED // 4):
                asyncio.run(tell_in(bench.field.url, bench.field.rooms[DOORS][0]))
                _opened(bench, served, 0, 1)
            bench.note("cpu changed", (cpu_seconds(served.pids) - before) / (OPENED // 4) * 1000)
            bench.note("full/empty", bench.seen["p50 full"][-1] / bench.seen["p50 empty"][-1])
    return bench.figures(
        ("hub's CPU of an empty room's page", "cpu empty", "ms", Aim("<=", 5)),
        ("of a full room's page", "cpu full", "ms", Aim("<=", 5)),
        ("of an empty room's after each change in it", "cpu changed", "ms", None),
        ("until an empty room's page is there, p50", "p50 empty", "ms", None),
        ("until a full room's page is there, p50", "p50 full", "ms", None),
        ("full ÷ empty", "full/empty", "×", Aim("<=", 1.5)),
    )


def _opened(bench: Bench, served: Served, nr: int, times: int) -> list[float]:
    """How long each of so many openings of a room's page took, one after the other, in seconds."""
    connection = HTTPConnection("127.0.0.1", served.ports[0])
    taken = []
    for _time in range(times):
        began = time.perf_counter()
        headers = {"Cookie": f"hub_session={bench.field.tokens[nr]}"}
        connection.request("GET", f"/rooms/{bench.field.rooms[DOORS][nr]}/wall", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        taken.append(time.perf_counter() - began)
        assert answer.status == 200, body[:200]
    return taken


@contextmanager
def _on_all_cores(bench: Bench) -> Iterator[None]:
    """The engines may use all cores meanwhile."""
    hold(bench.field.engine_pids, set(CORES))
    try:
        yield
    finally:
        hold(bench.field.engine_pids, SERVER_CORES)


MEASURES: dict[str, Callable[[Bench], list[Figure]]] = {
    measure.__name__: measure for measure in (told, latency, idle, stored, commands, nodes, growth, resume, opening)
}
