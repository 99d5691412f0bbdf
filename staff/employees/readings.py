"""Readings: who read or changed what of someone's card, and when. The person sees them."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.parties import Party
from staff.employees.events import CardRead
from staff.employees.forms import CardReadingForm
from store.database import Transaction
from store.rows import Row, Signed
from store.streams import Stream

LIFETIME = timedelta(minutes=10)
"""So long a reading shows what it was asked for; then it takes another."""


class CardReading(Signed, Row):
    __tablename__ = "card_readings"
    __table_args__ = (
        Index("ix_card_readings_person_id_at", "person_id", "at"),
        CheckConstraint("act in ('read', 'changed')", name="act"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    session_id: Mapped[UUID | None]
    act: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    at: Mapped[datetime]

    @property
    def until(self) -> datetime:
        return self.at + LIFETIME


async def note(
    tx: Transaction, actor: Actor, person_id: UUID, act: Literal["read", "changed"], fields: list[str]
) -> CardReading:
    """Note in the journal what somebody did with a card, and tell the person."""
    assert actor.business_id
    reading = CardReading(
        id=tx.new_id(),
        business_id=actor.business_id,
        person_id=person_id,
        reader_id=actor.id,
        session_id=actor.session_id,
        act=act,
        fields=sorted(fields),
        at=tx.now,
    )
    tx.add(reading)
    await tx.flush()
    form = _form(reading, actor.name)
    tx.record(Stream("person", person_id, actor.business_id), CardRead(card_reading=form), by=actor.id)
    return reading


async def fresh_reading(tx: Transaction, actor: Actor, person_id: UUID, reading_id: UUID) -> CardReading | None:
    """This is a reading that the asker may still look under, from where they asked for it."""
    reading = await tx.get(CardReading, reading_id)
    if reading is None or reading.until < tx.now:
        return None
    asked = (reading.person_id, reading.reader_id, reading.session_id, reading.act)
    return reading if asked == (person_id, actor.id, actor.session_id, "read") else None


async def readings_of(tx: Transaction, person_id: UUID, limit: int = 50) -> list[CardReadingForm]:
    """These are the latest readings of someone's card, the newest first."""
    rows = await tx.execute(
        select(CardReading, Party.name)
        .join(Party, Party.id == CardReading.reader_id)
        .where(CardReading.person_id == person_id)
        .order_by(CardReading.at.desc(), CardReading.id.desc())
        .limit(limit)
    )
    return [_form(reading, name) for reading, name in rows]


def _form(reading: CardReading, name: str) -> CardReadingForm:
    return CardReadingForm(
        id=reading.id,
        reader_id=reading.reader_id,
        reader_name=name,
        act=reading.act,  # type: ignore[arg-type]  # the table holds it to these
        fields=reading.fields,
        at=reading.at,
        acted_by=reading.acted_by,  # type: ignore[arg-type]
    )
