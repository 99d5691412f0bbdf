"""Updates: the version, its migrations, and running what is pending after a backup."""

from typing import Any

from starlette.requests import Request

from people.actors import Actor
from people.installation.updates import RunUpdate, updates
from store.database import Transaction
from web.pages.installation import Place
from web.site import site_of


async def _reads(request: Request, tx: Transaction, actor: Actor) -> dict[str, Any]:
    standing = site_of(request).standing
    runs = await updates(tx, actor)
    return {
        "standing": await standing() if standing else None,
        "runs": runs,
        "running": next((run for run in runs if run.ended_at is None), None),
    }


PLACE = Place("updates", _reads, frozenset({RunUpdate.wire_name}))
