"""Sorting: names in the order of the reader's alphabet. The browser's twin is ``web/client/models/sorting.ts``.

    by_name(people, actor.language)        # those of one name stay in the order in which they came

Blanks come before signs, signs before numbers, numbers before letters, the reader's own script before others. Romanian
has ă and â after a, î after i, ș after s, ț after t; who reads another language finds them among a, i, s and t. Room 2
comes before Room 10. Marks, then case decide only between what is else equal; apostrophes don't count before.

No database sorts so for everyone: which alphabets one knows depends on how it was built, and a list is read in many.
Source: the Unicode Collation Algorithm and CLDR's order of scripts and letters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from store.folding import LETTERS, MARKS, SIGNS, UNSEEN, normalized, with_replaced

T = TypeVar("T")

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_LATIN_OF = {"ro": "aăâbcdefghiîjklmnopqrsștțuvwxyz"}
_CYRILLIC = "абвгѓґдђеєжзѕиіїйјкќлљмнњопрстћуўфхцчџшщъыьэюя"
_CYRILLIC_FIRST = ("uk", "ru", "be", "bg", "mk", "sr")
_CEDILLA = {"ş": "ș", "ţ": "ț"}

_BLANK, _BEFORE_LETTERS, _NUMBERS, _FIRST = "\x01", {"C": "\x02", "P": "\x02", "S": "\x03"}, 0x10, 0x80
_MOST_DIGITS = 100
"""Longer numbers are told apart by their first digits."""
_DIGITS = re.compile("0*([0-9]+)")
_MARK = re.compile(f"[{MARKS}]")


class _Alphabet(dict[int, str]):
    """What each character weighs: translated so, names are in order as plain texts. It grows as characters are met."""

    def __missing__(self, code: int) -> str:
        weight = self[code] = self._weigh(chr(code))
        return weight

    def _weigh(self, character: str) -> str:
        apart = LETTERS.get(character) or unicodedata.normalize("NFD", character)
        if apart != character:
            return apart.translate(self)
        if character == "'" or _MARK.match(character):
            return ""
        if character.isspace():
            return _BLANK
        kind = unicodedata.category(character)
        if kind == "Nd":
            return str(unicodedata.decimal(character))
        return _BEFORE_LETTERS.get(kind[0], "") + character


@lru_cache(maxsize=50)
def _alphabet(language: str) -> _Alphabet:
    """Latin stands where it stands in Unicode, Cyrillic behind Greek, or before all for who reads it."""
    cyrillic = _FIRST if language in _CYRILLIC_FIRST else 0x400
    weights = _Alphabet()
    for letters, first in ((_LATIN_OF.get(language, _LATIN), 0x100), (_CYRILLIC, cyrillic)):
        weights.update({ord(letter): chr(first + place) for place, letter in enumerate(letters)})
    weights.update({ord(old): weights[ord(new)] for old, new in _CEDILLA.items() if ord(new) in weights})
    return weights


@lru_cache(maxsize=10_000)
def sort_key(name: str, language: str) -> str:
    """This is a text by which a name stands at its place in a list that is read in a language."""
    seen = name if name.isascii() else normalized("NFKC", with_replaced(UNSEEN.sub("", name), SIGNS))
    lower = seen.lower()
    weight = _DIGITS.sub(_number, lower.translate(_alphabet(language)))
    marks = lower if lower.isascii() else unicodedata.normalize("NFD", lower)
    return f"{weight}\0{marks}\0{seen.swapcase()}\0{name}"


def _number(digits: re.Match[str]) -> str:
    """A longer number is a larger one."""
    return chr(_NUMBERS + min(len(digits[1]), _MOST_DIGITS)) + digits[1]


def by_name(things: Iterable[T], language: str, name: Callable[[T], Any] = attrgetter("name")) -> list[T]:
    """These are things by their names, as who reads a language expects them."""
    return sorted(things, key=lambda thing: sort_key(name(thing), language))
