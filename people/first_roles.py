"""The table of roles, and those that a business begins with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Permission
from store.database import Transaction
from store.errors import _
from store.rows import Row


class Role(Row):
    """A named set of permissions; ``key`` names one that every business begins with."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    key: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(CITEXT)
    description: Mapped[str] = mapped_column(Text, default="")
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    added_at: Mapped[datetime]


PLAIN = "employee"
OFFERED: dict[str, tuple[str, tuple[Permission, ...]]] = {
    "project_manager": (_("Project manager"), ("projects", "hours", "own_leave")),
    "account_manager": (_("Account manager"), ("clients", "tickets", "own_leave")),
    "team_lead": (_("Team lead"), ("staff", "hours", "own_leave")),
    "accountant": (_("Accountant"), ("invoicing", "hours", "own_leave")),
    "support": (_("Support"), ("tickets", "own_leave")),
    PLAIN: (_("Employee"), ()),
}
"""What a business begins with. The names are translated where they are shown, until somebody changes them."""


async def offer_roles(tx: Transaction, business_id: UUID) -> None:
    """Give a business the roles that one begins with."""
    for key, (name, permissions) in OFFERED.items():
        tx.add(
            Role(
                id=tx.new_id(),
                business_id=business_id,
                key=key,
                name=name,
                permissions=sorted(permissions),
                added_at=tx.now,
            )
        )
    await tx.flush()
