"""Sorting: names in the order of the reader's alphabet. The browser's twin is ``web/client/models/sorting.ts``.

    by_name(people, actor.language)        # those of one name stay in the order in which they came

Blanks come before signs, signs before numbers, numbers before letters, the reader's own script before others. Romanian
has ă and â after a, î after i, ș after s, ț after t, Ukrainian ґ after г, ї after і; who reads another language finds
them among a, i, s, t, г and і. Room 2 comes before Room 10. Marks, then case decide only between what is else equal,
and apostrophes last.

No database sorts so for everyone: which alphabets one knows depends on how it was built, and a list is read in many.
Source: the Unicode Collation Algorithm and CLDR's order of scripts and letters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from store.texts.folding import COMMA, LETTERS, MARKS, SIGNS, UNSEEN, normalized, with_replaced

T = TypeVar("T")

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_LATIN_OF = {"ro": "aăâbcdefghiîjklmnopqrsștțuvwxyz"}
_CYRILLIC = "абвгдђеєжзѕиійјклљмнњопрстћуфхцчџшщъыьэюя"
_CYRILLIC_OF = {
    "uk": "абвгґдђеєжзѕиіїйјклљмнњопрстћуфхцчџшщъыьэюя",
    "be": "абвгдђеёєжзѕиійјклљмнњопрстћуўфхцчџшщъыьэюя",
    "mk": "абвгдђѓеєжзѕиійјклљмнњопрстћќуфхцчџшщъыьэюя",
}
_CYRILLIC_FIRST = ("uk", "ru", "be", "bg", "mk", "sr")
_IN_ORDER = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304\u0335"
"""Marks as names have them; others come behind."""
_STROKE = {"ø": "\u0338"}
"""What is on a letter that isn't made of another and a mark; on others it is a bar."""

_BLANK, _BEFORE_LETTERS, _NUMBERS, _FIRST = "\x01", {"C": "\x02", "P": "\x02", "S": "\x03"}, 0x10, 0x80
_MOST_DIGITS = 100
"""Longer numbers are told apart by their first digits."""
_DIGITS = re.compile("[0-9]+")
_MARK = re.compile(f"[{MARKS}]")


class _Weights(dict[int, str]):
    """What each character weighs: translated so, names are in order as plain texts. It grows as characters are met."""

    def __missing__(self, code: int) -> str:
        weight = self[code] = self.weigh(chr(code))
        return weight

    def weigh(self, character: str) -> str:
        raise NotImplementedError


class _Alphabet(_Weights):
    """By letters alone."""

    def weigh(self, character: str) -> str:
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


class _Marks(_Weights):
    """By what is on the letters alone."""

    def weigh(self, character: str) -> str:
        if _MARK.match(character):
            return chr(2 + _IN_ORDER.index(character)) if character in _IN_ORDER else character
        if base := LETTERS.get(character):
            return "\x01" * len(base) + self[ord(_STROKE.get(character, "\u0335"))]
        return "" if _is_weightless(character) else "\x01"


class _Case(_Weights):
    """By small letters before capitals."""

    def weigh(self, character: str) -> str:
        if _MARK.match(character) or _is_weightless(character):
            return ""
        return "\x02" if character.isupper() else "\x01"


def _is_weightless(character: str) -> bool:
    """Whether no mark or case is looked for: at an apostrophe, or a digit, whose number counts as a whole."""
    return character == "'" or character.isdecimal()


_MARKS, _CASE = _Marks(), _Case()


@lru_cache(maxsize=50)
def _alphabet(language: str) -> _Alphabet:
    """Latin stands where it stands in Unicode, Cyrillic behind Greek, or before all for who reads it."""
    cyrillic = _FIRST if language in _CYRILLIC_FIRST else 0x400
    weights = _Alphabet()
    for letters, first in ((_LATIN_OF.get(language, _LATIN), 0x100), (_CYRILLIC_OF.get(language, _CYRILLIC), cyrillic)):
        weights.update({ord(letter): chr(first + place) for place, letter in enumerate(letters)})
    return weights


@lru_cache(maxsize=100_000)  # lists are read in sequence: in a smaller one each name would be forgotten by its turn
def sort_key(name: str, language: str) -> str:
    """This is a text by which a name stands at its place in a list that is read in a language."""
    seen = name if name.isascii() else normalized("NFKC", with_replaced(UNSEEN.sub("", name), SIGNS))
    lower = with_replaced(seen.lower(), COMMA) if language == "ro" else seen.lower()
    weight = _DIGITS.sub(_number, lower.translate(_alphabet(language)))
    marks = "" if lower.isascii() else unicodedata.normalize("NFD", lower).translate(_MARKS)
    return f"{weight}\0{marks}\0{seen.translate(_CASE)}\0{seen}\0{name}"


def _number(digits: re.Match[str]) -> str:
    """A longer number is a larger one."""
    number = digits[0].lstrip("0") or "0"
    return chr(_NUMBERS + min(len(number), _MOST_DIGITS)) + number


def by_name(things: Iterable[T], language: str, name: Callable[[T], Any] = attrgetter("name")) -> list[T]:
    """These are things by their names, as who reads a language expects them."""
    return sorted(things, key=lambda thing: sort_key(name(thing), language))
