"""Erasures of leave: when one was away stays, since days were paid for it; what is written about it goes."""

from sqlalchemy import delete, update

from people.announcements import PersonForgotten
from people.streams import own_stream
from staff.colleagues import colleagues
from staff.leave.feeds import CalendarFeed
from staff.leave.leave_rows import Leave
from staff.leave.weeks import EmployeeWeek
from store.database import Transaction
from store.keys import forget_answers
from store.log import reword


async def erase_leave(tx: Transaction, forgotten: PersonForgotten) -> None:
    """Erase the notes and reasons of someone's leave, also where they were told, and their calendar's address.

    Whoever decided on it by a key keeps no answer with its words either.
    """
    business_id, person_id = forgotten.business_id, forgotten.person_id
    blank = {"note": "", "reason": ""}
    blanked = update(Leave).where(Leave.person_id == person_id).values(**blank).returning(Leave.id)
    ids = (await tx.execute(blanked.execution_options(synchronize_session=False))).scalars()
    await forget_answers(tx, business_id, *ids)
    await tx.execute(delete(EmployeeWeek).where(EmployeeWeek.person_id == person_id))
    await tx.execute(delete(CalendarFeed).where(CalendarFeed.person_id == person_id))
    team = [own_stream(each.id, business_id).name for each in await colleagues(tx, business_id, gone_too=True)]
    await reword(tx, team, ("leave", "person_id"), person_id, blank)
