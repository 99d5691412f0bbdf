"""Timesheets: a room's entries by day, as the browser draws them too (``web/client/models/timesheet.ts``)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from rooms.time.hours import Part, parts_by_day
from web.words.formatting import reader


@dataclass(frozen=True, slots=True)
class Line:
    """What of an entry lies in a day."""

    entry: dict[str, Any]
    part: Part
    running: bool

    @property
    def place(self) -> tuple[date, datetime, str]:
        """Where it stands: by its day, in it by its beginning."""
        return self.part.day, self.part.begin, self.entry["id"]


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day of a timesheet, its latest line first."""

    day: date
    lines: list[Line]

    @property
    def seconds(self) -> int:
        return sum(line.part.seconds for line in self.lines)


def timesheet(entries: Iterable[dict[str, Any]]) -> list[SheetDay]:
    """These are entries by the reader's days, the latest first."""
    lines = sorted((line for entry in entries for line in _lines(entry)), key=lambda line: line.place, reverse=True)
    return [SheetDay(day, list(those)) for day, those in groupby(lines, key=lambda line: line.part.day)]


def _lines(entry: dict[str, Any]) -> Iterator[Line]:
    stopped = entry["stopped_at"]
    begin = datetime.fromisoformat(entry["started_at"])
    end = datetime.fromisoformat(stopped) if stopped else max(begin, reader().now)
    parts = list(parts_by_day(begin, end, reader().zone))
    return (Line(entry, part, stopped is None and part is parts[-1]) for part in parts)
