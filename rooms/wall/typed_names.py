"""Typed names: where a message names somebody behind an @, kept as who it is.

Only functions from plain data to plain data, as in ``rooms.markdown``. Its parser alone knows what is code or a link:
each typed name goes through it as a mark, an identifier that is nobody's, and names somebody where the parser took it.
"""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, count, islice, zip_longest

from rooms.markdown import draw, identifiers_in
from store.texts.folding import LETTER, caseless, folded

TYPED = re.compile(r"(?<![\w@])@(?![\s@\[])")
"""Where a name may have been typed."""
MOST_ADDRESSED, MOST_TRIED = 200, 2_000
"""So many typed names are looked for in a message, at so many places; identifiers in it have no bound."""


def address(text: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> tuple[str, str]:
    """This is a message with identifiers where somebody's name was typed behind an @, and its HTML.

    ``names`` are identifiers by folded name, ``known`` names by identifier. What stands in code, in a link or behind a
    backslash names nobody and stays as it was typed. The HTML is drawn of what is kept: nothing is put into what was
    made safe.
    """
    marked = _marked(text, names, known)
    told = marked.told(identifiers_in(marked.text)) if marked.names else text
    return told, draw(told)


@dataclass(frozen=True)
class Name:
    """What was typed, and whom it names."""

    typed: str
    id: str


@dataclass(frozen=True)
class Marked:
    """A text with a mark at each typed name; ``words`` are what stands before, between and behind the names."""

    words: Sequence[str]
    names: Sequence[Name]

    @property
    def text(self) -> str:
        return self._with([f"@[{mark}]" for mark in self._marks()])

    def told(self, taken: Container[str]) -> str:
        """This is the text with whom it names, where the mark was taken for somebody, and else as it was typed."""
        marks = zip(self._marks(), self.names, strict=True)
        return self._with([f"@[{name.id}]" if mark in taken else name.typed for mark, name in marks])

    def _marks(self) -> list[str]:
        """Identifiers that nobody wrote: in all of the text none begins so."""
        begins = (f"{number:08x}-0000-0000-0000-" for number in count())
        free = next(begin for begin in begins if not any(begin in words for words in self.words))
        return [f"{free}{place:012x}" for place in range(len(self.names))]

    def _with(self, names: Sequence[str]) -> str:
        return "".join(chain.from_iterable(zip_longest(self.words, names, fillvalue="")))


def _marked(text: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> Marked:
    words: list[str] = []
    end = 0
    found = []
    for at, name in islice(_typed_in(text, names, known), MOST_ADDRESSED):
        words.append(text[end:at])
        found.append(name)
        end = at + len(name.typed)
    return Marked([*words, text[end:]], found)


def _typed_in(text: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> Iterator[tuple[int, Name]]:
    """The names in a text, one behind another, with where each stands."""
    lengths = sorted({len(name) for name in names}, reverse=True)
    if not lengths:
        return
    end = 0
    for found in islice(TYPED.finditer(text), MOST_TRIED):
        if found.start() >= end and (name := _named_at(text, found.start(), names, known, lengths)) is not None:
            yield found.start(), name
            end = found.start() + len(name.typed)


def _named_at(
    text: str, at: int, names: Mapping[str, Sequence[str]], known: Mapping[str, str], lengths: Sequence[int]
) -> Name | None:
    """The longest name of those that stand behind an @ as a whole."""
    letters, ends = "", {0: at + 1}
    for letter in LETTER.finditer(text, at + 1):
        if len(letters) >= lengths[0]:
            break
        letters += _one_blank(letters) if letter[0].isspace() else _folded(letter[0])
        ends[len(letters)] = letter.end()
    for length in lengths:
        end = ends.get(length)
        if end is not None and (ids := names.get(letters[:length])) and not _WORD.match(text, end):
            return Name(text[at:end], _meant(ids, text[at + 1 : end], known))
    return None


def _one_blank(letters: str) -> str:
    return "" if letters.endswith(" ") else " "


def _meant(ids: Sequence[str], typed: str, known: Mapping[str, str]) -> str:
    """Of those whom a name finds it is who is written alike; else who was there first."""
    for form in (partial(unicodedata.normalize, "NFC"), caseless) if len(ids) > 1 else ():
        for id in ids:
            if form(known[id]) == form(typed):
                return id
    return ids[0]


_folded = lru_cache(4096)(folded)
_WORD = re.compile(r"\w")
