"""Holidays: what a business makes of the legal ones, and the country and the week that it works by.

Restoring a day takes back what was changed about it. Whatever is changed, leave is counted anew by it.
"""

from datetime import date
from typing import Any

from pydantic import Field, field_validator
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.businesses import Business
from staff.leave.calendars import Holiday, HolidayRow, NearDay, countries, holidays, regions, working_days
from staff.leave.forms import CalendarForm
from staff.leave.recounts import calendar_changed, day_changed, tell_calendar
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.own_rows import change


class NotAHoliday(Conflict):
    code = "not_a_holiday"
    message = _("This day isn't a holiday.")


class NotExchanged(Conflict):
    code = "not_exchanged"
    message = _("This day isn't exchanged.")


class WorkedInExchange(Conflict):
    code = "worked_in_exchange"
    message = _("This day is exchanged for another. Remove the exchange first.")


class AddHoliday(Command, touches="work", needs="staff", area="leave"):
    day: NearDay
    name: str = Field(min_length=1, max_length=120)


async def add_holiday(tx: Transaction, actor: Actor, command: AddHoliday) -> CalendarForm:
    """Make a day a holiday of the business. Admins do, and staff who manage staff.

    Raises:
        Invalid: it is one already, on the field ``day``.
        WorkedInExchange: it is worked in exchange for another.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is not None and known.change == "worked":
        raise WorkedInExchange()
    if known is not None and known.kept:
        raise Invalid(fields={"day": _("This day is already a holiday.")})
    return await _change(tx, actor, business, command.day, "added", command.name)


class RenameHoliday(Command, touches="work", needs="staff", area="leave"):
    day: NearDay
    name: str = Field(min_length=1, max_length=120)


async def rename_holiday(tx: Transaction, actor: Actor, command: RenameHoliday) -> CalendarForm:
    """Give a holiday another name. Admins do, and staff who manage staff.

    Raises:
        NotAHoliday: the day is none.
        WorkedInExchange: it is free since another is worked for it.
    """
    business = await _own_calendar(tx, actor)
    await _kept(tx, business, command.day)
    row = await tx.get(HolidayRow, (business.id, command.day))
    change = "added" if row is not None and row.change == "added" else "renamed"
    return await _change(tx, actor, business, command.day, change, command.name)


class RemoveHoliday(Command, touches="work", needs="staff", area="leave"):
    day: NearDay


async def remove_holiday(tx: Transaction, actor: Actor, command: RemoveHoliday) -> CalendarForm:
    """Work on a holiday all the same. Admins do, and staff who manage staff.

    Raises:
        NotAHoliday: the day is none.
        WorkedInExchange: it is free since another is worked for it.
    """
    business = await _own_calendar(tx, actor)
    known = await _kept(tx, business, command.day)
    return await _change(tx, actor, business, command.day, None if known.change == "added" else "removed", known.name)


class RestoreHoliday(Command, touches="work", needs="staff", area="leave"):
    day: NearDay


async def restore_holiday(tx: Transaction, actor: Actor, command: RestoreHoliday) -> CalendarForm:
    """Take back what was changed about a legal holiday. Admins do, and staff who manage staff.

    Raises:
        NotAHoliday: the day is none by law, or nothing was changed about it.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is None or known.change not in ("renamed", "removed"):
        raise NotAHoliday()
    return await _change(tx, actor, business, command.day, None, "")


class AddWorkingDay(Command, touches="work", needs="staff", area="leave"):
    day: NearDay
    name: str = Field("", max_length=120)
    instead_of: NearDay | None = None
    """The day that is free for it, if it is worked in exchange for one."""


