"""Finds: what a part lets one find by its words. Each part says its own; search, the contract and the browser are made
of them.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from store.announcements import Answer

Finder = Callable[..., Awaitable[list[dict[str, str]]]]
"""``find(tx, sought)``: what the asker sees with the words in it, each with its ``title``, ``detail`` and ``url``."""


@dataclass(frozen=True, slots=True)
class Find:
    """A kind of thing that search finds."""

    kind: str
    place: int
    """Where it stands among the others."""
    icon: str
    find: Finder

    @property
    def answer(self) -> Answer:
        """This is how it answers that somebody looks for words: each thing says its kind too."""

        @wraps(self.find)
        async def answer(tx: Any, sought: Any) -> list[dict[str, str]]:
            return [{"kind": self.kind, **each} for each in await self.find(tx, sought)]

        return answer


def in_order(finds: Iterable[Find]) -> tuple[Find, ...]:
    """These are all of them, as search shows them."""
    return tuple(sorted(finds, key=lambda find: find.place))
