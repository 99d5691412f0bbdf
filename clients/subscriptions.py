"""Subscriptions: which company uses what of the business's services, and since when."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from clients.companies import known_company
from clients.events import SubscriptionAdded, SubscriptionRemoved
from clients.forms import ServiceForm, SubscriptionForm
from clients.services import Service
from people.actors import Actor
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.days import CalendarDay
from store.errors import Conflict, Forbidden, Invalid, _
from store.events import Gone
from store.own_rows import own_row
from store.rows import Row
from store.texts.sorting import by_name


class ServiceSubscription(Row):
    """A service that a company uses."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("company_id", "service_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    since_on: Mapped[date]


class AlreadyUsed(Conflict):
    code = "already_used"
    message = _("The company already uses this.")


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
