"""Businesses: the tenants. Every row but a superadmin's belongs to one."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Numeric, SmallInteger, Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.driver import Driver, Statement
from store.rows import Row
from store.secrets.ciphers import Sealed


class Business(Row):
    __tablename__ = "businesses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="en")
    time_zone: Mapped[str] = mapped_column(Text, default="UTC")
    opened_at: Mapped[datetime]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    country: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    """One of the country's regions, if its holidays are kept too."""
    working_week: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), default=lambda: [1, 2, 3, 4, 5])
    hours_a_day: Mapped[Decimal] = mapped_column(Numeric(4, 2), default=Decimal(8))
    currency: Mapped[str] = mapped_column(Text, default="EUR")
    logo: Mapped[str | None] = mapped_column(Text)
    header: Mapped[str] = mapped_column(Text, default="")
    footer_left: Mapped[str] = mapped_column(Text, default="")
    footer_right: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="")
    tax_id: Mapped[str] = mapped_column(Text, default="")
    registration_number: Mapped[str] = mapped_column(Text, default="")
    bank_account: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(Text, default="")
    meetings_url: Mapped[str] = mapped_column(Text, default="")
    meetings_key: Mapped[bytes | None] = mapped_column(Sealed)
    shown_at_sign_in: Mapped[bool] = mapped_column(default=False)
    find_closed: Mapped[bool] = mapped_column(default=False)
    """Whether staff find the names of what they can't open."""


@dataclass(frozen=True, slots=True)
class NamePlate:
    """What of a business stands on each of its pages."""

    name: str
    logo: str | None
    meetings_url: str


async def name_plate(driver: Driver, business_id: UUID | None) -> NamePlate | None:
    """This is what stands on a business's pages; None without one."""
    if business_id is None:
        return None
    rows = await driver.rows(_NAME_PLATE, within=business_id, business_id=business_id)
    return NamePlate(**rows[0]) if rows else None


_NAME_PLATE = Statement(
    select(Business.name, Business.logo, Business.meetings_url).where(Business.id == bindparam("business_id"))
)


def today_in(business: Business, now: datetime) -> date:
    """This is the day that it is at a business."""
    return now.astimezone(ZoneInfo(business.time_zone)).date()


class BusinessVisit(Row):
    """An admin of a parent who has worked in a child: the child's people see who it was."""

    __tablename__ = "visits"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    first_at: Mapped[datetime]
