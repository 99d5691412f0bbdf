"""What is asked for: all routes, and all commands, each with fields that name things of the agency's."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.routing import BaseRoute

from hub.app import create_app
from hub.parts import READS
from hub.settings import Settings
from store.database import Database
from tests.hubs import running_hub
from tests.people.cases import CASES as ABOUT_PEOPLE
from tests.people.installations import installed
from tests.people.offices import open_office, with_password
from tests.rights.asking import STRANGER, Asked, Doors, Row, addresses, ask, command, over_socket
from tests.rights.dry import taken_back
from tests.rights.worlds import World, names_of, populate
from tests.rooms.cases import CASES as IN_ROOMS
from tests.rooms.scenes import set_scene
from web.app import create_web

T = TypeVar("T")
AT_ONCE = 8
ENDS_THE_SESSION = ("/sign-out", "DELETE /api/v1/session")


@dataclass
class Matrix:
    routes: list[Row] = field(default_factory=list)
    commands: list[Row] = field(default_factory=list)
    by_socket: dict[str, dict[str, str]] = field(default_factory=dict)
    """By asker, the answer to each command."""


async def of_routes(matrix: Matrix, database: Database, settings: Settings) -> None:
    scene = await set_scene(database)
    world = World(database, scene.agency)
    await populate(world)
    world.ids |= names_of(scene)
    asked = [
        address for address in addresses(routes_of(settings), world.ids) if not address.name.endswith(ENDS_THE_SESSION)
    ]
    with taken_back():
        async with running_hub(settings) as url, opened(url, world) as doors:
            for some in _some(asked):
                matrix.routes += await asyncio.gather(*(ask(doors, address) for address in some))


def routes_of(settings: Settings) -> list[BaseRoute]:
    return list(create_web(create_app(settings).site, READS).routes)


async def of_commands_in_rooms(matrix: Matrix, database: Database, settings: Settings) -> None:
    scene = await set_scene(database)
    world = World(database, scene.agency)
    await populate(world)
    await _ask_all(matrix, world, settings, [Asked(case.name, case.fields(scene), case.note) for case in IN_ROOMS])


async def of_commands_about_people(matrix: Matrix, database: Database, settings: Settings) -> None:
    office = await open_office(database)
    office.things |= await installed(database, office)
    await with_password(database, office.agency.ana)
    world = World(database, office.agency)
    await populate(world, office.root)
    asked: list[Asked] = []
    for case in ABOUT_PEOPLE:
        nr = sum(one.name == case.name for one in asked)
        asked.append(Asked(case.name, case.fields(office), f"({nr + 1})" if nr else ""))
    await _ask_all(matrix, world, settings, asked)


async def _ask_all(matrix: Matrix, world: World, settings: Settings, asked: list[Asked]) -> None:
    with taken_back():
        async with running_hub(settings) as url, opened(url, world) as doors:
            for some in _some(asked):
                matrix.commands += await asyncio.gather(*(command(doors, one) for one in some))
            for asker, token in world.askers.items():
                if asker != STRANGER:
                    matrix.by_socket.setdefault(asker, {}).update(await over_socket(url, token, asked))


@asynccontextmanager
async def opened(url: str, world: World) -> AsyncIterator[Doors]:
    doors = Doors(url, world)
    try:
        yield doors
    finally:
        await doors.close()


def _some(things: list[T]) -> Iterable[list[T]]:
    return (things[at : at + AT_ONCE] for at in range(0, len(things), AT_ONCE))
