"""Services: what the business offers."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clients.events import ServiceAdded, ServiceChanged, ServiceRemoved
from clients.forms import ServiceForm
from people.actors import Actor
from people.names import Names
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, _
from store.events import Gone
from store.own_rows import own_row
from store.rows import Row
from store.texts.texts import Lines


class Service(Row):
    """A product or service that the business offers."""

    __tablename__ = "services"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class NameTaken(Conflict):
    code = "name_taken"
    message = _("This name is already taken.")


class ServiceInUse(Conflict):
    code = "service_in_use"
    message = _("Companies use this service. Remove it from them first.")


def _name_taken() -> NameTaken:
    return NameTaken(fields={"name": NameTaken.message})


NAMES = Names(Service, "uq_services_business_id_name", _name_taken)


class AddService(Command, touches="work", needs="clients", area="companies"):
    name: str = Field(min_length=1, max_length=120)
    note: Lines = Field("", max_length=500)


async def add_service(tx: Transaction, actor: Actor, command: AddService) -> ServiceForm:
    """Add a product or service to what the business offers.

    Raises:
        NameTaken: another has this name.
    """
    business_id = actor.here
    service = Service(id=tx.new_id(), business_id=business_id, name=command.name, note=command.note, added_at=tx.now)
    await NAMES.add(tx, service)
    form = ServiceForm.model_validate(service)
    tx.record(business_stream(business_id), ServiceAdded(service=form), by=actor.id, audience="team")
    return form


class ChangeService(Command, touches="work", needs="clients", area="companies"):
    service_id: UUID
    name: str | None = Field(None, min_length=1, max_length=120)
    note: Lines | None = Field(None, max_length=500)


async def change_service(tx: Transaction, actor: Actor, command: ChangeService) -> ServiceForm:
    """Rename a product or service, or describe it anew.

    Raises:
        NotFound: there is no such service.
        NameTaken: another has this name.
    """
    service = await own_row(tx, Service, actor.here, command.service_id)
    changed = await NAMES.change(tx, service, command.changes("service_id"))
    form = ServiceForm.model_validate(service)
    if changed:
        event = ServiceChanged(service=form, changed=changed)
        tx.record(business_stream(service.business_id), event, by=actor.id, audience="team")
    return form


class RemoveService(Command, touches="work", needs="clients", area="companies"):
    service_id: UUID


async def remove_service(tx: Transaction, actor: Actor, command: RemoveService) -> None:
    """Remove a product or service that no company uses.

    Raises:
        NotFound: there is no such service.
        ServiceInUse: a company uses it.
    """
    service = await own_row(tx, Service, actor.here, command.service_id)
    async with tx.refusing("fk_subscriptions_service_id", ServiceInUse()):
        await tx.delete(service)
    stream = business_stream(service.business_id)
    tx.record(stream, ServiceRemoved(service=Gone(id=service.id)), by=actor.id, audience="team")
