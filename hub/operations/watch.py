"""A watch over the event loop: how late it comes to what is due, for the metrics; what held it, for the logs.

Whatever holds the loop can't say so itself. So a thread looks at the pulse, and when a beat is overdue, at what runs.
"""

import sys
import threading
import time
from types import FrameType

import structlog

from hub import metrics
from store.loop.pulse import BEAT_SECONDS, pulse

HELD_SECONDS = 0.1
LOOK_SECONDS = 0.05
LINE_SECONDS = 1.0
"""No more than one line in so long: on a machine with too much to do every beat is late."""
PLACES_AT_MOST = 6

_OURS = ("hub", "web", "presence", "rooms", "commands", "staff", "clients", "processes", "people", "store")

log = structlog.stdlib.get_logger()


class Watch:
    """Watches over the loop in which it is started."""

    def __init__(self) -> None:
        self._loop_thread = 0
        self._beaten_at = 0.0
        self._cpu_seconds = 0.0
        self._written_at = 0.0
        self._seen: list[str] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_always, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch the loop that this is called on."""
        self._loop_thread = threading.get_ident()
        self._beaten_at = self._written_at = time.monotonic()
        self._cpu_seconds = time.thread_time()
        pulse().listeners.append(self._heard)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; the watching thread has ended when this returns."""
        pulse().listeners.remove(self._heard)
        self._over.set()
        self._thread.join()

    def _heard(self, lateness_seconds: float) -> None:
        metrics.loop_lateness_seconds.observe(lateness_seconds)
        now, cpu_seconds, seen = time.monotonic(), time.thread_time(), self._seen
        if lateness_seconds > HELD_SECONDS and now - self._written_at > LINE_SECONDS:
            self._written_at = now
            cpu = round(cpu_seconds - self._cpu_seconds, 3)
            log.warning("loop_held", seconds=round(lateness_seconds, 3), cpu_seconds=cpu, running=seen or [])
        self._beaten_at, self._cpu_seconds, self._seen = now, cpu_seconds, None

    def _look_always(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            if self._seen is None and time.monotonic() - self._beaten_at > BEAT_SECONDS + HELD_SECONDS:
                self._seen = places(sys._current_frames().get(self._loop_thread))


def places(frame: FrameType | None) -> list[str]:
    """These are the places in our own code that a frame came from, the innermost last, and the frame itself."""
    found: list[str] = []
    while frame is not None and len(found) < PLACES_AT_MOST:
        module = str(frame.f_globals.get("__name__", ""))
        if not found or module.partition(".")[0] in _OURS:
            found.append(f"{module}.{frame.f_code.co_qualname}:{frame.f_lineno}")
        frame = frame.f_back
    return found[::-1]
