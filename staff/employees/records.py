"""Records: what is kept about an employee.

The part for the team is the position and the work phone; whoever holds the permission ``staff`` sees more. What
concerns the person alone is encrypted, and is shown only under a *reading*: somebody's act that the person sees (see
``staff.employees.readings``). Events never carry it, since the log is not encrypted.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business, today_in
from people.streams import business_stream
from staff.colleagues import Colleague, colleague
from staff.employees.dates import Dates, must_be_possible
from staff.employees.events import EmployeeChanged
from staff.employees.forms import EmployeeForm
from staff.employees.readings import note
from staff.employees.statuses import use_status
from store.commands import Command
from store.database import Transaction
from store.days import CalendarDay
from store.errors import Forbidden
from store.own_rows import change
from store.rows import Row
from store.secrets.ciphers import Sealed, cipher
from store.texts.texts import Lines


class Hidden(BaseModel):
    """What is kept encrypted. A date is kept as ISO 8601 writes it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    birth_date: date | None = None
    identity: str = ""
    tax_number: str = ""
    address: str = ""
    home_phone: str = ""
    rating: int | None = None
    notes: str = ""

    @property
    def filled(self) -> list[str]:
        """These are the fields in which something stands."""
        return [field for field, value in self.model_dump().items() if value not in (None, "")]


class Employee(Row):
    """A card. It is made when something is first written on it."""

    __tablename__ = "employees"
    __table_args__ = (CheckConstraint("employed_until >= employed_from", name="employed"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    surname: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    patronymic: Mapped[str] = mapped_column(Text)
    position: Mapped[str] = mapped_column(Text)
    work_phone: Mapped[str] = mapped_column(Text)
    mobile_phone: Mapped[str] = mapped_column(Text)
    fax: Mapped[str] = mapped_column(Text)
    messengers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    employed_from: Mapped[date | None]
    employed_until: Mapped[date | None]
    status_id: Mapped[UUID | None] = mapped_column(ForeignKey("employee_statuses.id"))
    hidden: Mapped[bytes | None] = mapped_column(Sealed)
    changed_at: Mapped[datetime]


TEXTS = ("surname", "first_name", "patronymic", "position", "work_phone", "mobile_phone", "fax")
EMPLOYED = ("employed_from", "employed_until")
FOR_THE_TEAM = ("position", "work_phone")
HIDDEN = tuple(Hidden.model_fields)


def _line(length: int = 120) -> Any:
    return Field(None, max_length=length)


class ChangeEmployee(Command, touches="work", needs="staff", area="people"):
    """What is sent is changed; the rest stays."""

    person_id: UUID
    surname: str | None = _line()
    first_name: str | None = _line()
    patronymic: str | None = _line()
    position: str | None = _line()
    work_phone: str | None = _line(60)
    mobile_phone: str | None = _line(60)
    fax: str | None = _line(60)
    messengers: list[str] | None = Field(None, max_length=20)
    """Free text each: ``Signal: +40 721 000 000``."""
    employed_from: CalendarDay | None = None
    employed_until: CalendarDay | None = None
    status_id: UUID | None = None
    birth_date: CalendarDay | None = None
    identity: Lines | None = _line(500)
    tax_number: str | None = _line(60)
    address: Lines | None = _line(500)
    home_phone: str | None = _line(60)
    rating: int | None = Field(None, ge=1, le=5)
    notes: Lines | None = _line(5000)


async def change_employee(tx: Transaction, actor: Actor, command: ChangeEmployee) -> EmployeeForm:
    """Write on someone's card. Admins do, and staff who manage staff, but not on an admin's nor on their own.

    The person sees that it was done.

    Raises:
        Forbidden: it is an admin's card, or one's own.
        NotFound: there is no such person in the team.
        Invalid: a date can't be, by itself or beside the others, or there is no such status.
    """
    business_id = actor.here
    must_look_after(actor, await colleague(tx, business_id, command.person_id))
    record = await _record_to_write(tx, business_id, command.person_id)
    given = _written(command)
    await _must_be_possible(tx, record, given)
    if given.get("status_id") is not None:
        await use_status(tx, business_id, given["status_id"])
    changed = change(record, {name: value for name, value in given.items() if name not in HIDDEN})
    changed += _hide(record, {name: given[name] for name in HIDDEN if name in given})
    record.changed_at = tx.now
    await tx.flush()
    form = employee_form(record)
    if set(changed) & set(FOR_THE_TEAM):
        tx.record(business_stream(business_id), EmployeeChanged(employee=form), by=actor.id, audience="team")
    if changed:
        await note(tx, actor, command.person_id, "changed", changed)
    return form


def _written(command: ChangeEmployee) -> dict[str, Any]:
    """These are the fields that were sent, an emptied text as an empty one."""
    texts = {*TEXTS, "identity", "tax_number", "address", "home_phone", "notes"}
    given = {name: value for name, value in command.given().items() if name != "person_id"}
    given |= {name: "" for name, value in given.items() if value is None and name in texts}
    if "messengers" in given:
        given["messengers"] = [line.strip()[:200] for line in given["messengers"] or () if line.strip()]
    return given


async def _must_be_possible(tx: Transaction, record: Employee, given: dict[str, Any]) -> None:
    business = await tx.get(Business, record.business_id)
    assert business
    were = {"birth_date": revealed(record).birth_date} | {name: getattr(record, name) for name in EMPLOYED}
    dates = Dates(**were | {name: given[name] for name in were if name in given})
    must_be_possible(dates, given, today_in(business, tx.now))


def _hide(record: Employee, given: dict[str, Any]) -> list[str]:
    was = revealed(record)
    becomes = was.model_copy(update=given)
    changed = [name for name in given if getattr(was, name) != getattr(becomes, name)]
    if changed:
        record.hidden = cipher().encrypt(orjson.dumps(becomes.model_dump(mode="json")).decode())
    return changed


def revealed(record: Employee | None) -> Hidden:
    """This is what is encrypted on a card."""
    if record is None or record.hidden is None:
        return Hidden()
    return Hidden.model_validate(orjson.loads(cipher().decrypt(record.hidden)))


def must_look_after(actor: Actor, person: Colleague) -> None:
    if not looks_after(actor, person):
        raise Forbidden()


async def _record_to_write(tx: Transaction, business_id: UUID, person_id: UUID) -> Employee:
    await tx.get(Account, person_id, lock=True)  # two first writings would make two cards
    found = await tx.get(Employee, person_id, lock=True)
    if found is None:
        found = Employee(
            person_id=person_id,
            business_id=business_id,
            messengers=[],
            changed_at=tx.now,
            **dict.fromkeys(TEXTS, ""),
        )
        tx.add(found)
        await tx.flush()
    return found


def employee_form(row: Employee | None, person_id: UUID | None = None) -> EmployeeForm:
    if row is None:
        assert person_id
        return EmployeeForm(id=person_id, position="", work_phone="")
    return EmployeeForm(id=row.person_id, position=row.position, work_phone=row.work_phone)


def looks_after(actor: Actor, person: Colleague) -> bool:
    """Whether somebody may read and write all of a card: admins everyone's, who manages staff the other staff's."""
    return actor.kind == "admin" or (actor.may("staff") and person.kind == "staff" and person.id != actor.id)
