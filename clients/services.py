"""Services: what the business offers, and which company uses what of it since when."""

from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from clients.companies import known_company
from clients.events import ServiceAdded, ServiceChanged, ServiceRemoved, SubscriptionAdded, SubscriptionRemoved
from clients.forms import ServiceForm, SubscriptionForm
from people.actors import Actor
from people.names import Names
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.days import CalendarDay
from store.errors import Conflict, Forbidden, Invalid, _
from store.events import Gone
from store.own_rows import own_row
from store.rows import Row
from store.texts.sorting import by_name
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


class ServiceSubscription(Row):
    """A service that a company uses."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("company_id", "service_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    since_on: Mapped[date]


class NameTaken(Conflict):
    code = "name_taken"
    message = _("This name is already taken.")


class ServiceInUse(Conflict):
    code = "service_in_use"
    message = _("Companies use this service. Remove it from them first.")


class AlreadyUsed(Conflict):
    code = "already_used"
    message = _("The company already uses this.")


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
    if await tx.scalar(select(ServiceSubscription.id).where(ServiceSubscription.service_id == service.id).limit(1)):
        raise ServiceInUse()
    async with tx.refusing("fk_subscriptions_service_id", ServiceInUse()):
        await tx.delete(service)
    stream = business_stream(service.business_id)
    tx.record(stream, ServiceRemoved(service=Gone(id=service.id)), by=actor.id, audience="team")


class AddSubscription(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID
    service_id: UUID
    since_on: CalendarDay | None = None
    """Today when not said."""


async def add_subscription(tx: Transaction, actor: Actor, command: AddSubscription) -> SubscriptionForm:
    """Say that a company uses a service, and since when.

    Raises:
        NotFound: there is no such company.
        Invalid: there is no such service.
        AlreadyUsed: it uses it already.
    """
    business_id = actor.here
    await known_company(tx, business_id, command.company_id)
    service = await tx.get(Service, command.service_id)
    if service is None or service.business_id != business_id:
        raise Invalid(fields={"service_id": _("There is no such service.")})
    subscription = ServiceSubscription(
        id=tx.new_id(),
        business_id=business_id,
        company_id=command.company_id,
        service_id=service.id,
        since_on=command.since_on or tx.now.date(),
    )
    async with tx.refusing("uq_subscriptions_company_id_service_id", AlreadyUsed()):
        tx.add(subscription)
    form = SubscriptionForm.model_validate(subscription)
    tx.record(business_stream(business_id), SubscriptionAdded(subscription=form), by=actor.id, audience="team")
    return form


class RemoveSubscription(Command, touches="work", needs="clients", area="companies"):
    subscription_id: UUID


async def remove_subscription(tx: Transaction, actor: Actor, command: RemoveSubscription) -> None:
    """Say that a company no longer uses a service.

    Raises:
        NotFound: there is nothing such.
    """
    business_id = actor.here
    subscription = await own_row(tx, ServiceSubscription, business_id, command.subscription_id)
    await tx.delete(subscription)
    gone = SubscriptionRemoved(subscription=Gone(id=subscription.id))
    tx.record(business_stream(business_id), gone, by=actor.id, audience="team")


@dataclass(frozen=True, slots=True)
class ServiceUsage:
    """A service, and how many companies use it."""

    service: ServiceForm
    companies: int


async def offers(tx: Transaction, actor: Actor) -> list[ServiceUsage]:
    """These are the business's products and services, by name.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.execute(
        select(Service, func.count(ServiceSubscription.id))
        .outerjoin(ServiceSubscription, ServiceSubscription.service_id == Service.id)
        .where(Service.business_id == actor.business_id)
        .group_by(Service.id)
        .order_by(Service.id)
    )
    found = [ServiceUsage(ServiceForm.model_validate(service), count) for service, count in rows]
    return by_name(found, actor.language, attrgetter("service.name"))[:1000]


@dataclass(frozen=True, slots=True)
class Use:
    """A service that a company uses, by name."""

    id: UUID
    service_id: UUID
    name: str
    note: str
    since_on: date


async def uses(tx: Transaction, actor: Actor, company_id: UUID) -> list[Use]:
    """These are the services that a company uses, by name.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.execute(
        select(ServiceSubscription.id, Service.id, Service.name, Service.note, ServiceSubscription.since_on)
        .join(Service, Service.id == ServiceSubscription.service_id)
        .where(ServiceSubscription.company_id == company_id, ServiceSubscription.business_id == actor.business_id)
        .order_by(Service.id)
    )
    return by_name((Use(*row) for row in rows), actor.language)
