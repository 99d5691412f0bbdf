"""Recounts: what leaves take, anew, when the calendar, a week or the end of a leave changes.

The days of a leave are those of the calendar as it stands, in whatever order it came to stand so. A year that is over
stays as it was counted, since days were paid for and carried over by it; a change that names one day of it counts there
too.
"""

from collections.abc import Iterable
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.announcements import ProfileChanged
from people.businesses import Business, today_in
from people.streams import business_stream
from staff.leave.approvers import deciders_among
from staff.leave.calendars import USUAL_WEEK, working_days
from staff.leave.events import CalendarChanged, LeaveRecounted
from staff.leave.forms import CalendarForm, LeaveForm
from staff.leave.leave_news import tell_leave
from staff.leave.leave_rows import HELD, Leave, days_by_year
from staff.leave.weeks import own_weeks
from store.clashes import despite_clashes
from store.database import Database, Transaction
from store.scopes import EVERYWHERE
from store.upkeep import Household


async def calendar_changed(tx: Transaction, business: Business) -> None:
    """Count the leaves of this year and of those to come anew, after the week, the country or the region changed."""
    await count_again(tx, business, since=date(today_in(business, tx.now).year, 1, 1))


async def recount_by_profile(tx: Transaction, profile: ProfileChanged) -> None:
    """Count leaves anew, and tell the team of the calendar, after the country or the week changed on the profile."""
    of_calendar = sorted(profile.changed & {"country", "working_week"})
    if of_calendar:
        await calendar_changed(tx, profile.business)
        tell_calendar(tx, profile.actor, profile.business, of_calendar)


def tell_calendar(tx: Transaction, actor: Actor, business: Business, changed: list[str]) -> CalendarForm:
    """Tell the team what was changed about the business's calendar, if anything was."""
    form = CalendarForm(
        id=business.id,
        country=business.country,
        region=business.region,
        working_week=list(business.working_week or USUAL_WEEK),
    )
    if changed:
        event = CalendarChanged(calendar=form, changed=changed)
        tx.record(business_stream(business.id), event, by=actor.id, audience="team")
    return form


async def day_changed(tx: Transaction, business: Business, day: date) -> None:
    """Count the leaves anew that a day lies in, which became free of work or is worked on from now on."""
    await count_again(tx, business, since=day, until=day)


async def count_after_update(house: Household) -> None:
    """Count anew what another version may count otherwise."""
    await count_all_again(house.database)


async def count_all_again(database: Database) -> None:
    """Count all businesses' leaves of this year and of those to come anew: with another version, the law's holidays may
    be others, or leave may be counted otherwise."""
    async with database.reading(EVERYWHERE) as tx:
        this_year = tx.now.date().replace(month=1, day=1)
        held = select(Leave.business_id).where(Leave.state.in_(HELD), Leave.ends_on >= this_year).distinct()
        business_ids = list(await tx.scalars(held))
    for business_id in business_ids:
        await despite_clashes(partial(_count_all_of, database, business_id), name="leave_recounted")


async def _count_all_of(database: Database, business_id: UUID) -> None:
    async with database.transaction(business_id) as tx:
        business = await tx.get(Business, business_id, lock=True)
        if business is not None:
            await calendar_changed(tx, business)


async def count_again(
    tx: Transaction, business: Business, *, since: date, until: date = date.max, person_id: UUID | None = None
) -> None:
    """Count the working days anew of the leaves that touch some days, in the years from the first of these on, and tell
    whom it concerns. Whoever calls this has locked the business's row."""
    query = select(Leave).where(
        Leave.business_id == business.id, Leave.state.in_(HELD), Leave.starts_on <= until, Leave.ends_on >= since
    )
    if person_id is not None:
        query = query.where(Leave.person_id == person_id)
    locked = query.order_by(Leave.id).with_for_update().execution_options(populate_existing=True)
    leaves = list(await tx.scalars(locked))
    changed = await _counted_again(tx, business, leaves, since.year)
    listeners = await deciders_among(tx, business.id, {leave.person_id for leave in changed})
    for leave in changed:
        event = LeaveRecounted(leave=LeaveForm.model_validate(leave))
        tell_leave(tx, leave, event, {leave.person_id} | listeners[leave.person_id], by=None)


async def _counted_again(tx: Transaction, business: Business, leaves: list[Leave], first_year: int) -> list[Leave]:
    """These are the leaves that take other days than they did; what they take of years before the first stays."""
    works = await working_days(tx, business, _years(leaves))
    weeks = await own_weeks(tx, {leave.person_id for leave in leaves})
    changed = []
    for leave in leaves:
        kept = {year: days for year, days in leave.days.items() if int(year) < first_year}
        found = days_by_year(works.of(weeks.get(leave.person_id, ())), leave.period)
        days = kept | {year: days for year, days in found.items() if int(year) >= first_year}
        if days != leave.days:
            leave.days = days
            changed.append(leave)
    return changed


def _years(leaves: Iterable[Leave]) -> set[int]:
    return {year for leave in leaves for year in (leave.starts_on.year, leave.ends_on.year)}
