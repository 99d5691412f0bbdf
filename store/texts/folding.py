"""Folding: the form in which texts are found, whoever typed them and on whatever keyboard.

Both what is looked for and what is looked through are folded, here and alike in ``web/client/models/folding.ts``;
``tests/shared/folding.json`` holds the two equal.

``ștefan`` and ``stefan`` find Ștefan: of a letter with a mark the letter stays. But й, ї and ў are letters of their own
to those who write them and stand on their keyboards: ``киів`` doesn't find Київ. Ґ is found by г, which many type for
it, and ё by е.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Soft hyphens, joiners, directions, variants: what is written but not seen."""
UNSEEN = re.compile(f"[{_UNSEEN}]")
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
"""Accents and the like. The marks of other scripts, such as the vowels of Hindi and Thai, are letters."""
_MARKS = re.compile(f"[{MARKS}]+")
_KEPT = {unicodedata.normalize("NFD", letter): letter for letter in "йїўѓќ"}
"""Letters with a mark that are letters of their own."""
SIGNS = {
    **dict.fromkeys("’‘‛ʼʻʹˈ′`´ꞌ", "'"),
    **dict.fromkeys("„“”‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ı": "i", "ς": "σ", "ґ": "г",
}  # fmt: skip
LETTER = re.compile(f".[{MARKS}{_UNSEEN}\u3099\u309a\u1160-\u11ff]*", re.DOTALL)
"""A letter with what is typed on top of it. What a text is folded to is what its letters are, but for blanks."""
COMMA = {"ş": "ș", "ţ": "ț"}
"""Letters of old keyboards, and what Romanian is written with."""


MOST_MARKS = 8
_MARKS_TOO_MANY = re.compile(rb"[^\x00]{%d,}" % (MOST_MARKS + 1))
MOST_GROWN = 2
"""A folded text is cut at so many times its length: there are signs that stand for a whole sentence."""


def folded(text: str) -> str:
    """This is a text as it is looked for: without case, marks or what isn't seen, with one kind of each sign."""
    if text.isascii():
        return _blanks(text.lower().replace("`", "'"))
    most = MOST_GROWN * len(text) + 20
    seen = normalized("NFKC", with_replaced(UNSEEN.sub("", text), SIGNS))[:most]
    apart = unicodedata.normalize("NFD", with_replaced(seen.lower(), SIGNS | LETTERS))
    return _blanks(unicodedata.normalize("NFC", _MARKS.sub("", with_replaced(apart, _KEPT))))[:most]


def caseless(name: str) -> str:
    """This is a name for telling whether another is the same: two that differ only in case, in the kind of apostrophe
    or in what isn't seen are; Sef and Șef aren't."""
    seen = normalized("NFKC", with_replaced(UNSEEN.sub("", name), SIGNS))
    return _blanks(unicodedata.normalize("NFC", with_replaced(seen.casefold(), SIGNS | COMMA)))


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """This is a text in a normalization form, with no more marks on a letter than any language has.

    To put a letter's marks in order takes their number squared: ten thousand on one would hold up everyone.
    """
    if text.isascii():
        return text
    # Some marks are two in a normalization form: what they become is cut too, so that it is the same when done again.
    return _with_few_marks(unicodedata.normalize(form, _with_few_marks(text)))


def _with_few_marks(text: str) -> str:
    classes = bytes(map(unicodedata.combining, text))  # a byte for each sign; what combines with nothing is of class 0
    kept, at = [], 0
    for run in _MARKS_TOO_MANY.finditer(classes):
        kept.append(text[at : run.start() + MOST_MARKS])
        at = run.end()
    return "".join((*kept, text[at:]))


def with_replaced(text: str, replaced: Mapping[str, str]) -> str:
    """This is a text with some characters replaced. It takes a fifth of what ``translate`` does."""
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def _blanks(text: str) -> str:
    return " ".join(text.split())
