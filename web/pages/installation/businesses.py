"""The tree of businesses, and opening one."""

from collections import defaultdict
from typing import Any

from starlette.requests import Request

from people.actors import Actor
from people.installation.admins import AddAdmin
from people.installation.hierarchy import MoveBusiness, tree
from people.installation.openings import businesses
from rooms.files.quotas import ChangeQuota, Usage, usages
from store.database import Transaction
from web.pages.installation import Place
from web.words.zones import zones


async def _reads(_request: Request, tx: Transaction, actor: Actor) -> dict[str, Any]:
    return {
        "tree": await tree(tx, actor),
        "cards": {card.id: card for card in await businesses(tx, actor)},
        "usages": defaultdict(Usage, await usages(tx, actor)),
        "zones": zones(),
    }


PLACE = Place("businesses", _reads, frozenset({MoveBusiness.wire_name, AddAdmin.wire_name, ChangeQuota.wire_name}))
