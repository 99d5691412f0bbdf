"""web/words/glossary.md: one term for each idea, and the texts use no other, in English and in each translation."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from tests.documents.texts import ROOT

BLANKS = re.compile(r"%\(\w+\)s|\{\w+\}")  # what stands in a blank is a name of ours
LANGUAGES = {"Romanian": "ro", "Ukrainian": "uk"}
ENGLISH, *REST = (ROOT / "web/words/glossary.md").read_text().split("\n## ")
SECTIONS = {section.partition("\n")[0]: section for section in REST}


def rows(section: str) -> list[list[str]]:
    found = re.findall(r"^\| (.+) \|$", section, re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in found]


ROWS = rows(ENGLISH)
IDEAS = ROWS[1:]
NEVER = [term for *_others, never in IDEAS for term in never.split(", ")]


class Term(NamedTuple):
    """What a translation says where the English says a term: words that begin so, and never the others."""

    language: str
    english: str
    begins: str
    never: str


TERMS = [Term(name, *row) for name in LANGUAGES for row in rows(SECTIONS[name])[1:]]
OTHER_TERMS = [(term.language, never) for term in TERMS for never in term.never.split(", ") if never != "-"]


@cache
def texts(language: str) -> list[tuple[str, str]]:
    """All that is shown, in English and translated: each with all its plural forms."""
    with (ROOT / f"web/words/translations/{LANGUAGES[language]}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return [(BLANKS.sub("", said(message.id)), BLANKS.sub("", said(message.string))) for message in messages]


def said(text: str | list[str] | tuple[str, ...] | None) -> str:
    return text if isinstance(text, str) else " / ".join(text or ())


def test_each_idea_has_a_term_in_every_language() -> None:
    assert ROWS[0] == ["idea", "English", "Romanian", "Ukrainian", "never"]
    assert len(IDEAS) > 40
    assert [row for row in IDEAS if len(row) != 5 or not all(row)] == []


def test_no_term_stands_for_two_ideas() -> None:
    terms = [term for row in IDEAS for term in row[1].split(", ")]
    assert sorted(terms) == sorted(set(terms))
    assert set(terms) & set(NEVER) == set()


@pytest.mark.parametrize("term", NEVER)
def test_no_text_uses_another_term(term: str) -> None:
    assert len(texts("Romanian")) > 1500
    assert [english for english, _translated in texts("Romanian") if uses(english, term)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_terms_of_the_glossary(language: str) -> None:
    held = [term for term in TERMS if term.language == language]
    assert len(held) > 20
    assert [term.english for term in held if not begins(" ".join(own_terms(term)), term.begins)] == []


def own_terms(term: Term) -> Iterator[str]:
    """These are the language's terms in the row of the idea that the English term stands for."""
    column = ROWS[0].index(term.language)
    yield from (row[column] for row in IDEAS if term.english in row[1].split(", "))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.language}-{term.english}")
def test_a_translation_says_a_term_as_the_glossary_does(term: Term) -> None:
    said_in = [pair for pair in texts(term.language) if re.search(inflected(term.english), pair[0], re.IGNORECASE)]
    assert len(said_in) > 0
    assert [pair for pair in said_in if not begins(pair[1], term.begins)] == []


@pytest.mark.parametrize(("language", "never"), OTHER_TERMS)
def test_no_translation_uses_another_term(language: str, never: str) -> None:
    assert [translated for _english, translated in texts(language) if begins(translated, never)] == []


def uses(text: str, term: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(term)}(?![\w-])", text, re.IGNORECASE) is not None


def inflected(term: str) -> str:
    """Finds an English term with its usual endings: *rooms*, *companies*, *removed*."""
    if re.search("[^aeiou]y$", term):
        forms = re.escape(term[:-1]) + "(?:y|ies|ied)"
    elif term.endswith("e"):
        forms = re.escape(term) + "[sd]?"
    else:
        forms = re.escape(term) + "(?:s|es|ed)?"
    return rf"(?<![\w-]){forms}(?![\w-])"


def begins(text: str, words: str) -> bool:
    """Tells whether one of the words, divided by commas, is in a text: whole, or its beginning if it ends in a dash."""
    any_of = "|".join(
        re.escape(word.removesuffix("-")) + ("" if word.endswith("-") else r"(?![\w-])") for word in words.split(", ")
    )
    return re.search(rf"(?<![\w-])(?:{any_of})", text, re.IGNORECASE) is not None


def test_another_term_is_seen_in_a_text() -> None:
    assert uses("A Letter goes to them.", "letter")
    assert uses("Take out of the room", "take out")
    assert not uses("The one-letter keys", "letter")


def test_a_term_is_seen_with_its_endings() -> None:
    assert re.search(inflected("company"), "its companies")
    assert re.search(inflected("holiday"), "two holidays")
    assert re.search(inflected("remove"), "It was removed.")
    assert re.search(inflected("lock"), "two locked accounts")
    assert not re.search(inflected("lock"), "unlock")
    assert begins("Camerele mele", "camer-")
    assert begins("în echipă", "team, echip-")
    assert not begins("antecameră", "camer-")
    assert not begins("poștale", "poștă, poșta")
