"""Upkeep: what a part has done every few minutes, by whichever node comes first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from store.database import Database, Transaction
from store.files.blobs import Blobs
from store.rows import Row


@dataclass(frozen=True, slots=True)
class Household:
    """What upkeep is done on."""

    database: Database
    blobs: Blobs
    journal_kept: timedelta


Chore = Callable[[Household], Awaitable[Any]]


@dataclass(frozen=True)
class Upkeep:
    """What one part has done. Each thing may be done twice, and anew where it broke off."""

    forgets: tuple[Callable[[Transaction], Awaitable[Any]], ...] = ()
    """What is past its time, in the one transaction that all parts share."""
    chores: tuple[Chore, ...] = ()
    """What takes transactions of its own, after that."""
    once: tuple[Chore, ...] = ()
    """What is done once, by every hub that was started: the version may be another."""
    clears: tuple[Chore, ...] = ()
    """What is done after the chores, and at once when one of ``after`` was told, as bytes are deleted."""
    after: frozenset[str] = frozenset()
    """Events by which there is something to clear, or bytes that may no longer be needed."""
    described: tuple[type[Row], ...] = ()
    """Tables whose descriptions are drawn where a version before kept no HTML."""
