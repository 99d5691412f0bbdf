"""Folders that hold what others on the machine mustn't read."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder, and each above it that is missing, for its owner alone.

    One that is there keeps its permissions: others may be meant to come in.
    """
    if not folder.exists():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def is_open(folder: Path) -> bool:
    """Whether other accounts can look into a folder that is there."""
    return folder.exists() and bool(folder.stat().st_mode & 0o077)
