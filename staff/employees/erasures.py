"""Erasures of employees: the card goes, and who read it; the name goes from what was told of their own readings."""

from uuid import UUID

from sqlalchemy import delete

from people.streams import business_stream, own_stream
from staff.colleagues import colleagues
from staff.employees.readings import CardReading
from staff.employees.records import Employee
from store.database import Transaction
from store.log import reword


async def erase_card(tx: Transaction, business_id: UUID, person_id: UUID, pseudonym: str) -> None:
    """Erase what is kept about an employee."""
    await tx.execute(delete(CardReading).where(CardReading.person_id == person_id))
    await tx.execute(delete(Employee).where(Employee.person_id == person_id))
    team = [own_stream(each.id, business_id).name for each in await colleagues(tx, business_id, gone_too=True)]
    await reword(tx, team, ("card_reading", "reader_id"), person_id, {"reader_name": pseudonym})
    blank = {"position": "", "work_phone": ""}
    await reword(tx, [business_stream(business_id).name], ("employee", "id"), person_id, blank)
