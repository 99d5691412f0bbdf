"""Where a hub serves, noted in its data folder for the commands that are run beside it."""

import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

FILE = "hub.address"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what is listened on isn't where one goes


def note_serving(folder: Path, url: str) -> None:
    """Note where a hub serves."""
    with suppress(OSError):  # a hub without a data folder needs none
        (folder / FILE).write_text(f"{url}\n")


def note_end(folder: Path, url: str) -> None:
    """Take back the note, unless it is another hub's by now."""
    with suppress(OSError):
        if (folder / FILE).read_text().strip() == url:
            (folder / FILE).unlink()


def served_at(folder: Path) -> str:
    """This is where the hub of a data folder serves, as seen from this machine; empty when none answers there."""
    try:
        parts = urlsplit((folder / FILE).read_text().strip())
        host, port = parts.hostname or "", parts.port or 0
        host = EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
        with socket.create_connection((host.strip("[]"), port), timeout=2):
            return f"{parts.scheme}://{host}:{port}"
    except (OSError, ValueError):
        return ""
