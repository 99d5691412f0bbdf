"""Settings come from HUB_ variables; flags of the command line win over them."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from hub.main import cli, read_settings
from hub.settings import Settings


def test_variables_set_what_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LIMITS", "off")
    monkeypatch.setenv("HUB_LIMIT_COMMANDS_BURST", "7")
    settings = Settings()
    assert not settings.limits
    assert settings.limit_commands_burst == 7


def test_a_flag_wins_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", "1000")
    assert read_settings(port=2000, data_dir=None).port == 2000
    assert read_settings(port=None).port == 1000


def test_a_plain_database_url_gets_the_driver() -> None:
    assert Settings(database_url="postgresql://ana@db/atrium").database_url == "postgresql+asyncpg://ana@db/atrium"


def test_engines_are_embedded_unless_both_are_named() -> None:
    assert Settings(database_url="postgresql://ana@db/atrium").embeds_engines
    assert not Settings(database_url="postgresql://ana@db/atrium", redis_url="redis://bus").embeds_engines


def test_cookies_are_secure_behind_https() -> None:
    assert Settings(public_url="https://atrium.example/").is_secure
    assert not Settings(public_url="http://127.0.0.1:8000").is_secure
    with pytest.raises(ValidationError, match="http"):
        Settings(public_url="atrium.example")


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", "many")
    result = CliRunner().invoke(cli, ["serve"])
    assert result.exit_code == 1
    assert "HUB_PORT: Input should be a valid integer" in result.stderr


def test_the_demo_listens_on_this_machine_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["demo", "--host", "0.0.0.0", "--data-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "this machine alone" in result.stderr
    assert not list(tmp_path.iterdir())
