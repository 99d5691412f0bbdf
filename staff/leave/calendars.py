"""Calendars: the holidays of a business and the days it works on.

The law comes from the library ``holidays``, for any country and year. Only what the business changed is kept: a day
that was added, renamed or removed, or that is worked in exchange for another. What is kept means the same whichever
country and week stand beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Annotated, Literal
from uuid import UUID

from holidays import country_holidays, list_localized_countries, list_supported_countries
from pydantic import AfterValidator
from sqlalchemy import CheckConstraint, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.businesses import Business
from staff.leave.working_days import WorkingDays
from store.database import Transaction
from store.errors import NotFound, _
from store.rows import Row
from store.texts.sorting import by_name

FREE = _("Day off in exchange")
"""What a day is called that is free for another, when nothing else was said of it."""
USUAL_WEEK = (1, 2, 3, 4, 5)
LANGUAGES = {"en": ("en_US", "en_GB"), "ro": ("ro",), "uk": ("uk",)}
YEARS = range(2000, 2101)


def near(day: date) -> date:
    """This is a day of a year whose holidays are known.

    Raises:
        ValueError: they aren't.
    """
    if day.year not in YEARS:
        raise ValueError(_("This is too far away."))
    return day


NearDay = Annotated[date, AfterValidator(near)]
"""A day that somebody enters of what is planned."""


class HolidayRow(Row):
    """What a business changed about a day."""

    __tablename__ = "holidays"
    __table_args__ = (CheckConstraint("change in ('added', 'renamed', 'removed', 'worked')", name="change"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    change: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    instead_of: Mapped[date | None]
    """The day that is free, where this one is worked in exchange for it."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the business doesn't work. One that was removed is still listed, so that it can be restored, and
    so is one that is worked in exchange for another."""

    day: date
    name: str
    change: Literal["added", "renamed", "removed", "worked", "exchanged"] | None = None
    other: date | None = None
    """The day that is free for it, or that is worked for it."""

    @property
    def kept(self) -> bool:
        return self.change not in ("removed", "worked")


async def holidays(tx: Transaction, business: Business, years: Iterable[int], language: str = "en") -> list[Holiday]:
    """These are a business's holidays in some years, in a language, by day; those that were removed too."""
    years = sorted(set(years) & set(YEARS))
    if not years:
        return []
    by_law = (legal(business.country, year, language, business.region) for year in years)
    law = {day: Holiday(day, name) for legal_days in by_law for day, name in legal_days.items()}
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    rows = await tx.scalars(
        select(HolidayRow)
        .where(
            HolidayRow.business_id == business.id,
            HolidayRow.day.between(first, last) | HolidayRow.instead_of.between(first, last),
        )
        .order_by(HolidayRow.change != "worked", HolidayRow.day)
    )
    found = dict(law)
    for row in rows:
        found |= {day.day: day for day in _changed(row, law.get(row.day))}
    return sorted((day for day in found.values() if day.day.year in years), key=lambda holiday: holiday.day)


def _changed(row: HolidayRow, by_law: Holiday | None) -> list[Holiday]:
    """These are the days that a change makes of what the law says of its day."""
    if row.change == "worked":
        free = [Holiday(row.instead_of, row.name, "exchanged", row.day)] if row.instead_of else []
        return [Holiday(row.day, row.name, "worked", row.instead_of), *free]
    if row.change == "added":
        return [Holiday(row.day, row.name, "renamed" if by_law else "added")]
    if by_law is None:
        return []
    return [Holiday(row.day, by_law.name if row.change == "removed" else row.name, row.change)]  # type: ignore[arg-type]  # the table holds it to these


async def working_days(tx: Transaction, business: Business, years: Iterable[int]) -> WorkingDays:
    """This is when a business works in some years."""
    known = await holidays(tx, business, years)
    return WorkingDays(
        week_of(business),
        frozenset(day.day for day in known if day.kept),
        {day.day: day.other for day in known if day.change == "worked"},
    )


def week_of(business: Business) -> frozenset[int]:
    """These are the days of the week on which a business works, Monday being 1."""
    return frozenset(business.working_week or USUAL_WEEK)


@lru_cache(maxsize=1000)
def legal(country: str | None, year: int, language: str = "en", region: str | None = None) -> dict[date, str]:
    """These are a country's legal holidays in a year, or those of one of its regions; in its own language where the
    library lacks the one asked for."""
    if country not in countries():
        return {}
    known = list_localized_countries().get(country, ())
    spoken = next((each for each in LANGUAGES.get(language, ()) if each in known), None)
    known_region = region if region in regions(country) else None
    return dict(sorted(country_holidays(country, subdiv=known_region, years=year, language=spoken).items()))


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """These are the countries whose holidays are known, by their ISO 3166-1 codes."""
    return frozenset(list_supported_countries(include_aliases=False))


@lru_cache(maxsize=300)
def regions(country: str | None, language: str = "en") -> dict[str, str]:
    """These are a country's regions with holidays of their own, by code; each has its name, or else its code, and they
    stand by their names."""
    if country not in countries():
        return {}
    named = country_holidays(country).get_subdivision_aliases()
    found = {code: (named.get(code) or [code])[0] for code in list_supported_countries()[country]}
    return dict(by_name(found.items(), language, itemgetter(1)))


async def own_business(tx: Transaction, actor: Actor) -> Business:
    """This is the business whose team the asker is of.

    Raises:
        NotFound: a client or a superadmin asks.
    """
    business = await tx.get(Business, actor.business_id) if actor.of_the_team and actor.business_id else None
    if business is None:
        raise NotFound()
    return business
