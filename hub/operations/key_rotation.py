"""Key rotation: what is encrypted is encrypted anew with another key, wholly or not at all, while no hub runs.

Each column says itself that what it holds is encrypted (``store.secrets.ciphers.Sealed``).
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from sqlalchemy import Column, and_, bindparam, literal, select, text, tuple_, update

import hub.parts  # noqa: F401 - importing these declares all tables
from hub.settings import Settings
from store.database import Database, Transaction
from store.errors import ToolFailed
from store.rows import Row
from store.scopes import EVERYWHERE
from store.secrets.ciphers import NEXT, Cipher, Sealed, Unreadable, keep_key, keeps_key, kept_key
from store.secrets.secrets import Secret

BATCH = 1_000


class HubsRun(ToolFailed):
    """Somebody else is connected, and would go on with the former key."""

    def __init__(self) -> None:
        super().__init__("Others are connected to the database. Stop every hub and worker first.")


class FormerKeyUnknown(ToolFailed):
    """What is there was encrypted with another key than the one that is said to be the former."""

    def __init__(self) -> None:
        super().__init__(
            "What is there was encrypted with another key. Set HUB_FORMER_CIPHER_KEY to the one that it was until now."
        )


async def rekey(settings: Settings, database_url: str) -> int:
    """Encrypt all anew with the key that is set, or with a fresh one where the data folder keeps it; this is how many
    values there were. What was interrupted goes on where it was.

    Raises:
        HubsRun: somebody else is connected to the database.
        FormerKeyUnknown: it was encrypted with another key than the former one.
    """
    if settings.cipher_key is not None:
        return await _encrypt_anew(database_url, _former_key(settings), settings.encryption_key)
    folder = settings.data_dir
    fresh = kept_key(folder, NEXT)
    count = await _encrypt_anew(database_url, _former_key(settings), fresh)
    keep_key(folder, fresh)
    (folder / NEXT).unlink()
    return count


def _former_key(settings: Settings) -> bytes | None:
    if settings.former_cipher_key is not None:
        return settings.former_cipher_key.get_secret_value().encode()
    return kept_key(settings.data_dir) if keeps_key(settings.data_dir) else None


async def _encrypt_anew(database_url: str, former: bytes | None, key: bytes) -> int:
    database = Database(database_url, within=EVERYWHERE)
    try:
        async with database.transaction(EVERYWHERE) as tx:
            await _must_be_alone(tx)
            known = await tx.scalar(select(Secret.value).where(Secret.name == "cipher").with_for_update())
            after = Cipher(key)
            if known is None or _reads(after, known):
                return 0
            before = Cipher(former) if former is not None else None
            if before is None or not _reads(before, known):
                raise FormerKeyUnknown()
            await tx.execute(update(Secret).where(Secret.name == "cipher").values(value=_anew(known, before, after)))
            return sum([await _column_anew(tx, column, before, after) for column in sealed_columns()])
    finally:
        await database.close()


def sealed_columns() -> Iterator[Column[Any]]:
    """These are all columns of what is encrypted."""
    for table in Row.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))


async def _must_be_alone(tx: Transaction) -> None:
    # A worker of PostgreSQL's own is nobody's.
    others = "select count(*) from pg_stat_activity where datname = current_database() and usename is not null"
    if await tx.scalar(text(f"{others} and pid <> pg_backend_pid()")):
        raise HubsRun()


async def _column_anew(tx: Transaction, column: Column[Any], before: Cipher, after: Cipher) -> int:
    keys = list(column.table.primary_key)
    of_one = and_(*(key == bindparam(f"its_{key.name}") for key in keys))
    change = update(column.table).where(of_one).values({column.name: bindparam("anew")})
    count = 0
    async for rows in _in_batches(tx, keys, column):
        anew = [
            {f"its_{key.name}": value for key, value in zip(keys, identity, strict=True)}
            | {"anew": _anew(hidden, before, after)}
            for *identity, hidden in rows
            if _reads(before, hidden)  # else nobody could read it before either
        ]
        if anew:
            await tx.execute(change, anew)
        count += len(anew)
    return count


async def _in_batches(tx: Transaction, keys: list[Column[Any]], column: Column[Any]) -> AsyncIterator[list[Any]]:
    query = select(*keys, column).where(column.is_not(None)).order_by(*keys).limit(BATCH).with_for_update()
    rows = list((await tx.execute(query)).all())
    while rows:
        yield rows
        last = tuple_(*(literal(value, key.type) for key, value in zip(keys, rows[-1][:-1], strict=True)))
        rows = list((await tx.execute(query.where(tuple_(*keys) > last))).all())


def _anew(hidden: bytes, before: Cipher, after: Cipher) -> bytes:
    return after.encrypt(before.decrypt(hidden))


def _reads(cipher: Cipher, hidden: bytes) -> bool:
    try:
        cipher.decrypt(hidden)
    except Unreadable:
        return False
    return True
