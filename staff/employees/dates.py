"""Dates on a card: which can be, each by itself and beside the others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from store.errors import Invalid, _

YOUNGEST = 13
"""So old is whoever works, in years. Source: ILO Convention 138, article 7: light work from 13 on."""
OLDEST = 120
BACK, AHEAD = 80, 60
"""So many years ago may work have begun, and so many years ahead may it end."""


@dataclass(frozen=True, slots=True)
class Dates:
    """When somebody was born, and from when until when they are employed, both days counted."""

    birth_date: date | None = None
    employed_from: date | None = None
    employed_until: date | None = None


def must_be_possible(dates: Dates, given: Collection[str], today: date) -> None:
    """Refuse dates that can't be, each on its field; only those that are given are looked at.

    Raises:
        Invalid: one is too far away, or isn't in the order of a life.
    """
    found = {name: _fault(name, dates, today) for name in ("birth_date", "employed_from", "employed_until")}
    faults = {name: fault for name, fault in found.items() if fault and name in given}
    if faults:
        raise Invalid(fields=faults)


def _fault(name: str, dates: Dates, today: date) -> str | None:
    rules = _rules_of_birth(dates, today) if name == "birth_date" else _rules_of_work(name, dates, today)
    return next((text for broken, text in rules if broken), None)


def _rules_of_birth(dates: Dates, today: date) -> list[tuple[bool, str]]:
    born, employed = dates.birth_date, dates.employed_from or dates.employed_until
    if born is None:
        return []
    return [
        (born > today, _("This day is in the future.")),
        (born.year < today.year - OLDEST, _("This is too far away.")),
        (_grown(born) > today, _("This would make them younger than 13.")),
        (bool(employed and employed < _grown(born)), _("This would make them younger than 13 when they started.")),
    ]


def _rules_of_work(name: str, dates: Dates, today: date) -> list[tuple[bool, str]]:
    born, first, last = dates.birth_date, dates.employed_from, dates.employed_until
    day: date | None = getattr(dates, name)
    if day is None:
        return []
    return [
        (not today.year - BACK <= day.year <= today.year + AHEAD, _("This is too far away.")),
        (bool(born and day < _grown(born)), _("This is before they turned 13.")),
        (bool(name == "employed_from" and last and last < day), _("This is after the last day.")),
        (bool(name == "employed_until" and first and day < first), _("This is before the first day.")),
    ]


def _grown(born: date) -> date:
    """This is when somebody is old enough to work; who was born on 29 February is so on 1 March."""
    year = born.year + YOUNGEST
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
