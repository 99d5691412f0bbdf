"""Feeds: the secret address of one's own calendar, as the pages show it on which it is given and taken back."""

from typing import Any

from starlette.requests import Request

from people.actors import Actor
from staff.leave.feeds import own_feed
from store.database import Transaction
from web.site import address_of_site


async def feed_shown(request: Request, tx: Transaction, actor: Actor) -> dict[str, Any]:
    """This is what the card of the asker's own calendar is drawn from; it isn't there for who has none."""
    feed = await own_feed(tx, actor) if actor.of_the_team else None
    return {
        "feed_url": f"{address_of_site(request)}/calendar/{feed[0]}.ics" if feed else None,
        "feed": feed[1] if feed else None,
    }
