"""Tabs: where in a room one finds what a part brings. Each part says its own; the page, the browser and what happened
last are made of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a room's page."""

    name: str
    """The last piece of its address."""
    place: int
    """Where it stands among the others."""
    needs: tuple[str, ...] = ()
    """The parts that it shows whole, beside those that stand at every tab."""
    icon: str = ""
    """What stands for it at the bottom of a phone, where it has a place of its own."""

    @property
    def shares_place(self) -> bool:
        """Whether it has no place of its own on a phone."""
        return not self.icon


@dataclass(frozen=True, slots=True)
class Tabs:
    """The tabs of a room's page."""

    all: tuple[Tab, ...]
    """In their order."""
    at_every: tuple[str, ...]
    """The parts that stand whole at each of them."""
    by_part: Mapping[str, str]
    """The tab at which what a part brings is looked at, where it is one."""

    def needs(self, name: str) -> frozenset[str] | None:
        """These are the parts that a tab's page has whole; None where there is no such tab."""
        found = next((tab for tab in self.all if tab.name == name), None)
        return None if found is None else frozenset((*self.at_every, *found.needs))
