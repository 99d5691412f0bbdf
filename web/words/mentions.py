"""Mentions as a page says them: with the names of today."""

from collections.abc import Mapping

from rooms.markdown import ADDRESSED
from store.errors import _
from web.words.formatting import reader
from web.words.translations import translated

THE_TEAM = _("the team")
"""Where a client reads of a department: how the firm is divided isn't theirs to know."""


def spoken(text: str, names: Mapping[str, str]) -> str:
    """This is a message as written, with names."""
    return ADDRESSED.sub(lambda found: f"@{_name(found[1], names)}", text)


def _name(id: str, names: Mapping[str, str]) -> str:
    return names.get(id) or translated(reader().language, THE_TEAM)
