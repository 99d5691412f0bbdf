"""Timesheets: a room's entries by day, as the browser draws them too (``web/client/models/timesheet.ts``)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rooms.hours import Part, parts_by_day
from web.moments import in_minutes, reader


@dataclass(frozen=True, slots=True)
class Line:
    """What of an entry lies in a day."""

    entry: dict[str, Any]
    part: Part
    running: bool
    seconds: int = 0
    """Whole minutes, with what was carried over."""

    @property
    def place(self) -> tuple[date, bool, datetime, str]:
        """The order in which minutes are carried over: what runs comes last in its day, so that the rest stays."""
        return self.part.day, self.running, self.part.begin, self.entry["id"]


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day of a timesheet, its latest line first."""

    day: date
    lines: list[Line]

    @property
    def seconds(self) -> int:
        return sum(line.seconds for line in self.lines)


def timesheet(entries: Iterable[dict[str, Any]]) -> list[SheetDay]:
    """These are entries by the reader's days, the latest first."""
    lines = sorted((line for entry in entries for line in _lines(entry)), key=lambda line: line.place)
    shown = in_minutes(line.part.seconds for line in lines)
    found: dict[date, list[Line]] = {}
    for line, seconds in zip(lines, shown, strict=True):
        found.setdefault(line.part.day, []).append(Line(line.entry, line.part, line.running, seconds))
    return [SheetDay(day, sorted(found[day], key=_begin, reverse=True)) for day in sorted(found, reverse=True)]


def _lines(entry: dict[str, Any]) -> Iterator[Line]:
    stopped = entry["stopped_at"]
    begin = datetime.fromisoformat(entry["started_at"])
    end = datetime.fromisoformat(stopped) if stopped else max(begin, reader().now)
    parts = list(parts_by_day(begin, end, reader().zone))
    return (Line(entry, part, stopped is None and part is parts[-1]) for part in parts)


def _begin(line: Line) -> datetime:
    return line.part.begin
