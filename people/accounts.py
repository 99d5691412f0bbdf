"""Accounts: what makes a party a person who can sign in, and how they like things."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Text,
    and_,
    case,
    exists,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, aliased, mapped_column

from people.actors import PERMISSIONS
from people.forms import AccountForm
from people.parties import Party
from store.database import Transaction
from store.rows import Row

State = Literal["active", "invited", "kept", "waiting", "locked", "linked", "former", "erased"]


class Account(Row):
    """How a party signs in and likes things. A company can have none."""

    __tablename__ = "accounts"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "kind"], ["parties.id", "parties.kind"], onupdate="CASCADE"),
        CheckConstraint("kind <> 'company'", name="person"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    """What the version before reads; a client's companies are in ``clients.company_clients``."""
    password_hash: Mapped[str | None] = mapped_column(Text)
    """None until whoever was invited has set a password."""
    role_id: Mapped[UUID | None] = mapped_column(ForeignKey("roles.id"), index=True)
    extra_permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    """What was given beside the role."""
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    """What holds: those of the role and the extra ones together."""
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text, default="auto")
    start_page: Mapped[str] = mapped_column(Text, default="home")
    """Where they begin after signing in: a page's name, or ``room:`` with a room's id."""
    phone: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    """Whether they may sign in."""
    invited_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    locked_above: Mapped[bool] = mapped_column(default=False)
    """Whether who runs the installation locked it: then only they unlock it."""
    deactivated_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.person_id"))
    """Who took over when they left."""
    linked_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    """The member of the staff whom this client's record is of: only that account signs in."""
    linked_before_id: Mapped[UUID | None]
    """Whom it was of until they left: it is theirs again when they come back."""

    def settle(self) -> None:
        """Let whoever is neither locked, nor gone, nor someone else's record sign in, and nobody else."""
        self.active = self.locked_at is None and self.deactivated_at is None and self.linked_id is None


Reached = aliased(Party, name="reached")

IN_STATE: dict[State, ColumnElement[bool]] = {
    "erased": Account.erased_at.is_not(None),
    "former": Account.deactivated_at.is_not(None),
    "linked": Account.linked_id.is_not(None),
    "locked": Account.locked_at.is_not(None),
    "waiting": Account.active.is_(False),
    "kept": exists().where(Reached.id == Account.person_id, Reached.email.is_(None)),
    "invited": and_(Account.password_hash.is_(None), Account.invited_at.is_not(None)),
}
"""How a state is known; the first that holds is the person's."""

STATE: ColumnElement[str] = case(*((holds, state) for state, holds in IN_STATE.items()), else_="active")


async def locked_with(tx: Transaction, condition: ColumnElement[bool]) -> list[tuple[Party, Account]]:
    """These are the people whose accounts a condition holds for; the accounts are locked, each in the same order."""
    rows = await tx.execute(
        select(Party, Account)
        .join(Account, Account.person_id == Party.id)
        .where(condition)
        .order_by(Account.person_id)
        .with_for_update(of=Account)
    )
    return [(person, account) for person, account in rows]


def account_form(person: Party, account: Account) -> AccountForm:
    """This is someone's account as they see it themselves."""
    return AccountForm.model_validate(
        {
            "id": person.id,
            "name": person.name,
            "kind": person.kind,
            "email": person.email,
            "business_id": person.business_id,
            "language": account.language,
            "time_zone": account.time_zone,
            "theme": account.theme,
            "start_page": account.start_page,
            "phone": account.phone,
            "address": account.address,
            "permissions": sorted(PERMISSIONS) if person.kind == "admin" else account.permissions,
        }
    )
