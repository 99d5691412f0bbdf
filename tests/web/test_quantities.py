"""Quantities: a number with its noun, where the number may be a half."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from people.mail import MailKind
from people.mail.delivery import Drawing
from people.mail.letters import SentJustNow
from staff.leave.leave_news import LEAVE_DECIDED
from staff.leave.leaves import LEAVE_ASKED, TooFewDays
from store.errors import Quantity, TooMany
from web.draw import environment
from web.letters import draw_letter
from web.refusals import translate
from web.words.formatting import Reader, reading_as
from web.words.quantities import said
from web.words.translations import counted, reword, translated

TABLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "shared" / "quantities.json").read_text())
"""What the browser says too: web/client/tests/words.test.ts reads it."""
ONE, MANY = "%(count)s working day", "%(count)s working days"
AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(params=sorted(TABLE))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """A language of the table, whose words are as the table gives them; some are none that Atrium brings."""
    code: str = request.param
    words = {ONE: tuple(TABLE[code]["forms"])}
    if TABLE[code]["of_fractions"]:
        words[MANY] = (TABLE[code]["of_fractions"],)
    reword({code: words})
    yield code
    reword({})


def test_a_noun_takes_the_form_that_its_number_asks_for(language: str) -> None:
    for count, text in TABLE[language]["said"].items():
        assert said(language, Quantity(ONE, MANY, Decimal(count))) == text, count
        assert said(language, Quantity(ONE, MANY, float(count))) == text, count


def test_what_isn_t_translated_is_said_in_english() -> None:
    assert said("ja", Quantity(ONE, MANY, 20.5)) == "20.5 working days"
    assert counted("pl", ONE, MANY, Decimal(1)) == ONE


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "20.5 working days"), ("ro", "20,5 zile lucrătoare"), ("uk", "20,5 робочого дня")],
)
def test_pages_say_halves(language: str, text: str) -> None:
    template = environment().from_string('{{ quantity("%(count)s working day", "%(count)s working days", days) }}')
    with reading_as(Reader(language, UTC, AT)):
        assert template.render(days=Decimal("20.50")) == template.render(days=20.5) == template.render(days="20.5")
        assert template.render(days=20.5) == text


@pytest.mark.parametrize(("language", "text"), [("ro", "22 de zile lucrătoare"), ("uk", "22 робочі дні")])
def test_pages_say_whole_numbers(language: str, text: str) -> None:
    with reading_as(Reader(language, UTC, AT)):
        assert str(environment().from_string(f'{{{{ quantity("{ONE}", "{MANY}", 22) }}}}').render()) == text


def test_what_is_filled_in_can_t_break_a_page() -> None:
    template = environment().from_string('{{ quantity("%(count)s by %(who)s", "%(count)s by %(who)s", 1, who=who) }}')
    assert template.render(who="<b>") == "1 by &lt;b&gt;"
    assert template.render(who=Markup("<b>")) == "1 by <b>"


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "This takes 1 day. Left in 2026: 0.5."),
        ("ro", "Durează 1 zi. Rămase în 2026: 0,5."),
        ("uk", "Потрібно 1 день. Залишок на 2026 рік: 0,5."),
    ],
)
def test_a_refusal_says_its_numbers_as_the_asker_writes_them(language: str, message: str) -> None:
    refusal = TooFewDays(wanted=Quantity("%(count)s day", "%(count)s days", 1), left=Decimal("0.5"), year="2026")
    assert translate(language, refusal)["message"] == message
    assert str(refusal) == "This takes 1 day. Left in 2026: 0.5."


@pytest.mark.parametrize(
    ("language", "seconds", "soon"),
    [
        ("en", 1, "in 1 second"),
        ("en", 25, "in 25 seconds"),
        ("ro", 1, "peste 1 secundă"),
        ("ro", 19, "peste 19 secunde"),
        ("ro", 25, "peste 25 de secunde"),
        ("uk", 21, "через 21 секунду"),
        ("uk", 22, "через 22 секунди"),
        ("uk", 25, "через 25 секунд"),
    ],
)
def test_a_wait_is_said_with_its_noun(language: str, seconds: int, soon: str) -> None:
    refusal = SentJustNow(seconds)
    assert refusal.retry_after_seconds == seconds
    assert translate(language, refusal)["message"].endswith(f" {soon}.")


@pytest.mark.parametrize(
    ("language", "seconds", "again"),
    [
        ("en", 0.2, ""),
        ("en", 40, "Try again in 40 seconds."),
        ("en", 61, "Try again in 2 minutes."),
        ("en", 900, "Try again in 15 minutes."),
        ("en", 86_400, "Try again in 24 hours."),
        ("ro", 60, "Încercați din nou peste 1 minut."),
        ("ro", 900, "Încercați din nou peste 15 minute."),
        ("ro", 1800, "Încercați din nou peste 30 de minute."),
        ("ro", 7200, "Încercați din nou peste 2 ore."),
        ("uk", 60, "Спробуйте знову через 1 хвилину."),
        ("uk", 180, "Спробуйте знову через 3 хвилини."),
        ("uk", 900, "Спробуйте знову через 15 хвилин."),
        ("uk", 10_800, "Спробуйте знову через 3 години."),
    ],
)
def test_whoever_did_too_much_is_told_when_to_come_again(language: str, seconds: float, again: str) -> None:
    said = translate(language, TooMany(retry_after_seconds=seconds))["message"]
    assert said.removeprefix(translated(language, TooMany.message)).strip() == again


@pytest.mark.parametrize(("language", "number"), [("en", "20.5"), ("ro", "20,5"), ("uk", "20,5")])
@pytest.mark.parametrize("kind", [LEAVE_ASKED, LEAVE_DECIDED], ids=lambda kind: kind.name)
def test_a_letter_about_leave_writes_halves_as_its_reader_does(kind: MailKind, language: str, number: str) -> None:
    params = {"kind": "Annual leave", "first": "2026-11-02", "last": "2026-11-30", "days": "20.5", "note": ""}
    params |= {"who": "Ana", "by": "Maria", "decision": "approved", "url": "/leave"}
    letter = draw_letter(
        Drawing(
            kind=kind, language=language, time_zone="UTC", to_name="Ana", business="Agency", site="https://a.example",
            product="Atrium", link="", params=params, now=AT,
        )
    )  # fmt: skip
    assert f": {number}\n" in letter.text
    assert f">{number}<" in letter.html.replace(" ", "").replace("\n", "")
