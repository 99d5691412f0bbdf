"""Calendars: the holidays of a business and the days it works on.

The law comes from the library ``holidays``, for any country and year. Only what the business changed is kept: a day
that was added, renamed or removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal
from uuid import UUID

from holidays import country_holidays, list_localized_countries, list_supported_countries
from sqlalchemy import CheckConstraint, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.businesses import Business
from people.leave.reckoning import WorkingDays
from store.database import Transaction
from store.errors import NotFound
from store.rows import Row

USUAL_WEEK = (1, 2, 3, 4, 5)
LANGUAGES = {"en": ("en_US", "en_GB"), "ro": ("ro",), "uk": ("uk",)}
YEARS = range(2000, 2101)


class HolidayRow(Row):
    """What a business changed about a day."""

    __tablename__ = "holidays"
    __table_args__ = (CheckConstraint("change in ('added', 'renamed', 'removed')", name="change"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    change: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the business doesn't work; one that was removed is still listed, so that it can be restored."""

    day: date
    name: str
    change: Literal["added", "renamed", "removed"] | None = None

    @property
    def kept(self) -> bool:
        return self.change != "removed"


async def holidays(tx: Transaction, business: Business, years: Iterable[int], language: str = "en") -> list[Holiday]:
    """These are a business's holidays in some years, in a language, by day; those that were removed too."""
    years = sorted(set(years) & set(YEARS))
    if not years:
        return []
    by_law = (legal(business.country, year, language, business.region) for year in years)
    found = {day: Holiday(day, name) for legal_days in by_law for day, name in legal_days.items()}
    rows = await tx.scalars(
        select(HolidayRow).where(
            HolidayRow.business_id == business.id,
            HolidayRow.day.between(date(years[0], 1, 1), date(years[-1], 12, 31)),
        )
    )
    for row in rows:
        if row.day.year in years and (row.change == "added" or row.day in found):
            named = found[row.day].name if row.change == "removed" else row.name
            found[row.day] = Holiday(row.day, named, row.change)
    return sorted(found.values(), key=lambda holiday: holiday.day)


async def working_days(tx: Transaction, business: Business, years: Iterable[int]) -> WorkingDays:
    """This is when a business works in some years."""
    kept = {holiday.day for holiday in await holidays(tx, business, years) if holiday.kept}
    return WorkingDays(frozenset(business.working_week or USUAL_WEEK), frozenset(kept))


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
def regions(country: str | None) -> dict[str, str]:
    """These are a country's regions with holidays of their own, by code; each has its name, or else its code."""
    if country not in countries():
        return {}
    named = country_holidays(country).get_subdivision_aliases()
    found = {code: (named.get(code) or [code])[0] for code in list_supported_countries()[country]}
    return dict(sorted(found.items(), key=lambda region: region[1].casefold()))


async def own_business(tx: Transaction, actor: Actor) -> Business:
    """This is the business whose team the asker is of.

    Raises:
        NotFound: a client or a superadmin asks.
    """
    business = await tx.get(Business, actor.business_id) if actor.of_the_team and actor.business_id else None
    if business is None:
        raise NotFound()
    return business
