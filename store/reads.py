"""Reads: what may be looked at over the HTTP API, each declared once::

    @read("/rooms/{room_id}/messages", area="rooms", refuses=(NotFound,))
    async def room_messages(tx: Transaction, actor: Actor, query: MessagesOf) -> Messages:
        \"""Messages before one of them, or the latest, the oldest first.\"""

From this come the address, how its query is read, the scope that an API token takes for it, the OpenAPI document and
the browser's types. The docstring is what the document says of it.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel

from store.errors import Refusal
from store.queries import Query

Give = Callable[..., Awaitable[Any]]
Shape = Mapping[str, Any]
"""A JSON Schema; what it refers to are schemas of the contract."""


@dataclass(frozen=True)
class Read:
    """One read."""

    path: str
    """Below the API's own; ``{room_id}`` is the query's field of that name."""
    give: Give
    query: type[Query] | None
    answer: type[BaseModel] | Shape
    """What stands in the answer beside ``ok``."""
    area: str | None = None
    """What an API token must cover for it; None where no token may."""
    refuses: tuple[type[Refusal], ...] = ()
    """What it refuses besides what all do: strangers, and a query that can't be so."""

    @property
    def name(self) -> str:
        return self.give.__name__

    @property
    def doc(self) -> str:
        """This is what it says of itself, before it says what it raises."""
        return " ".join((inspect.getdoc(self.give) or "").partition("\n\n")[0].split())

    @property
    def scope(self) -> str | None:
        return self.area and f"{self.area}:read"

    @property
    def in_path(self) -> list[str]:
        """These are the fields that stand in the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def in_query(self) -> list[str]:
        """These are the other fields, as an address names them."""
        fields = self.query.model_fields if self.query else {}
        return [field.alias or name for name, field in fields.items() if name not in self.in_path]


def read(
    path: str,
    *,
    area: str | None = None,
    answer: type[BaseModel] | Shape | None = None,
    refuses: tuple[type[Refusal], ...] = (),
) -> Callable[[Give], Read]:
    """Declare a read. Its query is the one that it takes, if it takes one; its answer the class that it returns, or
    what is said here, where it returns JSON that is drawn already."""

    def declared(give: Give) -> Read:
        hints = get_type_hints(give)
        query = next((hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Query)), None)
        return Read(path, give, query, answer or hints["return"], area, refuses)

    return declared
