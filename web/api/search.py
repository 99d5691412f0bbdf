"""Searching."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from people.actors import Actor
from rooms.search import closed
from rooms.search import search as found_by
from store.database import Transaction
from store.queries import Query, Sought
from store.reads import read


class SearchQuery(Query):
    q: Sought = ""


class Found(BaseModel):
    """What the asker may find anywhere."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["room", "person", "company", "task", "file", "message"]
    title: str
    detail: str
    url: str


class ClosedName(BaseModel):
    """What there is that the asker can't open, by name only."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["room", "client"]
    title: str


class Results(BaseModel):
    results: list[Found]
    closed: list[ClosedName]
    ask: list[str]
    """Whom to ask about what is closed."""


@read("/search", area="rooms", answer=Results)
async def search(tx: Transaction, actor: Actor, query: SearchQuery) -> dict[str, Any]:
    """Rooms, people, companies, tasks, files and messages by their words. Where a business lets its staff find what is
    closed to them: the names of that too, and whom to ask.
    """
    hidden = await closed(tx, actor, query.q)
    found = await found_by(tx, actor, query.q)
    return {"results": found, "closed": hidden.things, "ask": hidden.ask}


READS = (search,)
