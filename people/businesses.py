"""Businesses: the tenants. Every row but a superadmin's belongs to one."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import ForeignKey, Numeric, SmallInteger, Text, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.events import BusinessOpened
from people.first_roles import offer_roles
from people.forms import BusinessForm
from people.installation.events import PlaceChanged, installation_stream
from people.installation.forms import PlaceForm
from people.parties import Party
from people.streams import business_stream
from store.ciphers import Sealed
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden
from store.rows import Row
from store.sorting import by_name


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


def today_in(business: Business, now: datetime) -> date:
    """This is the day that it is at a business."""
    return now.astimezone(ZoneInfo(business.time_zone)).date()


class Visit(Row):
    """An admin of a parent who has worked in a child: the child's people see who it was."""

    __tablename__ = "visits"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    first_at: Mapped[datetime]


class OpenBusiness(Command, touches="installation", needs="superadmin", area="installation"):
    business_name: str = Field(min_length=1, max_length=120)
    language: str = "en"
    time_zone: str = "UTC"


async def open_business(tx: Transaction, actor: Actor, command: OpenBusiness) -> BusinessForm:
    """Open a business, with the roles that one begins with. A superadmin does."""
    business = Business(
        id=tx.new_id(),
        name=command.business_name,
        language=command.language,
        time_zone=command.time_zone,
        opened_at=tx.now,
    )
    tx.add(business)
    await tx.flush()
    await offer_roles(tx, business.id)
    form = BusinessForm.model_validate(business)
    tx.record(business_stream(business.id), BusinessOpened(business=form), by=actor.id, audience="managers")
    tx.record(installation_stream(), PlaceChanged(place=PlaceForm.model_validate(business)), by=actor.id)
    return form


@dataclass(frozen=True, slots=True)
class BusinessCard:
    """A business at a glance, for who runs the installation."""

    id: UUID
    name: str
    opened_at: datetime
    people: int
    admins: list[str]


async def businesses(tx: Transaction, actor: Actor) -> list[BusinessCard]:
    """These are the businesses of the installation, by name.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    if actor.kind != "superadmin":
        raise Forbidden()
    rows = await tx.execute(
        select(
            Business,
            func.count(Party.id).filter(Party.kind != "company"),
            func.array_agg(aggregate_order_by(Party.name, Party.id)).filter(Party.kind == "admin"),
        )
        .outerjoin(Party, Party.business_id == Business.id)
        .group_by(Business.id)
        .order_by(Business.id)
    )
    found = (
        BusinessCard(business.id, business.name, business.opened_at, people, by_name(admins or [], actor.language, str))
        for business, people, admins in rows
    )
    return by_name(found, actor.language)[:1000]
