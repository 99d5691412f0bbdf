"""Folding and sorting: a text has one form by which it is found, and a name one place in its reader's alphabet."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from store.database import Database
from store.texts.folding import LETTER, caseless, folded
from store.texts.sorting import by_name, sort_key
from tests.costs import must_cost_at_most

CASES: dict[str, Any] = json.loads((Path(__file__).parents[2] / "shared" / "folding.json").read_text())


@pytest.mark.parametrize(("typed", "becomes"), CASES["folded"].items())
def test_the_browser_and_the_server_fold_alike(typed: str, becomes: str) -> None:
    assert folded(typed) == becomes
    assert folded(becomes) == becomes


@pytest.mark.parametrize("typed", CASES["folded"])
def test_a_text_is_folded_letter_by_letter(typed: str) -> None:
    letters = (" " if letter[0].isspace() else folded(letter[0]) for letter in LETTER.finditer(typed))
    assert " ".join("".join(letters).split()) == folded(typed)


@given(st.text())
def test_any_text_can_be_folded_and_sorted(typed: str) -> None:
    assert "\N{COMBINING ACUTE ACCENT}" not in folded(typed + "a\N{COMBINING ACUTE ACCENT}")
    for language in ("en", "ro", "uk"):
        assert sort_key(typed, language) >= sort_key("", language)


@pytest.mark.parametrize(("language", "names"), CASES["sorted"].items())
def test_names_stand_as_their_reader_expects(language: str, names: list[str]) -> None:
    assert by_name(reversed(names), language, str) == names


def test_the_whole_alphabets_are_in_order() -> None:
    alphabets = {
        "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
        "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
        "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    }
    for language, letters in alphabets.items():
        for one, next_one in pairwise(letters.split()):
            assert sort_key(f"{one}я", language) < sort_key(f"{next_one.upper()}а", language), (one, next_one)


def test_one_name_stands_in_one_place_however_it_was_typed() -> None:
    for one, other in (("Ștefan", "S\u0326tefan"), ("Йосип", "И\u0306осип"), ("Ana", "Ａｎａ"), ("Ion", "I\u00adon")):
        for language in ("en", "ro", "uk"):
            between = [other, f"{one}a", one]
            assert by_name(between, language, str)[2] == f"{one}a"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Vânzări", "VÂNZĂRI", True),
        ("Vânzări", "Va\u0302nza\u0306ri", True),
        ("Știri", "ŞTIRI", True),
        ("Кам’яниця", "КАМ'ЯНИЦЯ", True),
        ("Straße", "STRASSE", True),
        ("Sales", " sales\u200b", True),
        ("Șef", "Sef", False),
        ("Київ", "Киів", False),
    ],
)
def test_names_are_the_same_but_for_case(one: str, other: str, same: bool) -> None:
    assert (caseless(one) == caseless(other)) is same


async def test_the_database_would_not_find_what_it_was_not_set_up_for(database: Database) -> None:
    """That is why texts are folded here: in a cluster of the locale C ``ilike`` knows the letters of English alone."""
    async with database.reading() as tx:
        ilike = text("select 'КИЇВ' collate \"C\" ilike '%київ%' or 'Ștefan' ilike '%stefan%'")
        assert not await tx.scalar(ilike)


@pytest.mark.parametrize("sign", ["ș", "\ufdfa", "\u0301\u0316", "\u094d\u093c", "각", "`", "\u0301"])
def test_no_text_takes_long_to_fold(sign: str) -> None:
    """Beside words of the same length."""
    costly, words = (sign * 20_000)[:20_000], ("ședință în țară " * 2_000)[:20_000]
    assert len(folded(costly)) <= 2 * len(costly) + 20
    must_cost_at_most(12, lambda: folded(words), lambda: folded(costly))
