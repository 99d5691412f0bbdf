"""Holidays: what a business makes of the legal ones, and the country and the week that it works by.

Restoring a day takes back what was changed about it.
"""

from datetime import date
from typing import Any

from pydantic import Field, field_validator
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.businesses import Business
from people.leave.calendars import USUAL_WEEK, YEARS, Holiday, HolidayRow, countries, holidays, legal, regions
from people.leave.forms import CalendarChanged, CalendarForm
from people.leave.leaves import count_again
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _


class NotAHoliday(Conflict):
    code = "not_a_holiday"
    message = _("This day is no holiday.")


def _must_be_near(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(_("This is too far away."))
    return day


class AddHoliday(Command):
    day: date
    name: str = Field(min_length=1, max_length=120)

    near = field_validator("day")(_must_be_near)


async def add_holiday(tx: Transaction, actor: Actor, command: AddHoliday) -> CalendarForm:
    """Make a day a holiday of the business. Admins do, and staff who manage staff.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
        Invalid: it is one already, on the field ``day``.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is not None and known.kept:
        raise Invalid(fields={"day": _("This day is a holiday already.")})
    by_law = command.day in legal(business.country, command.day.year, region=business.region)
    return await _change(tx, actor, business, command.day, "renamed" if by_law else "added", command.name)


class RenameHoliday(Command):
    day: date
    name: str = Field(min_length=1, max_length=120)

    near = field_validator("day")(_must_be_near)


async def rename_holiday(tx: Transaction, actor: Actor, command: RenameHoliday) -> CalendarForm:
    """Give a holiday another name. Admins do, and staff who manage staff.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
        NotAHoliday: the day is none.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is None or not known.kept:
        raise NotAHoliday()
    change = "added" if known.change == "added" else "renamed"
    return await _change(tx, actor, business, command.day, change, command.name)


class RemoveHoliday(Command):
    day: date

    near = field_validator("day")(_must_be_near)


async def remove_holiday(tx: Transaction, actor: Actor, command: RemoveHoliday) -> CalendarForm:
    """Work on a holiday all the same. Admins do, and staff who manage staff.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
        NotAHoliday: the day is none.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is None or not known.kept:
        raise NotAHoliday()
    return await _change(tx, actor, business, command.day, None if known.change == "added" else "removed", known.name)


class RestoreHoliday(Command):
    day: date

    near = field_validator("day")(_must_be_near)


async def restore_holiday(tx: Transaction, actor: Actor, command: RestoreHoliday) -> CalendarForm:
    """Take back what was changed about a legal holiday. Admins do, and staff who manage staff.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
        NotAHoliday: the day is none by law, or nothing was changed about it.
    """
    business = await _own_calendar(tx, actor)
    known = await _known(tx, business, command.day)
    if known is None or known.change not in ("renamed", "removed"):
        raise NotAHoliday()
    return await _change(tx, actor, business, command.day, None, "")


class ChangeCalendar(Command):
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

    What was approved or asked for before keeps the number of days that it was counted with.

    Raises:
        Forbidden: the permission ``staff`` isn't held.
        Invalid: the country has no such region.
    """
    business = await _own_calendar(tx, actor)
    given = command.given()
    if given.get("working_week", 0) is None:
        del given["working_week"]
    given["region"] = _region(business, given)
    changed = [name for name, value in given.items() if getattr(business, name) != value]
    for name in changed:
        setattr(business, name, given[name])
    return _told(tx, actor, business, changed)


def _region(business: Business, given: dict[str, Any]) -> str | None:
    """The region from now on: with another country, that of the one before is none any more."""
    region: str | None = given.get("region", business.region) or None
    if region is None or region in regions(given.get("country", business.country)):
        return region
    if region != business.region:
        raise Invalid(fields={"region": _("The country has no such region.")})
    return None


async def _own_calendar(tx: Transaction, actor: Actor) -> Business:
    business = await tx.get(Business, actor.must("staff"), lock=True)
    assert business
    return business


async def _known(tx: Transaction, business: Business, day: date) -> Holiday | None:
    return next((each for each in await holidays(tx, business, [day.year]) if each.day == day), None)


async def _change(
    tx: Transaction, actor: Actor, business: Business, day: date, change: str | None, name: str
) -> CalendarForm:
    row = await tx.get(HolidayRow, (business.id, day))
    if change is None:
        if row is not None:
            await tx.delete(row)
    else:
        values = {"business_id": business.id, "day": day, "change": change, "name": name}
        query = insert(HolidayRow).values(values)
        await tx.execute(
            query.on_conflict_do_update(index_elements=["business_id", "day"], set_={"change": change, "name": name})
        )
    await tx.flush()
    await count_again(tx, business, day)
    return _told(tx, actor, business, ["holidays"])


def _told(tx: Transaction, actor: Actor, business: Business, changed: list[str]) -> CalendarForm:
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
