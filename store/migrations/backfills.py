"""Backfills: fold the texts that an earlier version wrote, in portions, so that nobody waits for more than one of them.

Each column ``<text>_folded`` is null until then. It is done as soon as a hub serves, and every few minutes, since hubs
of the version before may go on writing beside the one that migrated.
"""

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.scopes import EVERYWHERE
from store.texts.folding import folded

PORTION = 1000

_COLUMNS = text("""
select table_name, left(column_name, -length('_folded')) as source from information_schema.columns
where table_schema = current_schema() and column_name like '%\\_folded' order by table_name
""")
_UNFOLDED = """
select ctid::text as place, {source} as source from {table} where {source}_folded is null
limit :portion for no key update skip locked
"""
_FILL = """
update {table} set {source}_folded = filled.text
from unnest(cast(:places as text[]), cast(:texts as text[])) as filled (place, text)
where ctid = cast(filled.place as tid)
"""

_EVERYWHERE = text(f"select set_config('atrium.scope', '{EVERYWHERE}', false)")

logger = structlog.get_logger(__name__)


async def fill_folded(connection: AsyncConnection) -> None:
    """Fold the texts that aren't yet."""
    await connection.execute(_EVERYWHERE)
    columns = (await connection.execute(_COLUMNS)).all()
    for table, source in columns:
        rows = 0
        while filled := await _filled(connection, table, source):
            rows += filled
        if rows:
            logger.info("texts_folded", table=table, rows=rows)


async def _filled(connection: AsyncConnection, table: str, source: str) -> int:
    """How many texts of a portion were folded. Nobody changes a row between the two statements: it is locked."""
    names = {"table": table, "source": source}
    found = (await connection.execute(text(_UNFOLDED.format(**names)), {"portion": PORTION})).all()
    if found:
        texts = {"places": [row.place for row in found], "texts": [folded(row.source) for row in found]}
        await connection.execute(text(_FILL.format(**names)), texts)
    await connection.commit()
    return len(found)
