"""docs/security-requirements.md: each requirement of OWASP ASVS 5.0, levels 1 and 2, with what holds it."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from hub.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security-requirements.md").read_text()
GAPS = (ROOT / "docs" / "security.md").read_text()
ASKED = [tuple(line.split()) for line in Path(__file__).with_name("requirements.txt").read_text().splitlines()]
"""The numbers and levels of the standard's requirements of levels 1 and 2."""
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]*) \|(.*)\|$", TEXT, re.MULTILINE)
OPEN = re.compile(r"\*\*(Not met yet|In part)[:.]")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
VARIABLES = {f"HUB_{name.upper()}" for name in Settings.model_fields}
FAMILIES = {"HUB_LIMIT_"}


def test_every_requirement_is_there_once_in_its_order_with_its_level() -> None:
    assert len(ASKED) == 253
    assert [(number, level) for number, level, *_ in ROWS] == ASKED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_says_what_it_is_and_what_holds_it(row: tuple[str, str, str, str]) -> None:
    _number, _level, about, held_by = row
    assert len(about.strip()) > 3
    reason = LINK.sub("", NAMED.sub("", held_by)).strip(" ,.`")
    assert NAMED.search(held_by) or LINK.search(held_by) or len(reason.split()) > 3


def test_what_is_not_met_is_listed() -> None:
    listed = re.findall(r"^\* (\d+\.\d+\.\d+) \((not met|in part)\)", GAPS, re.MULTILINE)
    found = [(number, OPEN.search(held_by)) for number, _level, _about, held_by in ROWS]
    assert listed == [
        (number, "not met" if state[1] == "Not met yet" else "in part") for number, state in found if state
    ]


def test_every_test_that_is_named_is_there_and_runs() -> None:
    named = NAMED.findall(TEXT)
    assert len(named) > 250
    assert {f"{file}::{test}" for file, test in named if test not in named_in(file)} == set()


@cache
def named_in(file: str) -> set[str]:
    """The tests of a file that run: one for some systems alone does."""
    if not (ROOT / file).exists():
        return set()
    tree = ast.parse((ROOT / file).read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {each.name for each in functions if not any(map(skips, each.decorator_list))}


def skips(mark: ast.expr) -> bool:
    return re.search(r"mark\.skip\b", ast.unparse(mark)) is not None


def test_every_setting_that_is_named_is_one() -> None:
    named = set(re.findall(r"HUB_[A-Z_]+", TEXT))
    assert len(named) > 10
    assert named - VARIABLES - FAMILIES == set()


def test_nothing_is_copied_from_the_standard() -> None:
    """Its texts are under another licence than ours: here are a few words of our own."""
    assert not any(words.startswith("Verify that") for _number, _level, words, _held_by in ROWS)
    assert all(len(words) < 80 for _number, _level, words, _held_by in ROWS)
    assert all(before < after for before, after in pairwise(tuple(map(int, row[0].split("."))) for row in ROWS))
