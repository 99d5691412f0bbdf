"""Idempotency keys: a command sent twice under one key happens once and gets the same answer twice.

The key's row is written first, in the command's own transaction. A second call with the key waits on that row, and
then finds either the first call's answer, or (the first was refused or cut off) nothing, and goes ahead itself.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, Index, LargeBinary, Text, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Transaction, to_json
from store.errors import KeyReused
from store.rows import Row
from store.scopes import EVERYWHERE
from store.secrets.ciphers import cipher

KEPT = timedelta(hours=24)


class KeyRow(Row):
    """A key that a person used, what for, and what was answered."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        Index(
            "ix_idempotency_keys_answered_with",
            "business_id",
            "answered_with",
            postgresql_where=text("answered_with is not null"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    business_id: Mapped[UUID | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    answered_with: Mapped[str | None] = mapped_column(Text, Computed("answer #>> '{result,id}'", persisted=True))
    """The identifier of the thing that was answered with: under row security no index helps with looking into JSON."""
    used_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """A key, and what it is used for."""

    key: str
    digest: bytes


def claim_of(key: str, name: str, fields: dict[str, Any]) -> KeyClaim:
    """This is the claim of a key for a command.

    A password may be among the fields: nobody without the cipher's key can try by the digest which it was.
    """
    return KeyClaim(key, cipher().digest(_said(name, fields)))


def _said(name: str, fields: dict[str, Any]) -> bytes:
    return to_json([name, fields], sort=True)


async def claim(
    tx: Transaction, person_id: UUID, business_id: UUID | None, key: str, name: str, fields: dict[str, Any]
) -> dict[str, Any] | None:
    """Claim a key for a command; this is the first call's answer when it was used before, in whichever business the
    person was then: a key is theirs alone, over all of them.

    Raises:
        KeyReused: the key was used with another command or other fields.
    """
    digest = claim_of(key, name, fields).digest
    claimed = await tx.execute(
        insert(KeyRow)
        .values(person_id=person_id, business_id=business_id, key=key, digest=digest, used_at=tx.now)
        .on_conflict_do_nothing()
        .returning(KeyRow.key)
    )
    if claimed.first() is not None:
        return None
    async with tx.looking(EVERYWHERE):  # it may have been used where they were before
        query = select(KeyRow.digest, KeyRow.answer).where(KeyRow.person_id == person_id, KeyRow.key == key)
        used = (await tx.execute(query)).one()
    if used.digest not in (digest, _digest_before(name, fields)):
        raise KeyReused()
    return used.answer or {}


def _digest_before(name: str, fields: dict[str, Any]) -> bytes:
    """This is the digest by which hubs claimed whose version came before this one, and which may still run."""
    return hashlib.sha256(_said(name, fields)).digest()


async def keep_answer(tx: Transaction, person_id: UUID, key: str, answer: dict[str, Any]) -> None:
    """Keep a command's answer for whoever repeats it."""
    await tx.execute(update(KeyRow).where(KeyRow.person_id == person_id, KeyRow.key == key).values(answer=answer))


async def forget_old(tx: Transaction) -> None:
    """Forget keys older than a day."""
    await tx.execute(delete(KeyRow).where(KeyRow.used_at < tx.now - KEPT))


async def forget_answers(tx: Transaction, business_id: UUID | None, *thing_ids: UUID) -> None:
    """Take the forms of things that were removed out of the answers that are kept."""
    gone = func.jsonb_build_object("id", KeyRow.answered_with, "gone", True)
    await tx.execute(
        update(KeyRow)
        .where(KeyRow.business_id == business_id, KeyRow.answered_with.in_(map(str, thing_ids)))
        .values(answer=KeyRow.answer.op("||")(func.jsonb_build_object("result", gone)))
        .execution_options(synchronize_session=False)
    )
