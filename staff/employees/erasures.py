"""Erasures of employees: the card goes, and who read it; the name goes from what was told of their own readings."""

from sqlalchemy import delete

from people.announcements import PersonForgotten
from people.streams import business_stream, own_stream
from staff.colleagues import colleagues
from staff.employees.readings import CardReading
from staff.employees.records import Employee
from store.database import Transaction
from store.log import reword


async def erase_record(tx: Transaction, forgotten: PersonForgotten) -> None:
    """Erase what is kept about an employee."""
    business_id, person_id = forgotten.business_id, forgotten.person_id
    await tx.execute(delete(CardReading).where(CardReading.person_id == person_id))
    await tx.execute(delete(Employee).where(Employee.person_id == person_id))
    team = [own_stream(each.id, business_id).name for each in await colleagues(tx, business_id, gone_too=True)]
    await reword(tx, team, ("card_reading", "reader_id"), person_id, {"reader_name": forgotten.pseudonym})
    blank = {"position": "", "work_phone": ""}
    await reword(tx, [business_stream(business_id).name], ("employee", "id"), person_id, blank)
