"""Rendered texts: what people write is drawn once, off the event loop, before the transaction that keeps it begins.

What one person writes costs the others nothing: a short text is drawn where it is, which takes a moment however it was
made; a long one in a sandbox, and one that would take too long there is shown as it was written.
"""

import re
from collections.abc import Hashable
from typing import Any, ClassVar

from pydantic import PrivateAttr
from sqlalchemy import select, update

from people.actors import Actor
from rooms.markdown import draw, draw_plainly
from store.commands import Command
from store.database import Database
from store.rows import Row
from store.sandboxes.sandboxes import Lane, TooCostly
from store.scopes import EVERYWHERE

SHORT = 1_000
FEW_SIGNS = 64
"""So many letters with so many signs among them that may mean something take some milliseconds at most."""
_SIGNS = re.compile(r"[\n*_~`|<>&@\[\]\\]|://|www\.")

MANY = 200

TEXTS = Lane("texts", cpu_seconds=1, memory_bytes=1 << 30, processes=2, idle_seconds=60, loads=("rooms.markdown",))


class Written(Command):
    """A command with a text in Markdown, in the field that ``written`` names."""

    written: ClassVar[str] = "description"
    _prepared: tuple[str, str] | None = PrivateAttr(None)

    @property
    def words(self) -> str:
        return getattr(self, self.written) or ""

    @property
    def prepared(self) -> tuple[str, str] | None:
        """What is to be kept and its HTML, where the command was prepared."""
        return self._prepared

    @property
    def html(self) -> str:
        """This is the text's HTML. A command that nobody prepared (the demo's) draws it here and now."""
        return draw(self.words) if self._prepared is None else self._prepared[1]

    def keep(self, text: str, html: str) -> None:
        self._prepared = text, html


def kept_html(description: str, html: str | None) -> str:
    """This is a description's HTML, which rows of before it was kept lack."""
    return draw(description) if html is None else html


async def draw_undrawn(database: Database, *tables: type[Row]) -> None:
    """Draw the descriptions of before HTML was kept beside them."""
    for table in tables:
        described: Any = table
        while True:
            async with database.reading(EVERYWHERE) as tx:
                left = select(described.id, described.description).where(described.html.is_(None)).limit(MANY)
                rows = list(await tx.execute(left))
            if not rows:
                break
            for id, text in rows:
                html = await drawn(text, turn=draw_undrawn)
                async with database.transaction(EVERYWHERE) as tx:
                    await tx.execute(
                        update(described)
                        .where(described.id == id, described.html.is_(None), described.description == text)
                        .values(html=html)
                    )


async def draw_ahead(_database: Database, actor: Actor, command: Written) -> None:
    """Draw a command's text before its transaction begins."""
    command.keep(command.words, await drawn(command.words, turn=actor.id))


def is_quick(text: str) -> bool:
    """Whether a text is drawn in a moment, however it was made: it is short, and has few signs."""
    return len(text) <= SHORT and sum(1 for _sign in _SIGNS.finditer(text)) <= FEW_SIGNS


async def drawn(text: str, *, turn: Hashable) -> str:
    """This is a text as safe HTML."""
    if is_quick(text):
        return draw(text)
    try:
        return await TEXTS.run(draw, text, turn=turn)
    except TooCostly:
        return draw_plainly(text)
