"""Businesses: the tenants. Every row but a superadmin's belongs to one."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.events import BusinessOpened
from people.forms import BusinessForm
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
