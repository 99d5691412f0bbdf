"""What one person sends costs the others nothing: no text that a field takes holds the loop longer than plain words do.

In processor time of the loop's thread, beside an ordinary text of the same length: sandboxes and PostgreSQL work
elsewhere, and a busy machine changes neither.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from hub.contract.classes import COMMANDS
from people.signing.passwords.passwords import check_password
from rooms.markdown import draw
from rooms.rendered_texts import SHORT, is_quick
from store.errors import Refusal
from store.texts.texts import LONGEST_LINES
from tests.costs import Ordinary, cost, cost_awaited
from tests.people.cases import CASES as OF_PEOPLE
from tests.people.installations import open_installed
from tests.people.offices import Office
from tests.rooms.cases import CASES as IN_ROOMS
from tests.rooms.cases import Case, person
from tests.rooms.scenes import Scene
from tests.rooms.shapes import LONGEST, costly_shapes
from tests.stages import staged
from web.words.excerpts import plain


def _ordinary(length: int) -> str:
    return ("atât de multe **de spus** @altora și despre `asta` " * (length // 48 + 1))[:length]


LONG = 1_000
"""A field that takes fewer letters is tried with few shapes: patterns' costs are judged by themselves."""
DRAWN = 20_000
"""Fields that take so much are drawn, short texts at once and others elsewhere."""
UNBOUNDED = 100_000
"""Of a field that doesn't say how much it takes, such as the code of a language."""
FEW = [repr(sign) for sign in ("[", "<!---->", "https://", "a@", "a@b.c ", "\u202e", "\ufdfa", "a\u0301", "\n")]
SEPARATORS = [",", ", ", " ", "\n", ";"]
"""What may part a text into many; ``store.texts.texts.parts_of`` takes any."""
SHORT_ONES: dict[str, Callable[[int], str]] = {
    "networks": lambda number: f"{number:x}::",
    "domains": lambda number: f"\u00e4{number:x}.de",
    "words": lambda number: f"{number:x}",
}
TIMES = 30
"""What costs more than it should costs hundreds of times as much; what is only looked at longer, a dozen times."""
USUAL_SECONDS = cost(lambda: draw(_ordinary(SHORT)))
"""What it takes to draw an ordinary text."""
DRAWN_AT_ONCE = Ordinary(lambda: draw(_ordinary(SHORT)))


@dataclass(frozen=True)
class Field:
    """A field that takes a text of so many letters; or so many such texts."""

    name: str
    most: int
    texts: int | None = None

    @property
    def lengths(self) -> set[int]:
        return {SHORT, self.most} if self.most >= DRAWN else {self.most}

    def taking(self, text: str) -> dict[str, Any]:
        return {self.name: text if self.texts is None else [text] * self.texts}

    def shapes(self, length: int) -> list[tuple[str, str]]:
        found = costly_shapes(length)
        return found if LONG <= self.most != UNBOUNDED else [shape for shape in found if shape[0] in FEW]


