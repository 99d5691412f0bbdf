"""Statuses of employees: a business's own list, which begins with those that everyone needs."""

from uuid import UUID, uuid5

from pydantic import Field
from sqlalchemy import ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.names import Names
from people.streams import business_stream
from staff.employees.events import EmployeeStatusAdded, EmployeeStatusChanged, EmployeeStatusRemoved
from staff.employees.forms import EmployeeStatusForm
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, NotFound, _
from store.events import Gone
from store.own_rows import own_row
from store.rows import Row
from store.texts.sorting import by_name

BUILT_IN = {
    "active": _("Active"),
    "probation": _("On probation"),
    "long_leave": _("On long leave"),
    "suspended": _("Suspended"),
    "left": _("Has left"),
}


class EmployeeStatus(Row):
    """A built-in one stands here from when it is first used: until then it needs no row."""

    __tablename__ = "employee_statuses"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    key: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class StatusInUse(Conflict):
    code = "status_in_use"
    message = _("People have this status. Give them another one first.")


class AddEmployeeStatus(Command, touches="work", needs="staff", area="people"):
    name: str = Field(min_length=1, max_length=60)


async def add_employee_status(tx: Transaction, actor: Actor, command: AddEmployeeStatus) -> EmployeeStatusForm:
    """Add a status that employees may have. Admins do, and staff who manage staff.

    Raises:
        Invalid: there is one of this name.
    """
    business_id = actor.here
    status = EmployeeStatus(id=tx.new_id(), business_id=business_id, name=command.name)
    await NAMES.add(tx, status)
    form = EmployeeStatusForm.model_validate(status)
    tx.record(business_stream(business_id), EmployeeStatusAdded(employee_status=form), by=actor.id, audience="team")
    return form


class RenameEmployeeStatus(Command, touches="work", needs="staff", area="people"):
    status_id: UUID
    name: str = Field(min_length=1, max_length=60)


async def rename_employee_status(tx: Transaction, actor: Actor, command: RenameEmployeeStatus) -> EmployeeStatusForm:
    """Rename a status of the business's own. Admins do, and staff who manage staff.

    Raises:
        NotFound: it isn't there, is built in, or is another business's.
        Invalid: there is one of this name.
    """
    business_id = actor.here
    status = await _own(tx, business_id, command.status_id)
    await NAMES.change(tx, status, {"name": command.name})
    form = EmployeeStatusForm.model_validate(status)
    event = EmployeeStatusChanged(employee_status=form)
    tx.record(business_stream(business_id), event, by=actor.id, audience="team")
    return form


class RemoveEmployeeStatus(Command, touches="work", needs="staff", area="people"):
    status_id: UUID


async def remove_employee_status(tx: Transaction, actor: Actor, command: RemoveEmployeeStatus) -> None:
    """Remove a status of the business's own that nobody has. Admins do, and staff who manage staff.

    Raises:
        NotFound: it isn't there, is built in, or is another business's.
        StatusInUse: somebody has it.
    """
    business_id = actor.here
    status = await _own(tx, business_id, command.status_id)
    async with tx.refusing("fk_employees_status_id", StatusInUse()):
        await tx.delete(status)
    event = EmployeeStatusRemoved(employee_status=Gone(id=status.id))
    tx.record(business_stream(business_id), event, by=actor.id, audience="team")


async def statuses(tx: Transaction, business_id: UUID, language: str = "en") -> list[EmployeeStatusForm]:
    """These are the statuses that a business's employees may have, the built-in ones first, its own by name."""
    built_in = [EmployeeStatusForm(id=uuid5(business_id, key), key=key, name=name) for key, name in BUILT_IN.items()]
    own = await tx.scalars(
        select(EmployeeStatus)
        .where(EmployeeStatus.business_id == business_id, EmployeeStatus.key.is_(None))
        .order_by(EmployeeStatus.id)
    )
    return [*built_in, *(EmployeeStatusForm.model_validate(row) for row in by_name(own, language))]


async def use_status(tx: Transaction, business_id: UUID, status_id: UUID) -> None:
    """Make sure that a status can be given to somebody.

    Raises:
        Invalid: there is none such, on the field ``status_id``.
    """
    for status in await statuses(tx, business_id):
        if status.id == status_id:
            values = {**status.model_dump(), "business_id": business_id}
            await tx.execute(insert(EmployeeStatus).values(values).on_conflict_do_nothing())
            return
    raise Invalid(fields={"status_id": _("There is no such status.")})


async def _own(tx: Transaction, business_id: UUID, status_id: UUID) -> EmployeeStatus:
    status = await own_row(tx, EmployeeStatus, business_id, status_id)
    if status.key is not None:
        raise NotFound()
    return status


def _name_taken() -> Invalid:
    return Invalid(fields={"name": _("This name is already taken.")})


NAMES = Names(EmployeeStatus, "uq_employee_statuses", _name_taken, tuple(BUILT_IN.values()))
