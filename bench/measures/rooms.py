"""Coming back to a room, and opening its page."""

import asyncio
import time
from http.client import HTTPConnection
from statistics import median
from uuid import UUID

from websockets.asyncio.client import connect

from bench.field import EPOCH, Layout, fill_log, fill_room, post_in
from bench.machine import cpu_seconds
from bench.measures.bench import Bench
from bench.report import Aim, Figure
from bench.servers import Hub, Served

LONG = Layout(5, 1)
DOORS = Layout(2, 1)
UNKNOWN = Layout(60, 1)
TASKS, FILES = 2_000, 5_000
OPENED = 200
MISSED = 1000
WARM = 10


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
    """The page of an empty room, and of one with 2,000 tasks and 5,000 files, one after the other; of each with a
    message written before every time; and of empty rooms that nobody has opened before."""
    asyncio.run(fill_room(bench.field.url, bench.field.rooms[DOORS][1], TASKS, FILES))
    with Hub().serving(bench.field) as served:
        for repeat in range(bench.repeats):
            for nr, name in enumerate(("empty", "full")):
                _opened(bench, served, nr, WARM)
                before = cpu_seconds(served.pids)
                taken = _opened(bench, served, nr, OPENED)
                bench.note(f"cpu {name}", (cpu_seconds(served.pids) - before) / OPENED * 1000)
                bench.note(f"p50 {name}", median(taken) * 1000)
            bench.note("full/empty", bench.seen["p50 full"][-1] / bench.seen["p50 empty"][-1])
            for nr, name in enumerate(("empty", "full")):
                bench.note(f"cpu {name} changed", _cpu_of_changed(bench, served, nr))
            before = cpu_seconds(served.pids)
            for nr in (unknown := range(repeat, UNKNOWN.rooms, bench.repeats)):
                _open(served, bench.field.rooms[UNKNOWN][nr], bench.field.tokens[nr])
            bench.note("cpu unknown", (cpu_seconds(served.pids) - before) / len(unknown) * 1000)
    return bench.figures(
        ("hub's CPU of an empty room's page", "cpu empty", "ms", Aim("<=", 5)),
        ("of a full room's page", "cpu full", "ms", Aim("<=", 5)),
        ("of an empty room's after each message in it", "cpu empty changed", "ms", None),
        ("of a full room's after each message in it", "cpu full changed", "ms", None),
        ("of an empty room's that nobody has opened before", "cpu unknown", "ms", None),
        ("until an empty room's page is there, p50", "p50 empty", "ms", None),
        ("until a full room's page is there, p50", "p50 full", "ms", None),
        ("full ÷ empty", "full/empty", "×", Aim("<=", 1.5)),
    )


def _cpu_of_changed(bench: Bench, served: Served, nr: int) -> float:
    """What the hub's CPU does for a room's page when a message has been written since the last time, in milliseconds.

    Only the page is counted: a hub has something to do in the meantime, too.
    """
    room_id, token = bench.field.rooms[DOORS][nr], bench.field.tokens[nr]
    taken = 0.0
    for _time in range(OPENED // 4):
        asyncio.run(post_in(bench.field, room_id, token))
        before = cpu_seconds(served.pids)
        _open(served, room_id, token)
        taken += cpu_seconds(served.pids) - before
    return taken / (OPENED // 4) * 1000


def _opened(bench: Bench, served: Served, nr: int, times: int) -> list[float]:
    """How long each of so many openings of a room's page took, one after the other, in seconds."""
    return _open(served, bench.field.rooms[DOORS][nr], bench.field.tokens[nr], times)


def _open(served: Served, room_id: UUID, token: str, times: int = 1) -> list[float]:
    connection = HTTPConnection("127.0.0.1", served.ports[0])
    taken = []
    for _time in range(times):
        began = time.perf_counter()
        connection.request("GET", f"/rooms/{room_id}/wall", headers={"Cookie": f"hub_session={token}"})
        answer = connection.getresponse()
        body = answer.read()
        taken.append(time.perf_counter() - began)
        assert answer.status == 200, body[:200]
    return taken