def fields_of(name: str) -> list[Field]:
    """These are a command's fields that take texts."""
    schema = COMMANDS[name].command.model_json_schema()
    found: list[Field] = []
    for field, said in schema["properties"].items():
        for way in said.get("anyOf", [said]):
            if is_free(way):
                found.append(Field(field, most_of(way)))
            elif way.get("type") == "array" and is_free(way["items"]):
                found.append(Field(field, min(most_of(way["items"]), UNBOUNDED // way["maxItems"]), way["maxItems"]))
    return found


def is_free(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "string" and "enum" not in schema and schema.get("format") in (None, "email")


def most_of(schema: dict[str, Any]) -> int:
    return int(schema.get("maxLength", UNBOUNDED))


IN_ROOMS_WITH_TEXTS = list({case.name: case for case in IN_ROOMS if fields_of(case.name)}.values())


installed = staged(open_installed)


@pytest.mark.parametrize("case", IN_ROOMS_WITH_TEXTS, ids=lambda case: case.name)
async def test_no_text_holds_the_loop(scene: Scene, case: Case) -> None:
    await case.before(scene)
    await _costs_no_more(scene.agency.run, person(scene, case.by), case.name, case.fields(scene))


async def test_no_text_about_people_holds_the_loop(installed: Office) -> None:
    office = installed
    for case in {case.name: case for case in OF_PEOPLE}.values():
        await _costs_no_more(office.agency.run, office.person(case.by), case.name, case.fields(office))


async def _costs_no_more(run: Any, asker: Any, name: str, given: dict[str, Any]) -> None:
    for field in fields_of(name):
        for length in field.lengths:
            await _takes(partial(_run, run, asker, name, given), name, field, length)
        if field.texts is not None:
            await _costs_no_more_in_parts(partial(_run, run, asker, name, given), name, field)


async def _costs_no_more_in_parts(run: Callable[[dict[str, Any]], Awaitable[None]], name: str, field: Field) -> None:
    """A text of a list that names as many as it can hold costs little more than one that names one."""
    for separator in SEPARATORS:
        for what, short in SHORT_ONES.items():
            named = _joined(short, separator, min(field.most * (field.texts or 1), LONGEST_LINES))
            usual = await cost_awaited(partial(run, {field.name: [short(0)]}))
            most = TIMES * max(usual, USUAL_SECONDS)
            taken = await cost_awaited(partial(run, {field.name: [named]}), enough=most)
            assert taken <= most, f"{name} {field.name} {what} {separator!r}: {TIMES * taken / most:.0f} times"


def _joined(short: Callable[[int], str], separator: str, length: int) -> str:
    """As many short ones as a text of some length can name; the last is whole."""
    return separator.join(short(number) for number in range(length))[:length].rpartition(separator)[0]


async def _takes(run: Callable[[dict[str, Any]], Awaitable[None]], name: str, field: Field, length: int) -> None:
    most = TIMES * max(await cost_awaited(partial(run, field.taking(_ordinary(length)))), USUAL_SECONDS)
    for shape, text in field.shapes(length):
        taken = await cost_awaited(partial(run, field.taking(text)), enough=most)
        assert taken <= most, f"{name} {field.name} {shape}: {TIMES * taken / most:.0f} times"


async def _run(run: Any, asker: Any, name: str, given: dict[str, Any], fields: dict[str, Any]) -> None:
    with suppress(Refusal):
        await run(asker, name, **given | fields)


@pytest.mark.parametrize(("name", "text"), costly_shapes(SHORT))
def test_what_is_drawn_at_once_costs_no_more_than_words(name: str, text: str) -> None:
    """The longest beginning of a text that is drawn where it is."""
    length = max(length for length in range(len(text) + 1) if is_quick(text[:length]))
    DRAWN_AT_ONCE.must_bear(TIMES, lambda: draw(text[:length]), name)


@pytest.mark.parametrize("password", [("@4{3(<[69|!1$50+7%2aA" * 4)[:72], "a" * 200, "4@" * 100, "1234567890!@$" * 15])
async def test_no_password_holds_the_loop(password: str) -> None:
    most = TIMES * max(await cost_awaited(lambda: _check("three plain words")), USUAL_SECONDS)
    assert await cost_awaited(lambda: _check(password), enough=most) <= most


async def _check(password: str) -> None:
    with suppress(Refusal):
        await check_password(password)


LINES_LONG = Ordinary(lambda: _lines_of(_ordinary(LONGEST)))


@pytest.mark.parametrize(("name", "text"), costly_shapes())
def test_a_line_of_what_happened_costs_no_more(name: str, text: str) -> None:
    LINES_LONG.must_bear(TIMES, lambda: _lines_of(text), name)


def _lines_of(text: str) -> list[str]:
    return [plain(text) for _turn in range(20)]
