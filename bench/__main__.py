"""Measures the hub side by side with what somebody would pick instead: `python -m bench [--only told,idle] [--quick]`.

All servers run in turn in one run, on the same machine, the server on one core and the load on another. What a server
takes is the kernel's count. Compare ratios of one run, not numbers of two.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bench.field import field
from bench.load import generator
from bench.machine import CORES, describe
from bench.measures import LAYOUTS, MEASURES
from bench.measures.bench import Bench
from bench.report import Section, as_json, show, write
from bench.servers import PEERS, floor
from hatch_build import install_packages

console = Console(stderr=True)


def main(options: argparse.Namespace) -> None:
    chosen = options.only.split(",") if options.only else list(MEASURES)
    if unknown := set(chosen) - set(MEASURES):
        raise SystemExit(f"There is no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}.")
    install_packages(PEERS)
    if len(CORES) < 2:
        console.print("This machine has one core: server and load share it, and figures say little.", style="red")
    machine = describe()
    settings = {"repeats": options.repeats, "seconds": options.seconds, "log_events": options.log_events}
    sections: list[Section] = []
    faults = 0
    with tempfile.TemporaryDirectory(prefix="atrium-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the engines' user comes through
        load, bare = generator(folder), floor(folder)
        console.print("Making people and rooms")
        with field(folder, LAYOUTS) as where:
            for measure in chosen:
                began = time.monotonic()
                bench = Bench(where, load, bare, options.repeats, options.seconds, options.log_events)
                figures = MEASURES[measure](bench)
                sections.append(Section(measure, (MEASURES[measure].__doc__ or "").strip(), figures))
                faults += bench.faults
                if options.write:
                    write(sections[-1:], machine, settings)
                console.print(f"{measure}: {time.monotonic() - began:.0f} s")
    show(sections)
    if faults:
        console.print(f"{faults} deliveries were lost, doubled or out of order, or connections died.", style="red")
    if options.json:
        options.json.write_text(as_json(sections, machine, settings))
    sys.exit(1 if faults else 0)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", help=f"some of {', '.join(MEASURES)}")
    parser.add_argument("--quick", action="store_true", help="one short run of each, for a look; writes no documents")
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--log-events", type=int, help="how long the long log is")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave docs/performance.md as it is")
    chosen = parser.parse_args()
    chosen.repeats = chosen.repeats or (1 if chosen.quick else 3)
    chosen.seconds = chosen.seconds or (1.5 if chosen.quick else 5)
    chosen.log_events = chosen.log_events or (50_000 if chosen.quick else 10_000_000)
    chosen.write = chosen.write and not chosen.quick
    return chosen


if __name__ == "__main__":
    main(options())
