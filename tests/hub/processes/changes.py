"""Changes of a process, and what was heard of them."""

from typing import Any

from commands.runner import Commands
from store.database import Database
from tests.hub.agencies import Agency
from tests.hub.clients import Client
from tests.reads import read_log


def stream_of(process: dict[str, Any]) -> str:
    return f"process:{process['id']}"


async def rename(commands: Commands, agency: Agency, process: dict[str, Any], name: str) -> None:
    await commands.run(agency.admin.actor, "process.change", {"process_id": process["id"], "name": name})


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["process"]["name"] for event in events]


def heard(client: Client) -> list[str]:
    return names(client.named("process.changed"))


async def logged(database: Database, stream: str) -> list[str]:
    async with database.reading() as tx:
        return names([event.body for event in await read_log(tx, stream, 0)])
