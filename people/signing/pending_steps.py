"""Pending steps: what is begun in one request and ended in another, by the browser that began it.

The browser holds a random token; here are its digest and, encrypted, what must be known to go on. A ceremony is ended
once, and forgotten after ten minutes.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import LargeBinary, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Transaction
from store.rows import Row
from store.secrets.ciphers import Sealed, cipher

LIVES = timedelta(minutes=10)
Kind = Literal["second_step", "passkey_use", "passkey_registration", "provider"]


class PendingStep(Row):
    __tablename__ = "ceremonies"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    business_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    hidden: Mapped[bytes] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(index=True)


async def begin(tx: Transaction, kind: Kind, about: dict[str, Any], business_id: UUID | None = None) -> str:
    """Begin a ceremony, of a stranger's or within a business; this is its token."""
    token = secrets.token_urlsafe(32)
    hidden = cipher().encrypt(orjson.dumps(about).decode())
    tx.add(PendingStep(digest=_digest(token), business_id=business_id, kind=kind, hidden=hidden, at=tx.now))
    return token


async def look(tx: Transaction, kind: Kind, token: str) -> dict[str, Any] | None:
    """This is what a ceremony is about, which goes on; None when there is none such any more."""
    hidden: bytes | None = await tx.scalar(select(PendingStep.hidden).where(*_living(tx, kind, token)))
    return None if hidden is None else orjson.loads(cipher().decrypt(hidden))


async def end(tx: Transaction, kind: Kind, token: str) -> dict[str, Any] | None:
    """End a ceremony; this is what it is about, or None when there is none such any more. Of two, one gets it."""
    ending = delete(PendingStep).where(*_living(tx, kind, token)).returning(PendingStep.hidden)
    hidden: bytes | None = await tx.scalar(ending)
    return None if hidden is None else orjson.loads(cipher().decrypt(hidden))


async def forget_old(tx: Transaction) -> None:
    """Forget what was never ended."""
    await tx.execute(delete(PendingStep).where(PendingStep.at < tx.now - LIVES))


def _living(tx: Transaction, kind: Kind, token: str) -> tuple[Any, ...]:
    return PendingStep.digest == _digest(token), PendingStep.kind == kind, PendingStep.at > tx.now - LIVES


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
