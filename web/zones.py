"""Time zones to choose from."""

from functools import cache
from zoneinfo import available_timezones

NOT_PLACES = ("Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right")


@cache
def zones() -> list[tuple[str, list[str]]]:
    """These are the time zones that are named after a city, by continent, with UTC before them."""
    found: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        continent, _, city = zone.partition("/")
        if city and continent not in NOT_PLACES:
            found.setdefault(continent, []).append(zone)
    return [("UTC", ["UTC"]), *found.items()]
