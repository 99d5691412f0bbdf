"""Texts: which signs a text of a command may have, by the type of its field.

    name: str             # one line, without anything unseen that ends a line, turns one round or opens a mail's header
    note: Lines = ""      # as many lines as somebody likes
    password: AsTyped     # whatever was typed

Nothing of this is said per command: ``store.commands.Command`` holds every field to it.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, get_args

from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from store.errors import _
from store.folding import normalized


class Signs(Enum):
    """What a field's texts may have."""

    ONE_LINE = "one_line"
    LINES = "lines"
    AS_TYPED = "as_typed"


Lines = Annotated[str, Signs.LINES]
"""A text of several lines."""
AsTyped = Annotated[str, StringConstraints(strip_whitespace=False), Signs.AS_TYPED]
"""A text that is taken sign by sign, blanks around it too: a password, or what its own field makes plain."""

NUL = "\x00"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What ends a line or isn't seen, and what turns the direction of the text after it.

Source: Unicode, categories Cc, Zl and Zp; Unicode Standard Annex 9, explicit embeddings, overrides and isolates.
"""
ENCODED_WORD = re.compile(r"=\?[^?]*\?[bBqQ]\?")
"""How a mail's header begins a text of other letters (RFC 2047): what is written so is read as something else there."""
AROUND = " \t\r\n"
"""What is cut off around a text anyway."""
LONGEST_LINE = 1_000
MOST = 200
"""No field holds a longer line, or more texts; what its own limit is its type says."""


def signs_of(field: FieldInfo) -> Signs:
    """This is what a field's texts may have: what its type says, wherever in it, else one line."""
    said = [*field.metadata, *_said(field.annotation)]
    return next((each for each in said if isinstance(each, Signs)), Signs.ONE_LINE)


def _said(kind: Any) -> Iterator[Any]:
    yield from getattr(kind, "__metadata__", ())
    for part in get_args(kind):
        yield from _said(part)


def must_have(signs: Signs, value: Any) -> None:
    """Refuse a field whose texts have what they may not.

    It looks at what a field can hold, a text or a list of them, and says nothing of anything else, which its type
    refuses. What is longer than any field's is refused before it is read, since whoever sends it has the others wait.

    Raises:
        ValueError: it says what.
    """
    texts = value if isinstance(value, list) else [value]
    if len(texts) > MOST:
        raise ValueError(_("These are too many."))
    for text in texts:
        if isinstance(text, str):
            _must_be(signs, text)


def _must_be(signs: Signs, text: str) -> None:
    if NUL in text:  # PostgreSQL keeps none
        raise ValueError(_("This contains a character that isn't allowed."))
    if signs is Signs.ONE_LINE:
        if len(text) > LONGEST_LINE:
            raise ValueError(_("This is too long."))
        _must_be_one_line(text.strip(AROUND))


def _must_be_one_line(text: str) -> None:
    if CONTROLS.search(text):
        raise ValueError(_("This has to be one line, without invisible characters."))
    if ENCODED_WORD.search(text):
        raise ValueError(_("This can't hold =?…?: mail programs take it for something else."))


def as_kept(signs: Signs, value: Any) -> Any:
    """This is a field's value with each of its letters in one form: a name typed on a Mac is the same name.

    Source: Unicode Standard Annex 15, normalization form C.
    """
    if signs is not Signs.ONE_LINE:
        return value
    if isinstance(value, list):
        return [_in_one_form(each) for each in value]
    return _in_one_form(value)


def _in_one_form(value: Any) -> Any:
    return normalized("NFC", value) if isinstance(value, str) else value


def without_controls(text: str) -> str:
    """This is a text with blanks in place of what one line can't have."""
    return CONTROLS.sub(" ", text)
