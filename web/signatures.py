"""Signatures: a name as it stands under a deed, with who really did it in that name."""

from typing import Any

from store.errors import _
from web.moments import reader
from web.translations import translated

BY = _("%(name)s, by %(who)s")


def signed(name: str, acted_by: Any, language: str | None = None) -> str:
    """Ana Popescu, by Rodica Ene: in the reader's language. ``acted_by`` is a name, or has one, or is None."""
    who = getattr(acted_by, "name", None) or (acted_by.get("name") if isinstance(acted_by, dict) else acted_by)
    if not isinstance(who, str) or not who:
        return name
    return translated(language or reader().language, BY) % {"name": name, "who": who}
