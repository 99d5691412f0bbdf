"""Timesheets: a room's entries by day, as a page without scripts shows them and a browser does too."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.rooms.test_hours import TABLE
from web.timesheets import timesheet
from web.words.formatting import Reader, hours, reading_as, time_of_day

SHEET = TABLE["sheet"]
"""What the browser draws too: web/client/tests/hours.test.ts reads it."""


def test_a_sheet_has_each_day_s_parts_and_their_sum() -> None:
    reader = Reader("en", ZoneInfo(SHEET["zone"]), datetime.fromisoformat(SHEET["now"]))
    with reading_as(reader):
        days = timesheet(SHEET["entries"])
        found = {
            day.day.isoformat(): {
                "total": hours(day.seconds),
                "lines": [
                    [
                        line.entry["id"],
                        time_of_day(line.part.begin),
                        None if line.running else time_of_day(line.part.end),
                        hours(line.part.seconds),
                    ]
                    for line in day.lines
                ],
            }
            for day in days
        }
    assert found == SHEET["days"]
    assert list(found) == list(SHEET["days"])
