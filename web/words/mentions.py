"""Mentions as a page shows them: with the names of today, and marked where they concern the reader."""

import re
from collections.abc import Container, Mapping

from markupsafe import Markup, escape

from rooms.markdown import ADDRESSED
from store.errors import _
from web.words.formatting import reader
from web.words.translations import translated

_SPOT = re.compile(r'<span data-mention="([0-9a-f-]{36})">@</span>')
THE_TEAM = _("the team")
"""Where a client reads of a department: how the firm is divided isn't theirs to know."""


def with_names(html: str, names: Mapping[str, str], own: Container[str]) -> Markup:
    """This is a message's HTML with the names of whom it mentions; ``own`` are those that mean the reader."""

    def named(found: re.Match[str]) -> str:
        mark = "mention mention-own" if found[1] in own else "mention"
        return f'<span class="{mark}" data-mention="{found[1]}">@{escape(_name(found[1], names))}</span>'

    return Markup(_SPOT.sub(named, html))  # noqa: S704 - it was made safe when it was written


def spoken(text: str, names: Mapping[str, str]) -> str:
    """This is a message as written, with names."""
    return ADDRESSED.sub(lambda found: f"@{_name(found[1], names)}", text)


def _name(id: str, names: Mapping[str, str]) -> str:
    return names.get(id) or translated(reader().language, THE_TEAM)
