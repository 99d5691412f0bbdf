"""Announcements: what a verb says in its transaction, and folders that it doesn't know answer there.

Somebody's access ends, somebody is erased, a business changes: the verb stands where its noun lives, below; what hangs
on it lives above. Each announcement is a class; an answer is a function from the transaction and one of them. The hub
hands all answers to the database (``hub.parts``).
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, get_type_hints


class Announcement:
    """The base of each."""

    __slots__ = ()


Answer = Callable[..., Awaitable[Any]]
"""``answer(tx, announcement)``; which kind it answers is said by its second parameter's type."""


class Answers:
    """The answers to each kind of announcement, in the order in which they were handed in."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._to: defaultdict[type[Announcement], list[Answer]] = defaultdict(list)
        for answer in answers:
            self._to[_answered(answer)].append(answer)

    async def give(self, tx: Any, announcement: Announcement) -> list[Any]:
        """Answer, one after the other; these are what the answers give."""
        return [await answer(tx, announcement) for answer in self._to[type(announcement)]]


def _answered(answer: Answer) -> type[Announcement]:
    hints = get_type_hints(answer).values()
    kinds = [hint for hint in hints if isinstance(hint, type) and issubclass(hint, Announcement)]
    if len(kinds) != 1:
        raise TypeError(f"{answer} answers {len(kinds)} announcements, not one")
    return kinds[0]
