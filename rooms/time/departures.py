"""Departures: the clock of who leaves stops."""

from sqlalchemy import func, select

from people.persons.departures import Held, Holding, Leaving
from rooms.time.entries import TimeEntry, stop
from store.database import Transaction


async def timers_held(tx: Transaction, held: Held) -> list[Holding]:
    """This is whether someone's clock runs."""
    running = (
        select(func.count())
        .select_from(TimeEntry)
        .where(TimeEntry.person_id == held.person_id, TimeEntry.stopped_at.is_(None))
    )
    return [Holding("timer", int(await tx.scalar(running)), needs_successor=False)]


async def stop_clock(tx: Transaction, leaving: Leaving) -> None:
    """Stop someone's clock, wherever it runs."""
    running = (
        select(TimeEntry)
        .where(TimeEntry.person_id == leaving.whom.id, TimeEntry.stopped_at.is_(None))
        .with_for_update()
    )
    for entry in (await tx.scalars(running)).all():
        await stop(tx, entry, by=leaving.by, reason="person_deactivated")
