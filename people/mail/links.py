"""Links: addresses with a secret, by which someone who isn't signed in does one thing, once.

The secret is in the mail alone, here is its digest. A link is made when its letter is sent, and lives from then on; it
dies with the invitation or the reset that it is for.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, Uuid, bindparam, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from people.mail.kinds import Purpose
from store.database import Transaction
from store.errors import NotFound, _
from store.rows import Row

LIVES: dict[Purpose, timedelta] = {
    "invitation": timedelta(hours=24),
    "reset": timedelta(hours=1),
    "email": timedelta(hours=24),
    "registration": timedelta(hours=48),
}


class LinkDead(NotFound):
    """A link that never was, or was used, or is past its time, or was taken back: one answer."""

    code = "link_dead"
    message = _("This link doesn't work, or no longer works.")


class Link(Row):
    """A link's digest, and what it is for."""

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_subject_id", "subject_id"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    business_id: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


async def make_link(tx: Transaction, purpose: Purpose, subject_id: UUID, business_id: UUID | None) -> str:
    """Make a link for what waits to be done; this is its secret."""
    secret = secrets.token_urlsafe(32)
    tx.add(
        Link(
            digest=digest(secret),
            business_id=business_id,
            purpose=purpose,
            subject_id=subject_id,
            made_at=tx.now,
            expires_at=tx.now + LIVES[purpose],
        )
    )
    await tx.flush()
    return secret


async def subject_open(tx: Transaction, purpose: Purpose, subject_id: UUID) -> bool:
    """Whether what a link is for still waits to be done."""
    found = await tx.execute(_OPEN[purpose], {"id": subject_id})
    return found.first() is not None


_OPEN = {
    purpose: text(query).bindparams(bindparam("id", type_=Uuid()))
    for purpose, query in (
        ("invitation", "select 1 from invitations where id = :id and closed_at is null"),
        ("reset", "select 1 from resets where id = :id and closed_at is null"),
        ("email", "select 1 from email_changes where id = :id and closed_at is null"),
        (
            "registration",
            "select 1 from registrations where id = :id and confirmed_at is null and decided_at is null",
        ),
    )
}


async def find_link(tx: Transaction, purpose: Purpose, secret: str) -> Link | None:
    """This is the link of a secret, living or dead, or None when there never was one, or it was forgotten."""
    link = await tx.get(Link, digest(secret))
    return link if link is not None and link.purpose == purpose else None


async def forget_old(tx: Transaction) -> None:
    """Forget links that have been dead for a month: until then whoever comes by one is journaled."""
    await tx.execute(delete(Link).where(Link.expires_at < tx.now - timedelta(days=30)))


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
