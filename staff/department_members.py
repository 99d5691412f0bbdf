"""Members of departments: who belongs to which, and what becomes of it when somebody comes or leaves."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func, select

from people.actors import Actor
from people.persons.departures import Held, Holding, Leaving
from staff.colleagues import must_be_colleague
from staff.department_forms import DepartmentForm
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
from staff.department_trees import everyone_in
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound
from store.texts.sorting import by_name


class AddDepartmentMember(Command, touches="work", needs="staff", area="people"):
    department_id: UUID
    person_id: UUID
    main: bool = True
    """Whether it is their main department from now on: then they leave the one that was."""


async def add_department_member(tx: Transaction, actor: Actor, command: AddDepartmentMember) -> DepartmentForm:
    """Put someone of the team into a department. Admins do, and staff who manage staff.

    Raises:
        NotFound: the department isn't there, or is another business's.
        Invalid: there is no such person in the team.
    """
    business_id = actor.here
    tree = await locked_tree(tx, business_id)
    department = own_department(tree, command.department_id)
    await must_be_colleague(tx, business_id, command.person_id)
    left = await settle(tx, tree, department, command.person_id, main=command.main)
    for each in left:
        await told(tx, actor, each, ["members"])
    return await told(tx, actor, department, ["members"])


class RemoveDepartmentMember(Command, touches="work", needs="staff", area="people"):
    department_id: UUID
    person_id: UUID


async def remove_department_member(tx: Transaction, actor: Actor, command: RemoveDepartmentMember) -> DepartmentForm:
    """Take someone out of a department. Admins do, and staff who manage staff.

    Raises:
        NotFound: the department isn't there, or is another business's, or they aren't in it.
    """
    business_id = actor.here
    department = own_department(await locked_tree(tx, business_id), command.department_id)
    seat = await tx.get(Seat, (department.id, command.person_id))
    if seat is None:
        raise NotFound()
    await tx.delete(seat)
    await tx.flush()
    return await told(tx, actor, department, ["members"])


async def settle(
    tx: Transaction, tree: dict[UUID, Department], department: Department, person_id: UUID, *, main: bool
) -> list[Department]:
    """Give someone a seat; these are the departments that they left for it. Their first seat is the main one."""
    mine = {
        seat.department_id: seat
        for seat in await tx.scalars(
            select(Seat).where(Seat.person_id == person_id, Seat.business_id == department.business_id)
        )
    }
    was_main = [seat.department_id for seat in mine.values() if seat.main and seat.department_id != department.id]
    if main and was_main:
        await tx.execute(delete(Seat).where(Seat.person_id == person_id, Seat.department_id.in_(was_main)))
    await put_in(tx, department, person_id, main=main or not was_main)
    return [tree[id] for id in was_main if id in tree] if main else []


async def seats_of(
    tx: Transaction, business_id: UUID, person_ids: Iterable[UUID], language: str
) -> dict[UUID, list[Department]]:
    """These are the departments that each is in, the main one first, then by name."""
    found: dict[UUID, list[Department]] = defaultdict(list)
    rows = await tx.execute(
        select(Seat.person_id, Department, Seat.main)
        .join(Department, Department.id == Seat.department_id)
        .where(Seat.business_id == business_id, Seat.person_id.in_(list(person_ids)))
        .order_by(Department.id)
    )
    named = by_name(rows, language, lambda row: row[1].name)
    for person_id, department, _main in sorted(named, key=lambda row: not row.main):
        found[person_id].append(department)
    return found


async def departments_held(tx: Transaction, held: Held) -> list[Holding]:
    """This is how many departments somebody leads."""
    led = select(func.count()).select_from(Department).where(Department.head_id == held.person_id)
    return [Holding("departments", int(await tx.scalar(led)), needs_successor=False)]


async def leave_departments(tx: Transaction, leaving: Leaving) -> None:
    """Take someone who leaves out of all departments. Whoever takes over becomes head where they were, unless a
    program says who does, which gives nobody rights; deputies and members go without replacement."""
    if leaving.whom.person.kind == "client":
        return
    actor, person_id = leaving.by, leaving.whom.id
    successor_id = leaving.successor.id if leaving.successor and actor.scopes is None else None
    tree = await locked_tree(tx, leaving.whom.business_id)
    forms = await forms_of(tx, list(tree.values()))
    touched = [form.id for form in forms if person_id in everyone_in(form)]
    await tx.execute(delete(Seat).where(Seat.person_id == person_id))
    await tx.execute(delete(Deputy).where(Deputy.person_id == person_id))
    for id in touched:
        changed = ["members"]
        if tree[id].head_id == person_id:
            tree[id].head_id = successor_id
            changed.append("head_id")
            if successor_id and await set_deputies(tx, tree[id], await deputies_of(tx, tree[id]) - {successor_id}):
                changed.append("deputy_ids")
        await tx.flush()
        await told(tx, actor, tree[id], changed)
