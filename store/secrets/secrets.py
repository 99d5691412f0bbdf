"""Secrets that all nodes of an installation share, made by whichever asks first."""

import secrets

from sqlalchemy import LargeBinary, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Transaction
from store.rows import Row


class Secret(Row):
    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


async def shared_secret(tx: Transaction, name: str, first: bytes | None = None) -> bytes:
    """This is the installation's secret of a name, the same on every node: 32 random bytes, if none is given first.

    Whoever is changing it meanwhile is waited for.
    """
    fresh = insert(Secret).values(name=name, value=first or secrets.token_bytes(32))
    await tx.execute(fresh.on_conflict_do_nothing())
    value: bytes = await tx.scalar(select(Secret.value).where(Secret.name == name).with_for_update(read=True))
    return value
