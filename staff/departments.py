"""Departments: the firm as a tree, each with a head, deputies and people, and addressable as a group.

Whatever changes the tree locks all of the business's departments, in one order: two moves made at once can't close a
circle that neither of them would.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete, select

from people.accounts import Account
from people.actors import Actor
from people.names import Names, name_taken
from people.parties import Party
from people.streams import business_stream
from staff.colleagues import must_be_colleague
from staff.department_forms import DepartmentAdded, DepartmentForm, DepartmentRemoved
from staff.department_rows import (
    Department,
    Deputy,
    Seat,
    deputies_of,
    forms_of,
    locked_tree,
    own_department,
    put_in,
    set_deputies,
    told,
)
from staff.department_trees import branch, everyone_in
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, NotFound, _
from store.events import Gone
from store.texts.sorting import by_name


class DepartmentNotEmpty(Conflict):
    code = "department_not_empty"
    message = _("It has people or departments in it. Move them up or elsewhere first.")


class DepartmentInItself(Conflict):
    code = "department_in_itself"
    message = _("A department can't be moved into itself or into one below it.")


Name = Field(min_length=1, max_length=120)


class AddDepartment(Command, touches="work", needs="staff", area="people", fields_touch={"head_id": "rights"}):
    name: str = Name
    parent_id: UUID | None = None
    head_id: UUID | None = None


async def add_department(tx: Transaction, actor: Actor, command: AddDepartment) -> DepartmentForm:
    """Add a department. Admins do, and staff who manage staff.

    Raises:
        Invalid: there is no such department above it, no such head, or one of this name stands there.
    """
    business_id = actor.here
    tree = await locked_tree(tx, business_id)
    _must_be_there(tree, command.parent_id)
    await _must_be_colleagues(tx, business_id, command)
    department = Department(
        id=tx.new_id(),
        business_id=business_id,
        parent_id=command.parent_id,
        name=command.name,
        head_id=command.head_id,
        added_at=tx.now,
    )
    await NAMES.add(tx, department)
    (form,) = await forms_of(tx, [department])
    tx.record(business_stream(business_id), DepartmentAdded(department=form), by=actor.id, audience="team")
    return form


class ChangeDepartment(
    Command, touches="work", needs="staff", area="people", fields_touch={"head_id": "rights", "deputy_ids": "rights"}
):
    department_id: UUID
    name: str | None = Field(None, min_length=1, max_length=120)
    parent_id: UUID | None = None
    """Null puts it at the top."""
    head_id: UUID | None = None
    deputy_ids: list[UUID] | None = Field(None, max_length=50)


async def change_department(tx: Transaction, actor: Actor, command: ChangeDepartment) -> DepartmentForm:
    """Rename or move a department, or choose its head and deputies. Admins do, and staff who manage staff.

    Raises:
        NotFound: the department isn't there, or is another business's.
        Invalid: what it is to be under, or who is to lead it, isn't there; one of this name stands there; or its head
            would be their own deputy.
        DepartmentInItself: it would be under itself.
    """
    business_id = actor.here
    tree = await locked_tree(tx, business_id)
    department = own_department(tree, command.department_id)
    given = command.changes("department_id", null=("parent_id", "head_id"))
    if "parent_id" in given:
        _must_be_there(tree, command.parent_id)
        if department.id in _way_up(tree, command.parent_id):
            raise DepartmentInItself()
    await _must_be_colleagues(tx, business_id, command)
    await _must_be_two(tx, department, given)
    deputy_ids = given.pop("deputy_ids", None)
    changed = await NAMES.change(tx, department, given)
    if deputy_ids is not None and await set_deputies(tx, department, set(deputy_ids)):
        changed.append("deputy_ids")
    return await told(tx, actor, department, changed)


class RemoveDepartment(Command, touches="work", needs="staff", area="people"):
    department_id: UUID
    move_up: bool = False
    """Move its people, and the departments below it, to the one above it."""


async def remove_department(tx: Transaction, actor: Actor, command: RemoveDepartment) -> None:
    """Remove an empty department, or one whose people move up. Admins do, and staff who manage staff.

    Raises:
        NotFound: the department isn't there, or is another business's.
        DepartmentNotEmpty: there is something in it, and it isn't to be moved.
        Invalid: one of those below it has the name of one that it would then stand beside.
    """
    business_id = actor.here
    tree = await locked_tree(tx, business_id)
    department = own_department(tree, command.department_id)
    below = [each for each in tree.values() if each.parent_id == department.id]
    seats = list(await tx.scalars(select(Seat).where(Seat.department_id == department.id)))
    if (below or seats) and not command.move_up:
        raise DepartmentNotEmpty()
    beside = Department.parent_id.is_not_distinct_from(department.parent_id)
    for each in below:
        if await name_taken(tx, Department, business_id, each.name, beside, but=department.id):
            raise _name_taken("move_up")
    async with tx.refusing("uq_departments", _name_taken("move_up")):
        for each in below:
            each.parent_id = department.parent_id
    await tx.execute(delete(Seat).where(Seat.department_id == department.id))
    await tx.execute(delete(Deputy).where(Deputy.department_id == department.id))
    above = tree.get(department.parent_id) if department.parent_id else None
    for seat in seats if above else ():
        assert above
        await put_in(tx, above, seat.person_id, main=seat.main)
    await tx.delete(department)
    await tx.flush()
    for each in below:
        await told(tx, actor, each, ["parent_id"])
    if above and seats:
        await told(tx, actor, above, ["members"])
    tx.record(
        business_stream(business_id),
        DepartmentRemoved(department=Gone(id=department.id)),
        by=actor.id,
        audience="team",
    )


async def departments(tx: Transaction, actor: Actor) -> list[DepartmentForm]:
    """These are the business's departments, by name.

    Raises:
        NotFound: a client or a superadmin asks.
    """
    rows = await tx.scalars(
        select(Department).where(Department.business_id == _team_of(actor)).order_by(Department.id).limit(2000)
    )
    return await forms_of(tx, by_name(rows, actor.language))


async def people_of_department(tx: Transaction, actor: Actor, id: UUID, *, deep: bool = True) -> list[UUID]:
    """These are the people of a department who can sign in, its head and deputies among them; deep: and those below.
    The earliest come first.

    Raises:
        NotFound: the department isn't there, or is another business's, or a client asks.
    """
    forms = {form.id: form for form in await departments(tx, actor)}
    if id not in forms:
        raise NotFound()
    within = {node.department.id for node in branch(forms.values(), id)} if deep else {id}
    found = {person_id for each in within for person_id in everyone_in(forms[each])}
    return list(
        await tx.scalars(
            select(Party.id)
            .join(Account, Account.person_id == Party.id)
            .where(Party.id.in_(found), Party.business_id == actor.business_id, Account.active)
            .order_by(Party.id)
        )
    )


async def leaders_of(tx: Transaction, business_id: UUID, person_id: UUID) -> set[UUID]:
    """These are the heads and deputies of the departments that someone is in, and of those above them."""
    led = await leading(tx, business_id)
    return {leader for leader, people in led.items() if person_id in people}


async def leading(tx: Transaction, business_id: UUID) -> dict[UUID, set[UUID]]:
    """These are the people whom each head or deputy leads: those of their departments and of all below."""
    rows = await tx.scalars(select(Department).where(Department.business_id == business_id))
    forms = await forms_of(tx, list(rows))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for form in forms:
        leaders = {*form.deputy_ids, *([form.head_id] if form.head_id else [])}
        if leaders:
            people = {person for node in branch(forms, form.id) for person in everyone_in(node.department)}
            for leader in leaders:
                found[leader] |= people - {leader}
    return found


def _must_be_there(tree: dict[UUID, Department], parent_id: UUID | None) -> None:
    if parent_id is not None and parent_id not in tree:
        raise Invalid(fields={"parent_id": _("There is no such department.")})


def _way_up(tree: dict[UUID, Department], id: UUID | None) -> Iterator[UUID]:
    while id is not None:
        yield id
        id = tree[id].parent_id


async def _must_be_colleagues(tx: Transaction, business_id: UUID, command: AddDepartment | ChangeDepartment) -> None:
    if command.head_id is not None:
        await must_be_colleague(tx, business_id, command.head_id, field="head_id")
    for person_id in (command.deputy_ids or ()) if isinstance(command, ChangeDepartment) else ():
        await must_be_colleague(tx, business_id, person_id, field="deputy_ids")


async def _must_be_two(tx: Transaction, department: Department, given: dict[str, Any]) -> None:
    """Refuse a head who would be their own deputy, on the field that makes them so."""
    head_id, were = given.get("head_id", department.head_id), await deputies_of(tx, department)
    wanted = given.get("deputy_ids")
    if head_id is None or head_id not in (were if wanted is None else wanted):
        return
    if head_id in were:
        raise Invalid(fields={"head_id": _("The head can't also be a deputy. Remove them from the deputies first.")})
    raise Invalid(fields={"deputy_ids": _("The head can't be their own deputy.")})


def _team_of(actor: Actor) -> UUID:
    if not actor.of_the_team or actor.business_id is None:
        raise NotFound()
    return actor.business_id


def _name_taken(field: str = "name") -> Invalid:
    return Invalid(fields={field: _("There is already a department with this name here.")})


NAMES = Names(Department, "uq_departments", _name_taken, beside="parent_id")
