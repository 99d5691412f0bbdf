"""Kinds of leave: those that the law knows, and a business's own."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field
from sqlalchemy import ForeignKey, Numeric, Text, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.names import Names
from people.streams import business_stream
from staff.leave.events import LeaveKindAdded, LeaveKindChanged, LeaveKindRemoved
from staff.leave.forms import Color, LeaveKindForm
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, NotFound, _
from store.events import Gone
from store.own_rows import own_row
from store.rows import Row
from store.texts.sorting import by_name

BUILT_IN: dict[str, dict[str, Any]] = {
    "annual": {"name": _("Annual leave"), "color": "teal", "counted": True, "days_a_year": Decimal(21)},
    "medical": {"name": _("Sick leave"), "color": "red", "private": True},
    "other": {"name": _("Other time off"), "color": "blue", "paid": False},
}
_USUAL = {
    "paid": True, "counted": False, "approved": True, "private": False, "days_a_year": Decimal(0), "prorated": False,
}  # fmt: skip


class LeaveKind(Row):
    """A built-in one stands here from when it is first used or changed: until then it needs no row."""

    __tablename__ = "leave_kinds"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    key: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    color: Mapped[str] = mapped_column(Text)
    paid: Mapped[bool]
    counted: Mapped[bool]
    approved: Mapped[bool]
    """Whether it must be approved; else whoever asks for it has it."""
    private: Mapped[bool]
    """Whether only those who decide see which kind it is."""
    days_a_year: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    prorated: Mapped[bool] = mapped_column(default=False)
    """Whether who is employed for a part of a year has that part of its days."""
    retired_at: Mapped[datetime | None]


class AddLeaveKind(Command, touches="work", needs="staff", area="leave"):
    name: str = Field(min_length=1, max_length=60)
    color: Color = "gray"
    paid: bool = True
    counted: bool = False
    approved: bool = True
    private: bool = False
    days_a_year: Decimal = Field(Decimal(0), ge=0, le=366, multiple_of=0.5)
    prorated: bool = False


async def add_leave_kind(tx: Transaction, actor: Actor, command: AddLeaveKind) -> LeaveKindForm:
    """Add a kind of leave. Admins do, and staff who manage staff.

    Raises:
        Invalid: there is one of this name.
    """
    business_id = actor.here
    kind = LeaveKind(id=tx.new_id(), business_id=business_id, key=None, **command.model_dump())
    await NAMES.add(tx, kind)
    form = LeaveKindForm.model_validate(kind)
    tx.record(business_stream(business_id), LeaveKindAdded(leave_kind=form), by=actor.id, audience="team")
    return form


class ChangeLeaveKind(Command, touches="work", needs="staff", area="leave"):
    """What is sent is changed; the rest stays. A built-in kind keeps its name."""

    kind_id: UUID
    name: str | None = Field(None, min_length=1, max_length=60)
    color: Color | None = None
    paid: bool | None = None
    counted: bool | None = None
    approved: bool | None = None
    private: bool | None = None
    days_a_year: Decimal | None = Field(None, ge=0, le=366, multiple_of=0.5)
    prorated: bool | None = None


async def change_leave_kind(tx: Transaction, actor: Actor, command: ChangeLeaveKind) -> LeaveKindForm:
    """Change a kind of leave. Admins do, and staff who manage staff.

    Raises:
        NotFound: it isn't there, or is another business's.
        Invalid: there is one of this name.
    """
    business_id = actor.here
    kind = await kind_of(tx, business_id, command.kind_id)
    given = command.changes("kind_id")
    if kind.key is not None:
        given.pop("name", None)
    await NAMES.change(tx, kind, given)
    form = LeaveKindForm.model_validate(kind)
    tx.record(business_stream(business_id), LeaveKindChanged(leave_kind=form), by=actor.id, audience="team")
    return form


class RemoveLeaveKind(Command, touches="work", needs="staff", area="leave"):
    kind_id: UUID


async def remove_leave_kind(tx: Transaction, actor: Actor, command: RemoveLeaveKind) -> None:
    """Give a kind of leave no longer; what was given of it stays. Admins do, and staff who manage staff.

    Raises:
        NotFound: it isn't there, is built in, or is another business's.
    """
    business_id = actor.here
    kind = await kind_of(tx, business_id, command.kind_id)
    if kind.key is not None:
        raise NotFound()
    kind.retired_at = tx.now
    event = LeaveKindRemoved(leave_kind=Gone(id=kind.id))
    tx.record(business_stream(business_id), event, by=actor.id, audience="team")


async def kinds(
    tx: Transaction, business_id: UUID, language: str = "en", *, retired: bool = False
) -> list[LeaveKindForm]:
    """These are a business's kinds of leave, the built-in ones first, its own by name; on asking, also those no longer
    given."""
    found = await tx.scalars(select(LeaveKind).where(LeaveKind.business_id == business_id).order_by(LeaveKind.id))
    rows = by_name(found, language)
    known = {row.key: LeaveKindForm.model_validate(row) for row in rows if row.key}
    built_in = [known.get(key) or _built_in(business_id, key) for key in BUILT_IN]
    own = [LeaveKindForm.model_validate(row) for row in rows if not row.key and (retired or not row.retired_at)]
    return [*built_in, *own]


async def kind_of(tx: Transaction, business_id: UUID, kind_id: UUID) -> LeaveKind:
    """This is one of a business's kinds of leave, for writing.

    Raises:
        NotFound: it isn't there, is no longer given, or is another business's.
    """
    for key in BUILT_IN:
        if uuid5(business_id, key) == kind_id:
            values = {**_built_in(business_id, key).model_dump(), "business_id": business_id}
            await tx.execute(insert(LeaveKind).values(values).on_conflict_do_nothing())
    kind = await own_row(tx, LeaveKind, business_id, kind_id)
    if kind.retired_at is not None:
        raise NotFound()
    return kind


def _built_in(business_id: UUID, key: str) -> LeaveKindForm:
    return LeaveKindForm.model_validate({**_USUAL, **BUILT_IN[key], "id": uuid5(business_id, key), "key": key})


def _name_taken() -> Invalid:
    return Invalid(fields={"name": _("This name is already taken.")})


NAMES = Names(LeaveKind, "uq_leave_kinds", _name_taken, tuple(kind["name"] for kind in BUILT_IN.values()))
