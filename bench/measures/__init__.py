"""What is measured. Each measure runs its servers in turn, so that what disturbs the machine disturbs all alike."""

from collections.abc import Callable

from bench.measures.bench import Bench
from bench.measures.deliveries import CROWD, HALL, IDLE, SPREAD, TOLD, growth, idle, latency, nodes, told
from bench.measures.engines import DESKS, STORED, commands, stored
from bench.measures.rooms import DOORS, LONG, UNKNOWN, opening, resume
from bench.report import Figure

LAYOUTS = [*TOLD, CROWD, IDLE, STORED, DESKS, SPREAD, HALL, LONG, DOORS, UNKNOWN]
MEASURES: dict[str, Callable[[Bench], list[Figure]]] = {
    measure.__name__: measure for measure in (told, latency, idle, stored, commands, nodes, growth, resume, opening)
}
