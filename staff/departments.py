"""Departments: the firm as a tree, each with a head, deputies and people, and addressable as a group.

Whatever changes the tree locks all of the business's departments, in one order: two moves made at once can't close a
circle that neither of them would.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.departures import Held, Holding, Leaving
from people.names import name_taken
from people.parties import Party
from people.streams import business_stream
from staff.colleagues import must_be_colleague
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, NotFound, _
from store.events import Event, Form, Gone
from store.rows import Row
from store.sorting import by_name


class Department(Row):
    __tablename__ = "departments"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="parent"),
        UniqueConstraint("business_id", "parent_id", "name", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    head_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    added_at: Mapped[datetime]


class Deputy(Row):
    """Who stands in for a department's head."""

    __tablename__ = "department_deputies"

    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True, index=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)


class Seat(Row):
    """Someone's seat in a department. One is their main one; others may stand beside it."""

    __tablename__ = "department_members"
    __table_args__ = (Index("uq_department_members_main", "person_id", unique=True, postgresql_where=text("main")),)

    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True, index=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    main: Mapped[bool] = mapped_column(default=True)


class SeatForm(BaseModel):
    """Someone in a department; ``main`` where it is their main one."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)

    person_id: UUID
    main: bool


class DepartmentForm(Form):
    """A department with its people."""

    thing: ClassVar[str] = "department"
    things: ClassVar[str] = "departments"

    parent_id: UUID | None
    name: str
    head_id: UUID | None
    deputy_ids: list[UUID]
    members: list[SeatForm]


class DepartmentAdded(Event):
    """A department was added."""

    department: DepartmentForm


class DepartmentChanged(Event):
    """A department was renamed or moved, or its head, deputies or people were changed."""

    department: DepartmentForm
    changed: list[str]


class DepartmentRemoved(Event):
    """A department was removed."""

    department: Gone


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
    tree = await _locked(tx, business_id)
    _must_be_there(tree, command.parent_id)
    await _must_be_colleagues(tx, business_id, command)
    await _must_be_free(tx, business_id, command.name, command.parent_id)
    department = Department(
        id=tx.new_id(),
        business_id=business_id,
        parent_id=command.parent_id,
        name=command.name,
        head_id=command.head_id,
        added_at=tx.now,
    )
    async with tx.refusing("uq_departments", _name_taken()):
        tx.add(department)
    (form,) = await _forms(tx, [department])
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
    tree = await _locked(tx, business_id)
    department = _own(tree, command.department_id)
    given = command.given()
    if "parent_id" in given:
        _must_be_there(tree, command.parent_id)
        if department.id in _way_up(tree, command.parent_id):
            raise DepartmentInItself()
    await _must_be_colleagues(tx, business_id, command)
    await _must_be_two(tx, department, given)
    changed: list[str] = [
        field
        for field in ("name", "parent_id", "head_id")
        if field in given and not (field == "name" and command.name is None)
        if getattr(department, field) != given[field]
    ]
    if {"name", "parent_id"} & set(changed):
        name = command.name or department.name
        await _must_be_free(tx, business_id, name, given.get("parent_id", department.parent_id), but=department.id)
    async with tx.refusing("uq_departments", _name_taken()):
        for field in changed:
            setattr(department, field, given[field])
    if command.deputy_ids is not None and await _set_deputies(tx, department, set(command.deputy_ids)):
        changed.append("deputy_ids")
    return await _told(tx, actor, department, changed)


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
    tree = await _locked(tx, business_id)
    department = _own(tree, command.department_id)
    below = [each for each in tree.values() if each.parent_id == department.id]
    seats = list(await tx.scalars(select(Seat).where(Seat.department_id == department.id)))
    if (below or seats) and not command.move_up:
        raise DepartmentNotEmpty()
    for each in below:
        await _must_be_free(tx, business_id, each.name, department.parent_id, but=department.id, field="move_up")
    async with tx.refusing("uq_departments", _name_taken("move_up")):
        for each in below:
            each.parent_id = department.parent_id
    await tx.execute(delete(Seat).where(Seat.department_id == department.id))
    await tx.execute(delete(Deputy).where(Deputy.department_id == department.id))
    above = tree.get(department.parent_id) if department.parent_id else None
    for seat in seats if above else ():
        assert above
        await _put(tx, above, seat.person_id, main=seat.main)
    await tx.delete(department)
    await tx.flush()
    for each in below:
        await _told(tx, actor, each, ["parent_id"])
    if above and seats:
        await _told(tx, actor, above, ["members"])
    tx.record(
        business_stream(business_id),
        DepartmentRemoved(department=Gone(id=department.id)),
        by=actor.id,
        audience="team",
    )


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
    tree = await _locked(tx, business_id)
    department = _own(tree, command.department_id)
    await must_be_colleague(tx, business_id, command.person_id)
    left = await settle(tx, tree, department, command.person_id, main=command.main)
    for each in left:
        await _told(tx, actor, each, ["members"])
    return await _told(tx, actor, department, ["members"])


class RemoveDepartmentMember(Command, touches="work", needs="staff", area="people"):
    department_id: UUID
    person_id: UUID


async def remove_department_member(tx: Transaction, actor: Actor, command: RemoveDepartmentMember) -> DepartmentForm:
    """Take someone out of a department. Admins do, and staff who manage staff.

    Raises:
        NotFound: the department isn't there, or is another business's, or they aren't in it.
    """
    business_id = actor.here
    department = _own(await _locked(tx, business_id), command.department_id)
    seat = await tx.get(Seat, (department.id, command.person_id))
    if seat is None:
        raise NotFound()
    await tx.delete(seat)
    await tx.flush()
    return await _told(tx, actor, department, ["members"])


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
    await _put(tx, department, person_id, main=main or not was_main)
    return [tree[id] for id in was_main if id in tree] if main else []


async def departments(tx: Transaction, actor: Actor) -> list[DepartmentForm]:
    """These are the business's departments, by name.

    Raises:
        NotFound: a client or a superadmin asks.
    """
    rows = await tx.scalars(
        select(Department).where(Department.business_id == _team_of(actor)).order_by(Department.id).limit(2000)
    )
    return await _forms(tx, by_name(rows, actor.language))


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


async def leaders_of(tx: Transaction, business_id: UUID, person_id: UUID) -> set[UUID]:
    """These are the heads and deputies of the departments that someone is in, and of those above them."""
    led = await leading(tx, business_id)
    return {leader for leader, people in led.items() if person_id in people}


async def leading(tx: Transaction, business_id: UUID) -> dict[UUID, set[UUID]]:
    """These are the people whom each head or deputy leads: those of their departments and of all below."""
    rows = await tx.scalars(select(Department).where(Department.business_id == business_id))
    forms = await _forms(tx, list(rows))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for form in forms:
        leaders = {*form.deputy_ids, *([form.head_id] if form.head_id else [])}
        if leaders:
            people = {person for node in branch(forms, form.id) for person in everyone_in(node.department)}
            for leader in leaders:
                found[leader] |= people - {leader}
    return found


@dataclass(frozen=True, slots=True)
class Node:
    """A department where it stands in the tree; the top has the depth 0."""

    department: DepartmentForm
    depth: int


def tree_of(forms: Iterable[DepartmentForm]) -> list[Node]:
    """These are the departments as a tree, each before those below it."""
    return list(_below(_by_parent(forms), None, 0))


def branch(forms: Iterable[DepartmentForm], id: UUID) -> list[Node]:
    """These are a department and all below it."""
    forms = list(forms)
    top = [Node(form, 0) for form in forms if form.id == id]
    return [*top, *_below(_by_parent(forms), id, 1)]


def everyone_in(form: DepartmentForm) -> set[UUID]:
    """These are a department's own people, whatever they are in it."""
    heads = {form.head_id} if form.head_id else set()
    return heads | set(form.deputy_ids) | {seat.person_id for seat in form.members}


