"""Departments as rows, and how they are locked, changed and told."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.streams import business_stream
from staff.department_forms import DepartmentChanged, DepartmentForm, SeatForm
from store.database import Transaction
from store.errors import NotFound
from store.rows import Row


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


async def locked_tree(tx: Transaction, business_id: UUID) -> dict[UUID, Department]:
    rows = await tx.scalars(
        select(Department)
        .where(Department.business_id == business_id)
        .order_by(Department.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def own_department(tree: dict[UUID, Department], id: UUID) -> Department:
    if id not in tree:
        raise NotFound()
    return tree[id]


async def deputies_of(tx: Transaction, department: Department) -> set[UUID]:
    return set(await tx.scalars(select(Deputy.person_id).where(Deputy.department_id == department.id)))


async def set_deputies(tx: Transaction, department: Department, wanted: set[UUID]) -> bool:
    are = await deputies_of(tx, department)
    await tx.execute(delete(Deputy).where(Deputy.department_id == department.id, Deputy.person_id.in_(are - wanted)))
    for person_id in wanted - are:
        tx.add(Deputy(department_id=department.id, person_id=person_id, business_id=department.business_id))
    await tx.flush()
    return are != wanted


async def put_in(tx: Transaction, department: Department, person_id: UUID, *, main: bool) -> None:
    values = {
        "department_id": department.id,
        "person_id": person_id,
        "business_id": department.business_id,
        "main": main,
    }
    query = insert(Seat).values(values)
    keep = {"main": query.excluded.main | Seat.main}
    await tx.execute(query.on_conflict_do_update(index_elements=["department_id", "person_id"], set_=keep))


async def told(tx: Transaction, actor: Actor, department: Department, changed: list[str]) -> DepartmentForm:
    (form,) = await forms_of(tx, [department])
    if changed:
        event = DepartmentChanged(department=form, changed=changed)
        tx.record(business_stream(department.business_id), event, by=actor.id, audience="team")
    return form


async def forms_of(tx: Transaction, rows: list[Department]) -> list[DepartmentForm]:
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
