"""What the documents for operators name is there, under that name."""

import ast
import re
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.patience import browser_at

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
RELIABILITY = ROOT / "docs" / "reliability.md"
VARIABLES = {f"HUB_{name.upper()}" for name in Settings.model_fields}
NO_SETTINGS = {"HUB_LIMIT_"}  # a family of them


@pytest.mark.parametrize(
    "name", ["docs/operations.md", "Dockerfile", "docker-compose.yml", "deploy/Caddyfile", "README.md"]
)
def test_every_variable_that_is_named_is_a_setting(name: str) -> None:
    named = set(re.findall(r"HUB_[A-Z_]+", (ROOT / name).read_text()))
    assert not named - VARIABLES - NO_SETTINGS


def test_every_setting_is_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(HUB_[A-Z_]+)` \| `?([^`|]*?)`? \|", OPERATIONS.read_text(), re.MULTILINE))
    assert rows == {f"HUB_{name.upper()}": shown(field.default) for name, field in Settings.model_fields.items()}


def shown(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default is None else str(default)


async def test_what_is_to_be_watched_is_what_the_hub_counts(hub: str) -> None:
    async with browser_at(hub) as client:
        counted = (await client.get("/metrics")).text
    there = set(re.findall(r"^# TYPE (atrium_\w+) ", counted, re.MULTILINE))
    named = set(re.findall(r"`(atrium_\w+)`", OPERATIONS.read_text()))
    assert named == {name for name in there if not name.endswith("_created")}


def test_every_promise_s_test_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", RELIABILITY.read_text())
    assert named
    for file, test in named:
        tree = ast.parse((ROOT / file).read_text())
        tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert not test or test in tests, f"{file} has no {test}"
