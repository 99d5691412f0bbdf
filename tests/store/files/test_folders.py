"""Folders that the hub makes are its own account's alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.files.blobs import Blobs
from store.files.folders import is_open, make_private


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_each_folder_that_is_missing_is_made_private(tmp_path: Path) -> None:
    make_private(tmp_path / "data" / "more" / "blobs")
    for folder in (tmp_path / "data", tmp_path / "data" / "more", tmp_path / "data" / "more" / "blobs"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    make_private(data / "blobs")
    make_private(data)
    assert is_open(data)
    assert not is_open(data / "blobs")


def test_a_store_of_blobs_opens_no_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Blobs.at(str(tmp_path / "data" / "blobs"))
    assert not is_open(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    Blobs.at("other/blobs")
    assert not is_open(tmp_path / "other")
