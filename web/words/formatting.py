"""Dates, times, durations, numbers and sizes in the reader's words and time zone.

The reader is known from ``reading_as``, which the drawing of a page sets for its span, so that a filter works the same
in a page and in a macro.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, dates, numbers, units
from markupsafe import Markup

from store.errors import _
from store.streams import instant
from web.words.translations import translated

Moment = datetime | date | str
GREETINGS = (
    (4, _("Hello, %(name)s")),
    (12, _("Good morning, %(name)s")),
    (18, _("Good afternoon, %(name)s")),
    (24, _("Good evening, %(name)s")),
)
"""What is said until which hour."""
NEAR = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something is drawn."""

    language: str
    zone: tzinfo
    now: datetime

    @property
    def locale(self) -> Locale:
        return locale_of(self.language)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


NOBODY = Reader("en", UTC, datetime.min.replace(tzinfo=UTC))
_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


@contextmanager
def reading_as(reader: Reader) -> Iterator[None]:
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


def reader() -> Reader:
    """This is for whom something is being drawn now."""
    return _reader.get() or NOBODY


def zone_named(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def short_date(at: Moment) -> str:
    """21 Nov 2026"""
    return _formatted(at, "d MMM y")


def long_day(at: Moment) -> str:
    """Saturday, 21 November"""
    return _capital(_formatted(at, "EEEE, d MMMM"))


def weekday(at: Moment) -> str:
    """Sat"""
    return _formatted(at, "ccc")


def month(at: Moment) -> str:
    """November 2026"""
    return _capital(_formatted(at, "LLLL y"))


def time_of_day(at: Moment) -> str:
    """09:12"""
    return f"{_local(at):%H:%M}"


def exact(at: Moment) -> str:
    """21 Nov 2026, 09:12"""
    return f"{short_date(at)}, {time_of_day(at)}"


def due(on: Moment) -> str:
    """Today, tomorrow, yesterday, else the date; the year only when it is another."""
    day = _local(on).date()
    days = (day - reader().today).days
    if near := NEAR.get(days):
        return translated(reader().language, near)
    return _formatted(on, "d MMM" if day.year == reader().today.year else "d MMM y")


def overdue(on: Moment) -> bool:
    return _local(on).date() < reader().today


def relative(at: Moment) -> Markup:
    """``<relative-time>``: 3 minutes ago, with the exact moment on hover; the browser keeps it up to date."""
    return Markup('<relative-time at="{}" title="{}">{}</relative-time>').format(iso(at), exact(at), relative_words(at))


def relative_words(at: Moment) -> str:
    passed = _local(at) - reader().now
    return dates.format_timedelta(
        passed if abs(passed) >= timedelta(seconds=1) else timedelta(seconds=-1),
        add_direction=True,
        locale=reader().locale,
    )


def iso(at: Moment) -> str:
    if isinstance(at, datetime):
        return instant(at.astimezone(UTC))
    return at if isinstance(at, str) else at.isoformat()


def clock(seconds: float) -> str:
    """0:42:10"""
    whole = max(0, int(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def hours(seconds: float) -> str:
    """31:20"""
    minutes = max(0, int(seconds)) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def since(at: Moment) -> float:
    """Seconds from a moment to now."""
    return (reader().now - _local(at)).total_seconds()


def number(value: float | Decimal | str) -> str:
    """12.5, or 12,5"""
    return number_in(reader().language, value)


def number_in(language: str, value: float | Decimal | str) -> str:
    """This is a number in a language, to two decimals."""
    return numbers.format_decimal(value, "#,##0.##", locale=locale_of(language))


def size(bytes: float) -> str:
    """84 kB"""
    return size_in(reader().language, bytes)


def size_in(language: str, bytes: float) -> str:
    """This is a size in a language: 84 kB"""
    if bytes < 1000:
        return translated(language, _("{count} B")).format(count=int(bytes))
    for unit in ("kilobyte", "megabyte", "gigabyte"):
        bytes /= 1000
        if bytes < 999.5 or unit == "gigabyte":
            digits = "#,##0.#" if bytes < 10 else "#,##0"
            return units.format_unit(bytes, f"digital-{unit}", "short", digits, locale_of(language))
    raise AssertionError


def greeting(name: str) -> str:
    """Good morning, Ana"""
    hour = reader().now.astimezone(reader().zone).hour
    words = next(words for until, words in GREETINGS if hour < until)
    return translated(reader().language, words) % {"name": first_name(name)}


def first_name(name: str) -> str:
    return (name.split() or [name])[0]


def _local(at: Moment) -> datetime:
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if len(at) > len("2026-11-21") else date.fromisoformat(at)
    if isinstance(at, datetime):
        return at.astimezone(reader().zone)
    return datetime(at.year, at.month, at.day, tzinfo=reader().zone)


def _formatted(at: Moment, pattern: str) -> str:
    return _date_in(reader().language, _local(at).date(), pattern)


@lru_cache(maxsize=4096)
def _date_in(language: str, day: date, pattern: str) -> str:
    """A date in words. A wall has the same few hundreds of times."""
    return dates.format_date(day, pattern, locale=locale_of(language))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


FILTERS = {
    "date": short_date,
    "day": long_day,
    "month": month,
    "weekday": weekday,
    "time": time_of_day,
    "moment": exact,
    "due": due,
    "overdue": overdue,
    "relative": relative,
    "iso": iso,
    "clock": clock,
    "hours": hours,
    "since": since,
    "number": number,
    "size": size,
    "first_name": first_name,
}
