"""What is hidden on an employee's card, shown to who looks after them; each time is noted."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from people.actors import Actor
from staff.colleagues import colleague
from staff.employees.readings import note
from staff.employees.records import Employee, must_look_after, revealed
from store.commands import Command
from store.database import Transaction


class ReadCard(Command, touches="work", needs="staff", area="people"):
    person_id: UUID


class CardReadingRef(BaseModel):
    """A reading: under it, and for a while, the card shows its asker what is kept encrypted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    until: datetime


async def read_card(tx: Transaction, actor: Actor, command: ReadCard) -> CardReadingRef:
    """Ask for what of someone's card isn't for everyone. It is journaled, and the person sees that it was done.

    Raises:
        Forbidden: it is an admin's card, or one's own.
        NotFound: there is no such person in the team.
    """
    business_id = actor.here
    must_look_after(actor, await colleague(tx, business_id, command.person_id))
    fields = revealed(await tx.get(Employee, command.person_id)).filled
    reading = await note(tx, actor, command.person_id, "read", fields)
    return CardReadingRef(id=reading.id, until=reading.until)
