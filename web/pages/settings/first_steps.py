"""The first steps, on a page of their own, where they stay when the home has no need of them."""

from collections.abc import Mapping
from typing import Any

from people.checklists import is_hidden
from people.mail.mail_settings import mail_works
from rooms.first_steps import first_steps
from web.declared import Page, Visit
from web.streams import streams_of
from web.words.first_steps import shown


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    return {
        "streams": await streams_of(tx, actor, ()),
        "steps": shown(await first_steps(tx, actor)),
        "hidden": await is_hidden(tx, actor),
        "mail_works": await mail_works(tx),
    }


PAGE = Page(
    "/settings/first-steps",
    "settings/first_steps.html",
    reads,
    needs="admin",
    at="settings/first-steps",
    live=True,
)
