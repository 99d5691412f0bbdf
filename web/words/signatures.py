"""Signatures: a name as it stands under a deed, with who really did it in that name."""

from collections.abc import Mapping
from typing import Any

from store.errors import _
from web.words.formatting import reader
from web.words.translations import translated

NOBODY = "–"
"""Stands for a name that the reader doesn't see."""
BY = _("%(name)s (by %(who)s)")


def signed(name: str, acted_by: Any, language: str | None = None) -> str:
    """Ana Popescu (by Rodica Ene): in the reader's language. ``acted_by`` is a name, or has one, or is None."""
    who = getattr(acted_by, "name", None) or (acted_by.get("name") if isinstance(acted_by, dict) else acted_by)
    if not isinstance(who, str) or not who:
        return name
    return translated(language or reader().language, BY) % {"name": name, "who": who}


def bearer(event: Mapping[str, Any]) -> str | None:
    """This is under whose name a deed stands: of whom it was done for, else of who did it."""
    found: str | None = event.get("on_behalf_of") or event["actor_id"]
    return found


def doer(event: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """This is who did what an event tells, as its sentence says it. ``names`` are those that the reader sees; the event
    itself names its actor alone, never the one in whose name it was done."""
    if bearer := event.get("on_behalf_of"):
        return signed(names.get(bearer, NOBODY), event.get("actor_name"))
    return names.get(event["actor_id"]) or event.get("actor_name") or NOBODY
