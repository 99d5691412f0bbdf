"""Processes: the procedures of a business, each with the stages that its rooms, and their tasks, go through."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.streams import business_stream
from processes.events import ProcessChanged
from processes.forms import ProcessForm, StageForm
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, _
from store.own_rows import own_row
from store.rows import Row
from store.streams import Stream

Of = Literal["room", "task"]


class Process(Row):
    __tablename__ = "processes"
    __table_args__ = (Index("uq_processes_business_key", "business_id", "key", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    key: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class Stage(Row):
    __tablename__ = "stages"
    __table_args__ = (
        CheckConstraint("\"of\" in ('room', 'task')", name="of"),
        Index("ix_stages_process", "process_id", "of", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID]
    process_id: Mapped[UUID] = mapped_column(ForeignKey("processes.id"))
    of: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    key: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    final: Mapped[bool]


# Built-in stages: key, name, whether work ends there.
BUILT_IN: dict[Of, tuple[tuple[str, str, bool], ...]] = {
    "room": (
        ("planned", _("Planned"), False),
        ("in_progress", _("In progress"), False),
        ("waiting", _("Waiting for the client"), False),
        ("done", _("Done"), True),
    ),
    "task": (
        ("todo", _("To do"), False),
        ("in_progress", _("In progress"), False),
        ("review", _("In review"), False),
        ("done", _("Done"), True),
    ),
}
PROJECTS = _("Projects")


async def process_named(tx: Transaction, business_id: UUID, name: str | UUID) -> Process:
    """This is a business's process by key or identifier. The built-in *Projects* is made when first asked for.

    Raises:
        Invalid: there is none such, on the field ``process``.
    """
    own = select(Process).where(Process.business_id == business_id)
    process: Process | None = await tx.scalar(own.where(_is(name)))
    if process is None and name == "projects":
        await _make_projects(tx, business_id)
        process = await tx.scalar(own.where(Process.key == "projects"))
    if process is None:
        raise Invalid(fields={"process": _("There is no such process.")})
    return process


def _is(name: str | UUID):  # type: ignore[no-untyped-def]  # a column expression
    try:
        return Process.id == (name if isinstance(name, UUID) else UUID(name))
    except ValueError:
        return Process.key == name


async def _make_projects(tx: Transaction, business_id: UUID) -> None:
    id = tx.new_id()
    made = await tx.scalar(
        insert(Process)
        .values(id=id, business_id=business_id, key="projects", name=PROJECTS)
        .on_conflict_do_nothing()
        .returning(Process.id)
    )
    if made is None:
        return
    for of, stages in BUILT_IN.items():
        for position, (key, name, final) in enumerate(stages):
            tx.add(
                Stage(
                    id=tx.new_id(),
                    business_id=business_id,
                    process_id=id,
                    of=of,
                    position=position,
                    key=key,
                    name=name,
                    final=final,
                )
            )
    await tx.flush()


async def stages(tx: Transaction, process_id: UUID, of: Of) -> list[Stage]:
    """These are a process's stages, in their order."""
    rows = await tx.scalars(
        select(Stage).where(Stage.process_id == process_id, Stage.of == of).order_by(Stage.position)
    )
    return list(rows)


async def stage_of(tx: Transaction, process_id: UUID, of: Of, stage_id: UUID) -> Stage:
    """This is one of a process's stages.

    Raises:
        Invalid: there is none such, on the field ``stage_id``.
    """
    stage: Stage | None = await tx.scalar(
        select(Stage).where(Stage.id == stage_id, Stage.process_id == process_id, Stage.of == of)
    )
    if stage is None:
        raise Invalid(fields={"stage_id": _("There is no such stage.")})
    return stage


def process_stream(process_id: UUID, business_id: UUID) -> Stream:
    """This is the stream of what changes in a process. All who have one of its rooms open hear it."""
    return Stream("process", process_id, business_id)


async def process_form(tx: Transaction, process: Process) -> ProcessForm:
    rows = list(await tx.scalars(select(Stage).where(Stage.process_id == process.id).order_by(Stage.position)))
    return ProcessForm(
        id=process.id,
        key=process.key,
        name=process.name,
        room_stages=[StageForm.model_validate(stage) for stage in rows if stage.of == "room"],
        task_stages=[StageForm.model_validate(stage) for stage in rows if stage.of == "task"],
    )


class ChangeProcess(Command, touches="work", needs="admin", area="rooms"):
    process_id: UUID
    name: str = Field(min_length=1, max_length=60)


async def change_process(tx: Transaction, actor: Actor, command: ChangeProcess) -> ProcessForm:
    """Rename a process. Admins do.

    Raises:
        NotFound: there is no such process.
    """
    process = await own_process(tx, actor, command.process_id)
    if process.name == command.name:
        return await process_form(tx, process)
    process.name = command.name
    return await tell_process(tx, actor, process, ["name"])


async def own_process(tx: Transaction, actor: Actor, process_id: UUID) -> Process:
    return await own_row(tx, Process, actor.business_id, process_id)


async def tell_process(tx: Transaction, actor: Actor, process: Process, changed: list[str]) -> ProcessForm:
    await tx.flush()
    form = await process_form(tx, process)
    event = ProcessChanged(process=form, changed=changed)
    tx.record(process_stream(process.id, process.business_id), event, by=actor.id)
    tx.record(business_stream(process.business_id), event, by=actor.id, audience="team")
    return form
