"""Time zones to choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

from store.errors import _
from store.texts.sorting import by_name
from web.words.formatting import locale_of, reader

NOT_PLACES = ("Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right")


def zones() -> list[tuple[str, list[str]]]:
    """These are the time zones that are named after a city, by continent, with UTC before them; the cities by their
    names in the reader's language."""
    return _zones_in(reader().language)


@lru_cache(maxsize=20)
def _zones_in(language: str) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for zone in by_name(sorted(available_timezones()), language, lambda zone: _city_in(language, zone)):
        continent, city = zone.partition("/")[::2]
        if city and continent not in NOT_PLACES:
            found.setdefault(continent, []).append(zone)
    return [("UTC", ["UTC"]), *sorted(found.items())]


CONTINENTS = (
    _("Africa"),
    _("America"),
    _("Antarctica"),
    _("Arctic"),
    _("Asia"),
    _("Atlantic"),
    _("Australia"),
    _("Europe"),
    _("Indian"),
    _("Pacific"),
)
RENAMED = {"Europe/Kyiv": "Europe/Kiev", "Asia/Kolkata": "Asia/Calcutta", "Asia/Yangon": "Asia/Rangoon"}
OTHERWISE = RENAMED | {old: new for new, old in RENAMED.items()}
"""The other name of a zone of the same city. Which of both CLDR knows, differs by its version."""


def city(zone: str) -> str:
    """This is a zone's city in the reader's language: Bucharest, București, Бухарест."""
    return _city_in(reader().language, zone)


@lru_cache(maxsize=4096)
def _city_in(language: str, zone: str) -> str:
    known = locale_of(language).time_zones
    named = (known.get(name, {}).get("city") for name in (zone, OTHERWISE.get(zone, zone)))
    return str(next(filter(None, named), None) or zone.split("/", 1)[-1].replace("_", " "))
