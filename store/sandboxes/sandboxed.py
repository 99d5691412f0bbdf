"""Inside a sandbox: one process of a lane, which does one piece of work after the other until its input ends.

It begins with nothing of the hub's: no settings, no connections, no secrets in its environment. What it is asked it
trusts; what it gives back is read as plain data (``store.sandboxes.sandboxes.plain``), since strangers send what it
works on.
"""

import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

LENGTH_BYTES = 8
DONE, COSTLY, FAILED = b"d", b"c", b"f"


def main(nice: int, memory_bytes: int, *modules: str) -> None:
    """Serves: reads pieces of work, writes what they give. ``modules`` are loaded before the first."""
    os.nice(nice)
    _close_inherited()
    for module in modules:
        import_module(module)
    if sys.platform == "linux":  # elsewhere the limit holds nobody back, or the interpreter itself
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with open(os.dup(1), "wb", buffering=0) as out:  # noqa: PTH123 - a descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # what a library prints is no answer
        os.close(nowhere)
        while (asked := read_frame(sys.stdin.buffer)) is not None:
            out.write(_answer(asked))


def _close_inherited() -> None:
    """Let go of what the hub leaves open: not every loop closes it for its children."""
    for descriptor in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        if descriptor > sys.stderr.fileno():
            with suppress(OSError):  # what has looked is closed already
                os.close(descriptor)


def read_frame(source: IO[bytes]) -> bytes | None:
    """This is what the next frame holds, or None where the source has ended."""
    length = source.read(LENGTH_BYTES)
    return source.read(int.from_bytes(length)) if len(length) == LENGTH_BYTES else None


def frame(content: bytes) -> bytes:
    """This is content as it goes through a pipe: its length, and then itself."""
    return len(content).to_bytes(LENGTH_BYTES) + content


def _answer(asked: bytes) -> bytes:
    module, name, arguments, cpu_seconds = pickle.loads(asked)  # noqa: S301 - the hub's own
    # Its default is to end the process, whatever code is running; it counts what this process works, not how long
    # a busy machine lets it wait.
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return frame(DONE + pickle.dumps(_work(module, name)(*arguments)))
    except MemoryError:
        return frame(COSTLY)
    except Exception as error:  # noqa: BLE001 - told where it was asked for
        return frame(FAILED + repr(error).encode(errors="replace"))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _work(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
