"""Texts: which signs a text of a command may have, by the type of its field.

    name: str             # one line that shows something and opens no mail's header
    note: Lines = ""      # as many lines as somebody likes, without what turns others' words round
    password: AsTyped     # whatever was typed

Nothing of this is said per command: ``store.commands.Command`` holds every field to it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Annotated, Any, get_args

from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from store.errors import _
from store.texts.folding import normalized


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
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of all that comes after it, of what others wrote, too."""
ENCODED_WORD = re.compile(r"=\?[^?]*\?[bBqQ]\?")
"""How a mail's header begins a text of other letters (RFC 2047): what is written so is read as something else there."""
_SEPARATORS = re.compile(r"[\s,;]")
AROUND = " \t\r\n"
"""What is cut off around a text anyway."""
LONGEST_LINE = 1_000
LONGEST_LINES = 25_000
MOST = 200
"""No field holds a longer line, more text in lines, or more texts; what its own limit is its type says."""


_FORMLESS = ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn")
_BLANK = re.compile(
    "[\u115f\u1160\u2065\u2800\u3164\uffa0\ufff0-\ufff8\U0001d159\U00013441\U00013442\U000e0000-\U000e0fff]"
)
"""Letters and signs that are drawn as nothing.

Source: Unicode, Default_Ignorable_Code_Point of other categories; the blanks of Braille, music and hieroglyphs.
"""


def is_seen(text: str) -> bool:
    """Whether anything of a text shows: not only blanks and signs without a form."""
    return any(not (sign.isspace() or unicodedata.category(sign) in _FORMLESS) for sign in _BLANK.sub("", text))


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
        raise ValueError(_("That's too many."))
    written = [text for text in texts if isinstance(text, str)]
    if signs is Signs.LINES and sum(map(len, written)) > LONGEST_LINES:
        raise ValueError(_("This is too long."))
    for text in written:
        _must_be(signs, text)


def _must_be(signs: Signs, text: str) -> None:
    if NUL in text:  # PostgreSQL keeps none
        raise ValueError(_("This contains a character that isn't allowed."))
    if signs is Signs.ONE_LINE:
        if len(text) > LONGEST_LINE:
            raise ValueError(_("This is too long."))
        _must_be_one_line(text.strip(AROUND))
    elif signs is Signs.LINES and TURNS.search(text):
        raise ValueError(_("This contains a character that isn't allowed."))


def _must_be_one_line(text: str) -> None:
    if CONTROLS.search(text) or (text and not is_seen(text)):
        raise ValueError(_("This must be one line, without invisible characters."))
    if ENCODED_WORD.search(text):
        raise ValueError(_("This can't contain =?…?, because email programs would misread it."))


def as_kept(signs: Signs, value: Any) -> Any:
    """This is a field's value with each of its letters in one form: a name typed on a Mac is the same name. What is
    taken as typed stays so.

    Source: Unicode Standard Annex 15, normalization form C.
    """
    if signs is Signs.AS_TYPED:
        return value
    if isinstance(value, list):
        return [_in_one_form(each) for each in value]
    return _in_one_form(value)


def _in_one_form(value: Any) -> Any:
    return normalized("NFC", value) if isinstance(value, str) else value


def parts_of(texts: Iterable[str], most: int, too_many: str) -> list[str]:
    """These are what texts name, each once and in their order: blanks, commas, semicolons and ends of lines separate.

    Raises:
        ValueError: there are more than so many, whatever is named twice; it says the words given.
    """
    parts = [part for text in texts for part in _SEPARATORS.split(text) if part]
    if len(parts) > most:
        raise ValueError(too_many)
    return list(dict.fromkeys(parts))


def without_controls(text: str) -> str:
    """This is a text with blanks in place of what one line can't have."""
    return CONTROLS.sub(" ", text)
