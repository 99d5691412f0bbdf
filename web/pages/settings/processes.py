"""Processes among the settings: what the stages are called, and in which order."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from people.actors import Actor
from processes.processes import ChangeProcess
from processes.stages import AddStage, ChangeStage, MoveStage, RemoveStage, make_first_process, processes, stage_uses
from web.declared import Page, Visit
from web.site import site_of
from web.streams import streams_of


async def with_one(request: Request, actor: Actor) -> None:
    await make_first_process(site_of(request).database, actor)


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    return {
        "streams": await streams_of(tx, actor, ()),
        "processes": await processes(tx, actor),
        "uses": await stage_uses(tx, actor),
    }


PAGE = Page(
    "/settings/processes",
    "settings/processes.html",
    reads,
    needs="admin",
    forms=(ChangeProcess, AddStage, ChangeStage, MoveStage, RemoveStage),
    at="settings/processes",
    live=True,
    before=with_one,
)
