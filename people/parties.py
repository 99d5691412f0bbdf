"""Parties: everyone with a name and an e-mail, whether a person or a company. One e-mail, one party."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import Mailbox
from store.errors import Conflict, _
from store.rows import Row


class Party(Row):
    """Someone. The kind ``company`` is a firm, which has no account and so can't sign in."""

    __tablename__ = "parties"
    __table_args__ = (
        CheckConstraint("kind in ('superadmin', 'admin', 'staff', 'client', 'company')", name="kind"),
        CheckConstraint("(kind = 'superadmin') = (business_id is null)", name="business"),
        UniqueConstraint("id", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Mailbox, unique=True)
    added_at: Mapped[datetime]


class EmailTaken(Conflict):
    code = "email_taken"
    message = _("This e-mail belongs to someone already.")


def email_taken() -> EmailTaken:
    return EmailTaken(fields={"email": EmailTaken.message})
