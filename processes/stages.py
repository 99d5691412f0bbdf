"""Stages: fitting a process to how a business works.

It is told once, in the process's own stream, however many rooms go through it; and to the business's team.
"""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.actors import Actor
from processes.announcements import StageGoes, StagesCounted
from processes.forms import ProcessForm
from processes.processes import (
    Of,
    Process,
    Stage,
    own_process,
    process_form,
    process_named,
    stages,
    tell_process,
)
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, Forbidden, Invalid, NotFound, _
from store.own_rows import own_row

MOST_STAGES = 20


class StageInUse(Conflict):
    code = "stage_in_use"
    message = _("This stage is in use. Move what's in it to another one first.")


class LastOfItsKind(Conflict):
    code = "last_of_its_kind"
    message = _("There must be one stage where work starts and one where it ends.")


class AddStage(Command, touches="work", needs="admin", area="rooms"):
    process_id: UUID
    of: Literal["room", "task"] = "room"
    name: str = Field(min_length=1, max_length=60)
    final: bool = False


async def add_stage(tx: Transaction, actor: Actor, command: AddStage) -> ProcessForm:
    """Add a stage to a process: where work ends, at the end; else before the stages where it ends. Admins do.

    Raises:
        NotFound: there is no such process.
        Invalid: it has as many as it can have.
    """
    process = await own_process(tx, actor, command.process_id)
    line = await stages(tx, process.id, command.of)
    if len(line) >= MOST_STAGES:
        raise Invalid(fields={"name": _("That's too many.")})
    place = len(line) if command.final else next((nr for nr, one in enumerate(line) if one.final), len(line))
    stage = Stage(
        id=tx.new_id(),
        business_id=process.business_id,
        process_id=process.id,
        of=command.of,
        position=place,
        key=None,
        name=command.name,
        final=command.final,
    )
    tx.add(stage)
    _number([*line[:place], stage, *line[place:]])
    return await tell_process(tx, actor, process, ["stages"])


class ChangeStage(Command, touches="work", needs="admin", area="rooms"):
    stage_id: UUID
    name: str = Field(min_length=1, max_length=60)


async def change_stage(tx: Transaction, actor: Actor, command: ChangeStage) -> ProcessForm:
    """Rename a stage. Admins do.

    Raises:
        NotFound: there is no such stage.
    """
    stage, process = await _own_stage(tx, actor, command.stage_id)
    if stage.name == command.name:
        return await process_form(tx, process)
    stage.name = command.name
    return await tell_process(tx, actor, process, ["stages"])


class MoveStage(Command, touches="work", needs="admin", area="rooms"):
    stage_id: UUID
    position: int = Field(ge=0, lt=MOST_STAGES)
    """Its place in the line, the first being 0; further than the end is the end."""


async def move_stage(tx: Transaction, actor: Actor, command: MoveStage) -> ProcessForm:
    """Move a stage to another place in its line. Admins do.

    Raises:
        NotFound: there is no such stage.
        LastOfItsKind: the line would begin with a stage where work ends.
    """
    stage, process = await _own_stage(tx, actor, command.stage_id)
    before = await stages(tx, process.id, _of(stage))
    line = [one for one in before if one.id != stage.id]
    line.insert(command.position, stage)
    if line[0].final:
        raise LastOfItsKind()
    if line == before:
        return await process_form(tx, process)
    _number(line)
    return await tell_process(tx, actor, process, ["stages"])


class RemoveStage(Command, touches="work", needs="admin", area="rooms"):
    stage_id: UUID


async def remove_stage(tx: Transaction, actor: Actor, command: RemoveStage) -> ProcessForm:
    """Remove a stage at which nothing is. Admins do.

    Raises:
        NotFound: there is no such stage.
        LastOfItsKind: no stage would be left where work begins, or where it ends.
        StageInUse: a room or a task is at it.
    """
    stage, process = await _own_stage(tx, actor, command.stage_id)
    line = [one for one in await stages(tx, process.id, _of(stage)) if one.id != stage.id]
    if not line or line[0].final or not any(one.final for one in line):
        raise LastOfItsKind()
    if any(await tx.announce(StageGoes(stage.id))):
        raise StageInUse()
    # What moves there meanwhile holds it.
    async with tx.refusing("_stage_id", StageInUse()):
        await tx.delete(stage)
    _number(line)
    return await tell_process(tx, actor, process, ["stages"])


def _of(stage: Stage) -> Of:
    return "room" if stage.of == "room" else "task"


def _number(line: list[Stage]) -> None:
    for position, stage in enumerate(line):
        stage.position = position


async def _own_stage(tx: Transaction, actor: Actor, stage_id: UUID) -> tuple[Stage, Process]:
    stage = await own_row(tx, Stage, actor.business_id, stage_id, lock=False)
    process = await own_process(tx, actor, stage.process_id)
    locked = await tx.get(Stage, stage_id, lock=True)  # as it is now that the process is ours alone
    if locked is None:
        raise NotFound()
    return locked, process


async def processes(tx: Transaction, actor: Actor) -> list[ProcessForm]:
    """These are the business's processes.

    Raises:
        Forbidden: the asker isn't of its team.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.scalars(select(Process).where(Process.business_id == actor.business_id).order_by(Process.id))
    return [await process_form(tx, row) for row in rows]


async def stage_uses(tx: Transaction, actor: Actor) -> dict[UUID, int]:
    """These are the numbers of rooms and tasks at each of the business's stages, where there are any."""
    if actor.business_id is None:
        return {}
    answers = await tx.announce(StagesCounted(actor.business_id))
    return {stage_id: count for answer in answers for stage_id, count in answer.items()}


async def make_first_process(database: Database, actor: Actor) -> None:
    """Let an admin's business have its built-in process, which otherwise comes with its first room."""
    if actor.kind == "admin" and actor.business_id is not None:
        async with database.asked_by(actor) as tx:
            await process_named(tx, actor.business_id, "projects")
