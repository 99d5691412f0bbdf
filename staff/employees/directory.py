"""The directory of employees: each one's record as who asks may see it, and lists of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.accounts import Account
from people.actors import Actor
from people.parties import Party
from staff.colleagues import Colleague, colleague
from staff.department_members import seats_of
from staff.department_rows import Department
from staff.departments import people_of_department
from staff.employees.forms import CardReadingForm, EmployeeForm
from staff.employees.readings import CardReading, fresh_reading, readings_of
from staff.employees.records import TEXTS, Employee, Hidden, employee_form, looks_after, revealed
from store.database import Transaction
from store.errors import Forbidden, NotFound, _
from store.texts.folding import caseless
from store.texts.sorting import by_name


@dataclass
class EmployeeRecord:
    """Someone's card, as far as the asker may see it: None is what they may not."""

    person: Colleague
    own: bool
    form: EmployeeForm
    departments: list[Department]
    work: dict[str, Any] | None = None
    hidden: Hidden | None = None
    readings: list[CardReadingForm] | None = None
    reading: CardReading | None = None
    looked_after: bool = False
    """Whether the asker may ask for the rest of it, and write on it."""


async def employee_record(
    tx: Transaction, actor: Actor, person_id: UUID, reading_id: UUID | None = None
) -> EmployeeRecord:
    """This is someone's card. All of it to themselves, and under a fresh reading of the asker's.

    Raises:
        NotFound: there is no such person in the team, or a client asks.
        Forbidden: the reading is somebody else's, or too long ago.
    """
    if not actor.of_the_team or actor.business_id is None:
        raise NotFound()
    person = await colleague(tx, actor.business_id, person_id)
    row = await tx.get(Employee, person_id)
    seats = await seats_of(tx, actor.business_id, [person_id], actor.language)
    found = EmployeeRecord(
        person=person,
        own=_is_own(actor, person_id),
        form=employee_form(row, person_id),
        departments=seats.get(person_id, []),
    )
    found.looked_after = looks_after(actor, person)
    if not found.own and not found.looked_after:
        return found
    found.work = {name: getattr(row, name, None) for name in (*TEXTS, "employed_from", "employed_until", "status_id")}
    found.work["messengers"] = row.messengers if row else []
    found.readings = await readings_of(tx, person_id)
    if found.own:
        found.hidden = revealed(row)
    elif reading_id is not None:
        found.reading = await fresh_reading(tx, actor, person_id, reading_id)
        if found.reading is None:
            raise Forbidden(_("This is hidden again. Ask for it again."), code="reading_over")
        found.hidden = revealed(row)
    return found


def wire_record(found: EmployeeRecord) -> dict[str, Any]:
    """This is a card as the API gives it; null is what the asker may not see."""
    return {
        "person_id": found.person.id,
        "name": found.person.name,
        "position": found.form.position,
        "work_phone": found.form.work_phone,
        "department_ids": [department.id for department in found.departments],
        "work": found.work,
        "personal": found.hidden.model_dump(mode="json") if found.hidden else None,
        "readings": None if found.readings is None else [reading.model_dump(mode="json") for reading in found.readings],
    }


@dataclass(frozen=True, slots=True)
class Listed:
    """An employee in the list, as their team sees them."""

    id: UUID
    name: str
    kind: str
    position: str
    work_phone: str
    departments: list[str]


async def employees(
    tx: Transaction, actor: Actor, *, department_id: UUID | None = None, position: str = ""
) -> list[Listed]:
    """These are the people of the team who can sign in, by name; of a department with those below it, of a position.

    Raises:
        NotFound: a client asks, or there is no such department.
    """
    if not actor.of_the_team or actor.business_id is None:
        raise NotFound()
    query = (
        select(Party.id, Party.name, Party.kind, Employee.position, Employee.work_phone)
        .join(Account, Account.person_id == Party.id)
        .outerjoin(Employee, Employee.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Party.kind.in_(("admin", "staff")), Account.active)
    )
    if department_id is not None:
        query = query.where(Party.id.in_(await people_of_department(tx, actor, department_id)))
    rows = by_name(await tx.execute(query), actor.language)
    if wanted := caseless(position):
        rows = [row for row in rows if caseless(row.position or "") == wanted]
    rows = rows[:2000]
    seats = await seats_of(tx, actor.business_id, [row.id for row in rows], actor.language)
    return [
        Listed(
            id=row.id,
            name=row.name,
            kind=row.kind,
            position=row.position or "",
            work_phone=row.work_phone or "",
            departments=[department.name for department in seats.get(row.id, ())],
        )
        for row in rows
    ]


async def positions(tx: Transaction, actor: Actor) -> list[str]:
    """These are the positions that people of the business hold."""
    rows = await tx.scalars(
        select(Employee.position).where(Employee.business_id == actor.business_id, Employee.position != "").distinct()
    )
    return by_name(rows, actor.language, str)


def _is_own(actor: Actor, person_id: UUID) -> bool:
    """Whether it is the asker's own card; a superadmin who acts as somebody isn't them, nor is a program of theirs."""
    return person_id == actor.id and actor.impersonator_id is None and actor.scopes is None
