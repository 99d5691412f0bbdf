"""General settings of the installation."""

from typing import Any

from starlette.requests import Request

from people.actors import Actor
from people.installation.settings import ChangeInstallation
from people.installations import installation
from store.database import Transaction
from web.pages.installation import Place
from web.site import own_address
from web.words.zones import zones


async def _reads(request: Request, tx: Transaction, _actor: Actor) -> dict[str, Any]:
    return {"settings": await installation(tx), "zones": zones(), "own_address": own_address(request)}


PLACE = Place("general", _reads, frozenset({ChangeInstallation.wire_name}))
