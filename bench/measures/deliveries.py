"""What it costs to deliver, and to be connected."""

import time

from bench.field import Layout
from bench.machine import cpu_seconds
from bench.measures.bench import Bench, pair
from bench.report import Aim, Figure
from bench.servers import Hub, Peer, Plain, Served

TOLD = (Layout(1, 1000), Layout(10, 100), Layout(100, 10))
SHAPES = [(layout, 4, str(layout)) for layout in TOLD] + [(TOLD[-1], 1, f"{TOLD[-1]}, one at a time")]
CROWD = Layout(100, 50)
IDLE = Layout(40, 50)
SPREAD = Layout(20, 50)
GROWTH = (Layout(1, 10), Layout(1, 100), Layout(1, 1000), Layout(1, 5000))
HALL = Layout(2, 1)


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
        for peer in pair():
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
        for peer in pair():
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


def nodes(bench: Bench) -> list[Figure]:
    """Two nodes with every room's members on both, Redis included; and what a node pays for rooms it has nobody in."""
    for _nr in range(bench.repeats):
        for peer in pair():
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
