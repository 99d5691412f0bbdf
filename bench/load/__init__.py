"""The load generator, and how it is run."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.field import Layout
from bench.machine import CORES, LOAD_CORES, compiled, hold

SOURCE = Path(__file__).with_name("fanload.c")


@dataclass
class Generator:
    """fanload, compiled; see fanload.md."""

    program: Path

    def run(
        self, layout: Layout, asks: list[str], target: str, pids: list[int], *options: str, pinned: bool = True
    ) -> dict[str, Any]:
        """This is what it saw. It says so on the screen when something was lost, doubled or out of order."""
        command = [str(self.program), "--target", target, "--rooms", str(layout.rooms)]
        command += ["--members", str(layout.members), "--pids", ",".join(map(str, pids)), *asks, *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            hold([process.pid], LOAD_CORES if pinned else set(CORES))
            out, complaints = process.communicate()
        if not out:
            raise SystemExit(f"The load generator failed: {complaints}\n{' '.join(command)}")
        out = re.sub(r"-?\bnan\b", "NaN", out)  # C's names for what nobody was there for
        seen: dict[str, Any] = json.loads(re.sub(r"\binf\b", "Infinity", out))
        if not seen["conns"]:
            raise SystemExit(f"Nobody of the load got in: {complaints}\n{' '.join(command)}")
        seen["faults"] = seen["lost"] + seen["dup"] + seen["reorder"] + seen["dead"]
        return seen


def generator(folder: Path) -> Generator:
    program = compiled(SOURCE, folder, "-lz")
    if program is None:
        raise SystemExit("The load generator is a C program: it needs a C compiler and zlib's headers (zlib1g-dev).")
    return Generator(program)
