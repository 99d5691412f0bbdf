"""Departures: the clock of who leaves stops, and their name goes from it when they are erased."""

from sqlalchemy import func, select

from people.persons.departures import Erased, Held, Holding, Leaving
from people.streams import business_stream
from rooms.time.entries import TimeEntry, stop
from rooms.time.forms import TimerForm
from store.database import Transaction
from store.log import reword


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


async def erase_from_timers(tx: Transaction, erased: Erased) -> None:
    """Take somebody's name out of all that was told of their timers before."""
    whom = erased.whom
    told = [business_stream(whom.business_id).name, whom.stream.name]
    await reword(tx, told, (TimerForm.thing, "person_id"), whom.id, {"person_name": whom.person.name})
