"""Texts: which signs a text of a command may have, by the type of its field.

    name: str             # one line, without anything unseen that ends a line, turns one round or opens a mail's header
    note: Lines = ""      # as many lines as somebody likes
    password: AsTyped     # whatever was typed

Nothing of this is said per command: ``store.commands.Command`` holds every field to it.
"""

import re
from collections.abc import Iterator, Mapping
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

    Raises:
        ValueError: it says what.
    """
    for text in _texts(value):
        if NUL in text:  # PostgreSQL keeps none
            raise ValueError(_("This holds a sign that no text has."))
        if signs is Signs.ONE_LINE:
            _must_be_one_line(text.strip(AROUND))


def _must_be_one_line(text: str) -> None:
    if CONTROLS.search(text):
        raise ValueError(_("This has to be one line, without signs that can't be seen."))
    if ENCODED_WORD.search(text):
        raise ValueError(_("This can't hold =?…?: mail programs take it for something else."))


def as_kept(signs: Signs, value: Any) -> Any:
    """This is a field's value with each of its letters in one form: a name typed on a Mac is the same name.

    Source: Unicode Standard Annex 15, normalization form C.
    """
    if signs is Signs.ONE_LINE and isinstance(value, str):
        return normalized("NFC", value)
    if signs is Signs.ONE_LINE and isinstance(value, list):
        return [as_kept(signs, each) for each in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(name)
            yield from _texts(part)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from _texts(part)


def without_controls(text: str) -> str:
    """This is a text with blanks in place of what one line can't have."""
    return CONTROLS.sub(" ", text)