def reaching(forms: Iterable[DepartmentForm], person_id: UUID) -> set[UUID]:
    """These are the departments by which someone is addressed: those that they are in, and all above."""
    parents = {form.id: form for form in forms}
    found: set[UUID] = set()
    for form in parents.values():
        up: DepartmentForm | None = form if person_id in everyone_in(form) else None
        while up is not None and up.id not in found:
            found.add(up.id)
            up = parents.get(up.parent_id) if up.parent_id else None
    return found


def _by_parent(forms: Iterable[DepartmentForm]) -> dict[UUID | None, list[DepartmentForm]]:
    found: dict[UUID | None, list[DepartmentForm]] = defaultdict(list)
    for form in forms:
        found[form.parent_id].append(form)
    return found


def _below(by_parent: dict[UUID | None, list[DepartmentForm]], id: UUID | None, depth: int) -> Iterator[Node]:
    for form in by_parent.get(id, ()):
        yield Node(form, depth)
        yield from _below(by_parent, form.id, depth + 1)


async def _locked(tx: Transaction, business_id: UUID) -> dict[UUID, Department]:
    rows = await tx.scalars(
        select(Department)
        .where(Department.business_id == business_id)
        .order_by(Department.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _own(tree: dict[UUID, Department], id: UUID) -> Department:
    if id not in tree:
        raise NotFound()
    return tree[id]


def _must_be_there(tree: dict[UUID, Department], parent_id: UUID | None) -> None:
    if parent_id is not None and parent_id not in tree:
        raise Invalid(fields={"parent_id": _("There is no such department.")})


async def _must_be_free(
    tx: Transaction,
    business_id: UUID,
    name: str,
    parent_id: UUID | None,
    *,
    but: UUID | None = None,
    field: str = "name",
) -> None:
    beside = Department.parent_id.is_not_distinct_from(parent_id)
    if await name_taken(tx, Department, business_id, name, beside, but=but):
        raise _name_taken(field)


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
    head_id, were = given.get("head_id", department.head_id), await _deputies(tx, department)
    wanted = given.get("deputy_ids")
    if head_id is None or head_id not in (were if wanted is None else wanted):
        return
    if head_id in were:
        raise Invalid(fields={"head_id": _("The head can't also be a deputy. Remove them from the deputies first.")})
    raise Invalid(fields={"deputy_ids": _("The head can't be their own deputy.")})


async def _deputies(tx: Transaction, department: Department) -> set[UUID]:
    return set(await tx.scalars(select(Deputy.person_id).where(Deputy.department_id == department.id)))


async def _set_deputies(tx: Transaction, department: Department, wanted: set[UUID]) -> bool:
    are = await _deputies(tx, department)
    await tx.execute(delete(Deputy).where(Deputy.department_id == department.id, Deputy.person_id.in_(are - wanted)))
    for person_id in wanted - are:
        tx.add(Deputy(department_id=department.id, person_id=person_id, business_id=department.business_id))
    await tx.flush()
    return are != wanted


async def _put(tx: Transaction, department: Department, person_id: UUID, *, main: bool) -> None:
    values = {
        "department_id": department.id,
        "person_id": person_id,
        "business_id": department.business_id,
        "main": main,
    }
    query = insert(Seat).values(values)
    keep = {"main": query.excluded.main | Seat.main}
    await tx.execute(query.on_conflict_do_update(index_elements=["department_id", "person_id"], set_=keep))


async def _told(tx: Transaction, actor: Actor, department: Department, changed: list[str]) -> DepartmentForm:
    (form,) = await _forms(tx, [department])
    if changed:
        event = DepartmentChanged(department=form, changed=changed)
        tx.record(business_stream(department.business_id), event, by=actor.id, audience="team")
    return form


async def _forms(tx: Transaction, rows: list[Department]) -> list[DepartmentForm]:
    ids = [row.id for row in rows]
    deputies: dict[UUID, list[UUID]] = defaultdict(list)
    for deputy in await tx.scalars(select(Deputy).where(Deputy.department_id.in_(ids)).order_by(Deputy.person_id)):
        deputies[deputy.department_id].append(deputy.person_id)
    members: dict[UUID, list[SeatForm]] = defaultdict(list)
    seats = select(Seat.department_id, Seat.person_id, Seat.main).where(Seat.department_id.in_(ids))
    for seat in await tx.execute(seats.order_by(Seat.person_id)):
        members[seat.department_id].append(SeatForm(person_id=seat.person_id, main=seat.main))
    return [
        DepartmentForm(
            id=row.id,
            parent_id=row.parent_id,
            name=row.name,
            head_id=row.head_id,
            deputy_ids=deputies[row.id],
            members=members[row.id],
        )
        for row in rows
    ]


def _team_of(actor: Actor) -> UUID:
    if not actor.of_the_team or actor.business_id is None:
        raise NotFound()
    return actor.business_id


def _name_taken(field: str = "name") -> Invalid:
    return Invalid(fields={field: _("There is already a department with this name here.")})


async def departments_held(tx: Transaction, held: Held) -> list[Holding]:
    """This is how many departments somebody leads."""
    led = select(func.count()).select_from(Department).where(Department.head_id == held.person_id)
    return [Holding("departments", int(await tx.scalar(led)), needs_successor=False)]


async def leave_departments(tx: Transaction, leaving: Leaving) -> None:
    """Take someone who leaves out of all departments. Whoever takes over becomes head where they were; deputies and
    members go without replacement."""
    if leaving.whom.person.kind == "client":
        return
    actor, person_id = leaving.by, leaving.whom.id
    successor_id = leaving.successor.id if leaving.successor else None
    tree = await _locked(tx, leaving.whom.business_id)
    forms = await _forms(tx, list(tree.values()))
    touched = [form.id for form in forms if person_id in everyone_in(form)]
    await tx.execute(delete(Seat).where(Seat.person_id == person_id))
    await tx.execute(delete(Deputy).where(Deputy.person_id == person_id))
    for id in touched:
        changed = ["members"]
        if tree[id].head_id == person_id:
            tree[id].head_id = successor_id
            changed.append("head_id")
            if successor_id and await _set_deputies(tx, tree[id], await _deputies(tx, tree[id]) - {successor_id}):
                changed.append("deputy_ids")
        await tx.flush()
        await _told(tx, actor, tree[id], changed)
