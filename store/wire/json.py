"""JSON that others wrote: read at a cost that its length bounds."""

from typing import Any

import orjson

MOST_PARTS = 50_000
"""So many lists and objects: each costs as much to make, and to look after, as a thousand letters."""


def read_json(text: bytes | str) -> Any:
    """This is what a text of JSON says.

    Raises:
        ValueError: it isn't JSON, or is of more parts than anything that is asked for. Brackets within texts count too.
    """
    openings = (b"[", b"{") if isinstance(text, bytes) else ("[", "{")
    if sum(map(text.count, openings)) > MOST_PARTS:  # type: ignore[arg-type]
        raise ValueError("There are too many lists and objects")
    return orjson.loads(text)
