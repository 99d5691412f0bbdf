"""Pseudonyms of the erased, in the reader's language: kept are a word and a number
(``people.persons.departures.pseudonym``).

They come wherever a name does, so they are put into words at one place: where a template's texts go out.
"""

import re
from typing import Any

from markupsafe import Markup

from store.errors import _
from web.words.formatting import reader
from web.words.translations import translated

_KEPT = re.compile(r"\bFormer (client|colleague) ([0-9A-F]{4})\b")
SAID = {"client": _("Former client {number}"), "colleague": _("Former colleague {number}")}


def in_words(shown: Any) -> Any:
    """This is what a template shows, with pseudonyms in the reader's language."""
    if not isinstance(shown, str) or "Former c" not in shown:
        return shown
    language = reader().language
    said = _KEPT.sub(lambda kept: translated(language, SAID[kept[1]]).replace("{number}", kept[2]), shown)
    return Markup(said) if isinstance(shown, Markup) else said  # noqa: S704 - it was safe before
