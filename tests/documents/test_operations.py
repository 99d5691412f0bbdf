"""docs/operations.md and what else is made for operators: each setting is named as it is, with its default."""

import re
from pathlib import Path

import pytest

from hub.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
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
