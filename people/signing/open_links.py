"""Open links: resets and changes of an e-mail that wait for theirs to be used. They end with somebody's access, since
each of them is a way in, whoever asked for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text, update
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import Mailbox
from store.database import Transaction
from store.rows import Row


class Reset(Row):
    """A reset, open until it was used, replaced by a newer one, or withdrawn."""

    __tablename__ = "resets"
    __table_args__ = (Index("uq_resets_open", "person_id", unique=True, postgresql_where=text("closed_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"))
    by_id: Mapped[UUID | None]
    """The admin who sent it; None where they asked themselves."""
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)


class EmailChange(Row):
    """A change of someone's e-mail that waits for the new address to answer."""

    __tablename__ = "email_changes"
    __table_args__ = (
        Index("uq_email_changes_open", "person_id", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"))
    email: Mapped[str] = mapped_column(Mailbox)
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)


async def withdraw_links(tx: Transaction, person_id: UUID) -> None:
    """Let none of somebody's open links be good any more."""
    for row in (Reset, EmailChange):
        await tx.execute(
            update(row)
            .where(row.person_id == person_id, row.closed_at.is_(None))
            .values(closed_at=tx.now, outcome="withdrawn")
        )
