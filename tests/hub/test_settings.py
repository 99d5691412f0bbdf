"""Settings come from HUB_ variables; flags of the command line win over them."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from hub.main import cli, read_settings
from hub.settings import Settings
from people.installation.settings import ChangeInstallation


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


def test_a_secret_may_be_a_file_that_a_vault_lays_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("hub.settings.SECRETS", tmp_path)
    (tmp_path / "hub_cipher_key").write_text("of the vault\n")
    (tmp_path / "hub_database_url").write_text("postgresql://ana:secret@db/atrium")
    (tmp_path / "hub_secret").write_text("of the file")
    monkeypatch.setenv("HUB_SECRET", "of the environment")
    settings = Settings(redis_url="redis://bus")
    assert settings.encryption_key == b"of the vault"
    assert settings.database_url
    assert ":secret@db" in settings.database_url
    assert settings.secret
    assert settings.secret.get_secret_value() == "of the environment"


def test_engines_are_embedded_unless_both_are_named() -> None:
    assert Settings(database_url="postgresql://ana@db/atrium").embeds_engines
    assert not Settings(database_url="postgresql://ana@db/atrium", redis_url="redis://bus").embeds_engines


def test_cookies_are_secure_behind_https() -> None:
    assert Settings(public_url="https://atrium.example/").is_secure
    assert not Settings(public_url="http://127.0.0.1:8000").is_secure
    with pytest.raises(ValidationError, match="http"):
        Settings(public_url="atrium.example")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://atrium.example/hub", "under a path"),
        ("https://atrium.example/?a=b", "end with the host name"),
        ("https://atrium.example#top", "end with the host name"),
        ("https://ana:secret@atrium.example", "user name or password"),
        ("ftp://atrium.example", "https:// or http://"),
        ("https://", "needs a host name"),
        ("https://atrium.example:port", "needs a host name"),
        ("https://atrium.example:0", "needs a host name"),
        ("https://atrium.example:", "needs a host name"),
        ("https://atrium.example:/", "needs a host name"),
        ("https://atrium..example", "needs a host name"),
        ("https://.example", "needs a host name"),
        ("https://-", "needs a host name"),
        ("http://.", "needs a host name"),
        ("https://[::1", "needs a host name"),
        ("https://[::1]x", "needs a host name"),
        ("https://[:::1]", "needs a host name"),
        ("https://[fe80::1%25eth0]", "needs a host name"),
    ],
)
def test_an_address_that_a_hub_can_t_have_is_refused_at_the_start(url: str, said: str) -> None:
    with pytest.raises(ValidationError):
        ChangeInstallation(address=url)
    result = CliRunner().invoke(cli, ["serve"], env={"HUB_PUBLIC_URL": url})
    assert result.exit_code == 1
    assert result.stderr.startswith("HUB_PUBLIC_URL: The address")
    assert said in result.stderr
    assert "secret" not in result.stderr


def test_a_slash_at_the_end_of_an_address_is_left_out() -> None:
    assert Settings(public_url="https://atrium.example/").site == "https://atrium.example"
    assert ChangeInstallation(address="https://atrium.example:8443/").address == "https://atrium.example:8443"
    assert ChangeInstallation(address="").address == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTPS://Atrium.example", "https://atrium.example"),
        ("https://ATRIUM.example:443/", "https://atrium.example"),
        ("Http://atrium_hub:080", "http://atrium_hub"),
        ("http://atrium.example:443", "http://atrium.example:443"),
        ("https://șantier.example.", "https://șantier.example."),
        ("http://10.0.0.7:8000", "http://10.0.0.7:8000"),
        ("http://[0:0::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(typed: str, kept: str) -> None:
    assert Settings(public_url=typed).public_url == ChangeInstallation(address=typed).address == kept
    assert Settings(public_url=typed).is_secure == kept.startswith("https:")


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
