"""Openings of businesses, and their list, for who runs the installation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from people.actors import Actor
from people.businesses import Business
from people.events import BusinessOpened
from people.first_roles import offer_roles
from people.forms import BusinessForm
from people.installation.events import PlaceChanged
from people.installation.forms import PlaceForm
from people.installations import installation_stream
from people.parties import Party
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden
from store.texts.sorting import by_name


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
class BusinessSummary:
    """A business at a glance, for who runs the installation."""

    id: UUID
    name: str
    opened_at: datetime
    people: int
    admins: list[str]


async def businesses(tx: Transaction, actor: Actor) -> list[BusinessSummary]:
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
        BusinessSummary(
            business.id, business.name, business.opened_at, people, by_name(admins or [], actor.language, str)
        )
        for business, people, admins in rows
    )
    return by_name(found, actor.language)[:1000]