async def add_working_day(tx: Transaction, actor: Actor, command: AddWorkingDay) -> CalendarForm:
    """Work on a day that the week leaves free, such as a Saturday; in exchange another may be free. Admins do, and
    staff who manage staff.

    Raises:
        Invalid: the day is worked on anyway, or is a holiday; or the other is free already.
    """
    business = await _own_calendar(tx, actor)
    day, instead = command.day, command.instead_of
    works = await working_days(tx, business, {each.year for each in (day, instead) if each})
    if works.works(day):
        raise Invalid(fields={"day": _("This day is already a working day.")})
    if day in works.holidays:
        raise Invalid(fields={"day": _("This day is a holiday. Remove it from the holidays to work on it.")})
    if instead is not None and not works.works(instead):
        raise Invalid(fields={"instead_of": _("This day is already a day off.")})
    if instead is not None and instead in works.exchanged:
        raise Invalid(fields={"instead_of": _("This day is itself a working day in exchange for another.")})
    return await _change(tx, actor, business, day, "worked", command.name, instead)


class RemoveWorkingDay(Command, touches="work", needs="staff", area="leave"):
    day: NearDay


async def remove_working_day(tx: Transaction, actor: Actor, command: RemoveWorkingDay) -> CalendarForm:
    """Take back that a day is worked on; what was free in exchange is worked on again. Admins do, and staff who manage
    staff.

    Raises:
        NotExchanged: the day isn't worked in exchange.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is None or known.change != "worked":
        raise NotExchanged()
    return await _change(tx, actor, business, command.day, None, "", known.other)


class ChangeCalendar(Command, touches="work", needs="staff", area="leave"):
    country: str | None = None
    region: str | None = None
    """One of the country's that has holidays of its own, by its code."""
    working_week: list[int] | None = Field(None, min_length=1, max_length=7)

    @field_validator("country")
    @classmethod
    def known(cls, country: str | None) -> str | None:
        if country is not None and country not in countries():
            raise ValueError(_("There is no such country."))
        return country

    @field_validator("working_week")
    @classmethod
    def week(cls, days: list[int] | None) -> list[int] | None:
        if days is not None and not set(days) <= set(range(1, 8)):
            raise ValueError(_("A week has seven days."))
        return sorted(set(days)) if days is not None else None


async def change_calendar(tx: Transaction, actor: Actor, command: ChangeCalendar) -> CalendarForm:
    """Choose the country and the region whose holidays are kept, and the working week. Admins do, and staff who manage
    staff.

    What was approved or asked for is counted anew, but in years that are over.

    Raises:
        Invalid: the country has no such region.
    """
    business = await _own_calendar(tx, actor)
    given = command.changes(null=("country", "region"))
    given["region"] = _region(business, given)
    changed = change(business, given)
    await tx.flush()
    if changed:
        await calendar_changed(tx, business)
    return tell_calendar(tx, actor, business, changed)


def _region(business: Business, given: dict[str, Any]) -> str | None:
    """The region from now on: with another country, that of the one before is none any more."""
    region: str | None = given.get("region", business.region) or None
    if region is None or region in regions(given.get("country", business.country)):
        return region
    if region != business.region:
        raise Invalid(fields={"region": _("The country doesn't have this region.")})
    return None


async def _own_calendar(tx: Transaction, actor: Actor) -> Business:
    business = await tx.get(Business, actor.here, lock=True)
    assert business
    return business


async def _known(tx: Transaction, business: Business, day: date) -> Holiday | None:
    return next((each for each in await holidays(tx, business, [day.year]) if each.day == day), None)


async def _kept(tx: Transaction, business: Business, day: date) -> Holiday:
    known = await _known(tx, business, day)
    if known is None or not known.kept:
        raise NotAHoliday()
    if known.change == "exchanged":
        raise WorkedInExchange()
    return known


async def _change(
    tx: Transaction,
    actor: Actor,
    business: Business,
    day: date,
    change: str | None,
    name: str,
    other: date | None = None,
) -> CalendarForm:
    row = await tx.get(HolidayRow, (business.id, day))
    if change is None:
        if row is not None:
            await tx.delete(row)
    else:
        place = {"business_id": business.id, "day": day}
        values = {"change": change, "name": name, "instead_of": other}
        query = insert(HolidayRow).values(place | values)
        await tx.execute(query.on_conflict_do_update(index_elements=list(place), set_=values))
    await tx.flush()
    for each in filter(None, (day, other)):
        await day_changed(tx, business, each)
    return tell_calendar(tx, actor, business, ["holidays"])
