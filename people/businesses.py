"""Businesses: the tenants. Every row but a superadmin's belongs to one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.events import BusinessOpened
from people.forms import BusinessForm
from people.parties import Party
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden
from store.log import Stream
from store.rows import Row


class Business(Row):
    __tablename__ = "businesses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="en")
    time_zone: Mapped[str] = mapped_column(Text, default="UTC")
    opened_at: Mapped[datetime]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)


class Visit(Row):
    """An admin of a parent who has worked in a child: the child's people see who it was."""

    __tablename__ = "visits"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    first_at: Mapped[datetime]


class OpenBusiness(Command):
    business_name: str = Field(min_length=1, max_length=120)
    language: str = "en"
    time_zone: str = "UTC"


async def open_business(tx: Transaction, actor: Actor, command: OpenBusiness) -> BusinessForm:
    """Open a business. A superadmin does.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    if actor.kind != "superadmin":
        raise Forbidden()
    business = Business(
        id=tx.new_id(),
        name=command.business_name,
        language=command.language,
        time_zone=command.time_zone,
        opened_at=tx.now,
    )
    tx.add(business)
    await tx.flush()
    form = BusinessForm.model_validate(business)
    tx.record(business_stream(business.id), BusinessOpened(business=form), by=actor.id, audience="managers")
    return form


def business_stream(business_id: UUID) -> Stream:
    """This is the stream of what concerns a business's team as a whole."""
    return Stream("business", business_id, business_id)


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
            func.array_agg(aggregate_order_by(Party.name, Party.name)).filter(Party.kind == "admin"),
        )
        .outerjoin(Party, Party.business_id == Business.id)
        .group_by(Business.id)
        .order_by(Business.name, Business.id)
        .limit(1000)
    )
    return [
        BusinessCard(business.id, business.name, business.opened_at, people, admins or [])
        for business, people, admins in rows
    ]
