"""The hook before a commit: set up where nothing stands in its way, and judging what is staged alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = 'quick:\n\t@grep -q "it fits" thing.txt\n'


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commits(folder: Path) -> bool:
    done = subprocess.run(["git", "commit", "-m", "A change"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0


def set_up(folder: Path, **variables: str) -> str:
    """Do what `make hooks` does; what it says is given back."""
    done = subprocess.run(
        ["sh", ".ci/hooks"], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def hooks_of(folder: Path) -> str:
    done = subprocess.run(["git", "config", "core.hooksPath"], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def only_our_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither a settings file of whoever runs the tests nor the repository that they are in has a say."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "CI"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "gitconfig").write_text("[user]\nname = Ana\nemail = ana@atrium.example\n")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The sources without a history, with a check of their own that a text has to pass."""
    folder = tmp_path / "sources"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    shutil.copytree(ROOT / ".githooks", folder / ".githooks")
    (folder / "Makefile").write_text(MAKEFILE)
    (folder / ".gitignore").write_text(".venv/\n.staged/\n")
    (folder / "thing.txt").write_text("it fits\n")
    make_ready(folder)
    return folder


def make_ready(folder: Path) -> None:
    (folder / ".venv").mkdir()
    (folder / ".venv/tools").touch()


@pytest.fixture
def checkout(archive: Path) -> Path:
    git(archive, "init", "-q", "-b", "main")
    git(archive, "add", "-A")
    git(archive, "commit", "-q", "-m", "The first")
    return archive


def test_what_is_staged_is_judged_and_not_what_lies_beside_it(checkout: Path) -> None:
    assert "before each commit" in set_up(checkout)
    (checkout / "thing.txt").write_text("it doesn't\n")
    git(checkout, "add", "-A")
    (checkout / "thing.txt").write_text("it fits, but isn't staged\n")
    assert not commits(checkout)
    git(checkout, "add", "-A")
    (checkout / "thing.txt").write_text("a draft\n")
    assert commits(checkout)
    git(checkout, "rm", "-q", "--cached", "thing.txt")
    assert not commits(checkout)
    assert git(checkout, "status", "--porcelain", "--ignored", ".staged") == "!! .staged/"


def test_a_worktree_has_the_hook_too(checkout: Path, tmp_path: Path) -> None:
    set_up(checkout)
    git(checkout, "worktree", "add", "-q", str(tmp_path / "tree"))
    (tmp_path / "tree/thing.txt").write_text("it doesn't\n")
    git(tmp_path / "tree", "add", "-A")
    assert commits(tmp_path / "tree")  # there are no tools yet, which is said and keeps nobody
    (tmp_path / "tree/thing.txt").write_text("still not\n")
    git(tmp_path / "tree", "add", "-A")
    make_ready(tmp_path / "tree")
    assert not commits(tmp_path / "tree")


def test_setting_up_twice_says_nothing_more(checkout: Path) -> None:
    assert set_up(checkout)
    assert hooks_of(checkout) == ".githooks"
    assert set_up(checkout) == ""


@pytest.mark.parametrize("where", ["--local", "--global"])
def test_hooks_that_somebody_has_set_stay(checkout: Path, where: str) -> None:
    git(checkout, "config", where, "core.hooksPath", "theirs")
    assert "stay off" in set_up(checkout)
    assert hooks_of(checkout) == "theirs"


def test_hooks_that_somebody_has_written_stay(checkout: Path) -> None:
    hooks = checkout / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-push").write_text("#!/bin/sh\n")
    assert "stay off" in set_up(checkout)
    assert hooks_of(checkout) == ""


def test_nothing_is_set_on_a_machine_that_only_tests(checkout: Path) -> None:
    assert set_up(checkout, CI="true") == ""
    assert hooks_of(checkout) == ""


def test_sources_without_a_history_have_no_hooks(archive: Path) -> None:
    assert set_up(archive) == ""


def test_another_project_that_holds_the_sources_keeps_its_own(archive: Path) -> None:
    git(archive.parent, "init", "-q")
    assert set_up(archive) == ""
    assert hooks_of(archive.parent) == ""


def test_the_quick_checks_are_those_that_each_commit_passes() -> None:
    plan = subprocess.run(["make", "--dry-run", "quick"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for check in (
        "ruff format --check",
        "ruff check",
        "lint-imports",
        "hub.contract --check",
        "web.words.translations --check",
    ):
        assert check in plan
    assert "locks.install" not in plan  # a hook sets nothing up
