"""What is read of leave."""

from pydantic import BaseModel

from people.actors import Actor
from staff.leave.absences import absences_ahead
from staff.leave.forms import AbsenceForm
from store.database import Transaction
from store.errors import NotFound
from store.reads import read


class Absences(BaseModel):
    absences: list[AbsenceForm]


@read("/absences", area="leave", refuses=(NotFound,))
async def absences(tx: Transaction, actor: Actor) -> Absences:
    """Who of the team is away, or will be soon, for the team."""
    return Absences(absences=await absences_ahead(tx, actor))


READS = (absences,)
