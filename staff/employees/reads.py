"""What is read of employees' records."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from people.actors import Actor
from staff.employees.directory import employee_record, wire_record
from staff.employees.forms import CardReadingForm
from staff.employees.records import Hidden
from store.database import Transaction
from store.errors import Forbidden, NotFound
from store.queries import Identifier, Query
from store.reads import read


class CardQuery(Query):
    person_id: Identifier
    reading: Identifier | None = None


class CardWork(BaseModel):
    """What of a card is for whoever looks after it, and for the person."""

    model_config = ConfigDict(extra="forbid")

    surname: str | None
    first_name: str | None
    patronymic: str | None
    position: str | None
    work_phone: str | None
    mobile_phone: str | None
    fax: str | None
    employed_from: date | None
    employed_until: date | None
    status_id: UUID | None
    messengers: list[str]


class CardPersonal(Hidden):
    """What of a card is kept encrypted."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Card(BaseModel):
    """Someone's card; null is what the asker may not see."""

    model_config = ConfigDict(extra="forbid")

    person_id: UUID
    name: str
    position: str
    work_phone: str
    department_ids: list[UUID]
    work: CardWork | None
    personal: CardPersonal | None
    readings: list[CardReadingForm] | None


class OneCard(BaseModel):
    card: Card


@read("/people/{person_id}/card", area="people", answer=OneCard, refuses=(Forbidden, NotFound))
async def card(tx: Transaction, actor: Actor, query: CardQuery) -> dict[str, Any]:
    """Someone's card; what is encrypted of it under a reading of the asker's, from `card.read`."""
    return {"card": wire_record(await employee_record(tx, actor, query.person_id, query.reading))}


READS = (card,)
