"""web/words/glossary.md: one term for each idea, and the English texts use no other."""

import re
from functools import cache

import pytest
from babel.messages.pofile import read_po

from tests.documents.texts import ROOT

ROWS = [
    [cell.strip() for cell in row.split("|")]
    for row in re.findall(r"^\| (.+) \|$", (ROOT / "web/words/glossary.md").read_text(), re.MULTILINE)
]
IDEAS = [row for row in ROWS[1:] if row]
NEVER = [term for *_others, never in IDEAS for term in never.split(", ")]


@cache
def texts() -> list[str]:
    """All that is shown, in English."""
    with (ROOT / "web/words/translations/ro.po").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    return [text for id in ids for text in ([id] if isinstance(id, str) else id)]


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
    assert len(texts()) > 1500
    assert [text for text in texts() if uses(text, term)] == []


def uses(text: str, term: str) -> bool:
    words = re.sub(r"%\(\w+\)s|\{\w+\}", "", text)  # what stands in a blank is a name of ours
    return re.search(rf"(?<![\w-]){re.escape(term)}(?![\w-])", words, re.IGNORECASE) is not None


def test_another_term_is_seen_in_a_text() -> None:
    assert uses("A Letter goes to them.", "letter")
    assert uses("Take out of the room", "take out")
    assert not uses("The one-letter keys", "letter")
    assert not uses("%(used)s of %(quota)s", "quota")
