"""One run of the suite, to which measures note what they saw."""

from dataclasses import dataclass
from dataclasses import field as fresh
from statistics import median

from bench.field import Field, Layout
from bench.load import Generator
from bench.report import Aim, Figure
from bench.servers import Floor, Hub, Node, Peer, Served


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


def pair() -> list[Peer]:
    return [Hub(), Node()]
