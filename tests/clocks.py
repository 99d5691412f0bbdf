"""What day it is in a test that names days: one that the clock is set to, or days of the year that comes."""

from datetime import UTC, date, datetime, timedelta

from store.database import Database

NEXT_YEAR = datetime.now(UTC).year + 1


def set_clock(database: Database, at: datetime) -> None:
    """Let it be another time for a database, from which it goes on."""
    apart = at - datetime.now(UTC)
    database.clock = lambda: datetime.now(UTC) + apart


def monday_in(month: int) -> date:
    """This is the first Monday of a month of next year."""
    first = date(NEXT_YEAR, month, 1)
    return first + timedelta(days=-first.weekday() % 7)
