"""Stages are fitted to the business, as far as work allows."""

from typing import Any

import pytest

from processes.stages import processes
from store.database import Database
from store.errors import Conflict
from tests.hub.agencies import Agency, open_agency
from tests.stages import staged

agency = staged(open_agency)


async def line(database: Database, agency: Agency, of: str = "room") -> list[dict[str, Any]]:
    async with database.reading() as tx:
        process = (await processes(tx, agency.admin.actor))[0]
    return [stage.model_dump(mode="json") for stage in getattr(process, f"{of}_stages")]


def names(stages: list[dict[str, Any]]) -> list[str]:
    return [stage["name"] for stage in stages]


async def process_id(database: Database, agency: Agency) -> str:
    async with database.reading() as tx:
        return str((await processes(tx, agency.admin.actor))[0].id)


async def test_mc01_stages_are_added_renamed_and_moved(database: Database, agency: Agency) -> None:
    process = await process_id(database, agency)
    await agency.run(agency.admin, "stage.add", process_id=process, name="Briefed")
    await agency.run(agency.admin, "stage.add", process_id=process, name="Dropped", final=True)
    assert names(await line(database, agency)) == [
        "Planned", "In progress", "Waiting for the client", "Briefed", "Done", "Dropped"
    ]  # fmt: skip
    briefed = (await line(database, agency))[3]["id"]
    await agency.run(agency.admin, "stage.move", stage_id=briefed, position=1)
    await agency.run(agency.admin, "stage.change", stage_id=briefed, name="Agreed")
    assert names(await line(database, agency))[:3] == ["Planned", "Agreed", "In progress"]
    assert names(await line(database, agency, "task")) == ["To do", "In progress", "In review", "Done"]


async def test_a_stage_with_rooms_or_tasks_stays(database: Database, agency: Agency) -> None:
    await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Copy")
    for of in ("room", "task"):
        await agency.run(agency.admin, "stage.move", stage_id=(await line(database, agency, of))[1]["id"], position=0)
        used = (await line(database, agency, of))[1]["id"]
        with pytest.raises(Conflict) as refused:
            await agency.run(agency.admin, "stage.remove", stage_id=used)
        assert refused.value.code == "stage_in_use"


async def test_work_always_has_where_to_begin_and_where_to_end(database: Database, agency: Agency) -> None:
    stages = await line(database, agency)
    done = stages[-1]["id"]
    for name, fields in (("stage.remove", {}), ("stage.move", {"position": 0})):
        with pytest.raises(Conflict) as refused:
            await agency.run(agency.admin, name, stage_id=done, **fields)
        assert refused.value.code == "last_of_its_kind"
    for stage in stages[1:3]:
        await agency.run(agency.admin, "stage.remove", stage_id=stage["id"])
    assert names(await line(database, agency)) == ["Planned", "Done"]
