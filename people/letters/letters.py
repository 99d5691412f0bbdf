"""Letters as they are kept: to whom, of which kind, and what came of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column, select, table
from sqlalchemy.dialects.postgresql import CITEXT, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from people.letters.kinds import KINDS
from people.parties import Party
from store.database import Transaction
from store.errors import NotFound
from store.jobs import defer
from store.rows import Row


class Letter(Row):
    """A letter, queued until it was sent, or until the last try to send it has failed."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state"),
        Index("ix_letters_queued_at", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"), index=True)
    email: Mapped[str] = mapped_column(CITEXT)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


_ACCOUNTS = table("accounts", column("person_id"), column("language"))


async def send_letter(
    tx: Transaction,
    kind: str,
    *,
    to_person_id: UUID | None = None,
    to_email: str | None = None,
    language: str = "en",
    **params: Any,
) -> UUID | None:
    """Queue a letter: a worker sends it once this transaction has committed.

    It goes to a person, in their language, or to an address that is nobody's, in the given one. Whoever has no e-mail
    (any more) gets none, and this is None; else it is the letter's id.
    """
    assert kind in KINDS, kind
    assert not (wrong := set(params) ^ KINDS[kind].params), f"{kind}: {wrong}"
    letter = Letter(
        id=tx.new_id(),
        email=to_email,
        name="",
        language=language,
        kind=kind,
        params={name: _plain(value) for name, value in params.items()},
        queued_at=tx.now,
    )
    if to_person_id is not None:
        found = (
            await tx.execute(
                select(Party.business_id, Party.name, Party.email, _ACCOUNTS.c.language)
                .outerjoin(_ACCOUNTS, _ACCOUNTS.c.person_id == Party.id)
                .where(Party.id == to_person_id)
            )
        ).first()
        if found is None:
            raise NotFound()
        if found.email is None:
            return None
        letter.person_id = to_person_id
        letter.business_id, letter.name, letter.email = found.business_id, found.name, found.email
        letter.language = found.language or language
    tx.add(letter)
    await defer(tx, "letter.send", letter_id=letter.id)
    return letter.id


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | list | None) else str(value)
