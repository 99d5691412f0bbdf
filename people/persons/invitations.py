"""Invitations: how a person who was added comes to their password.

Whoever is invited gets a letter whose link works for 24 hours, once. A person has one open invitation at most; a newer
one, and withdrawing it, ends its links.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text, update
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.businesses import Business
from people.mail import mail_kind, send_letter, withdraw_letters
from people.parties import Party
from store.database import Transaction
from store.errors import NotFound, _
from store.rows import Row, Signed

INVITATION = mail_kind(
    "invitation",
    _("%(inviter)s invites you to %(product)s"),
    _("Invitation"),
    "business",
    "inviter",
    "invitation_id",
    link="invitation",
)


class Invitation(Signed, Row):
    """An invitation, open until it was accepted, withdrawn or replaced by a newer one."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index("uq_invitations_open", "person_id", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"))
    by_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)


async def open_invitation(tx: Transaction, person_id: UUID, by: Actor) -> UUID:
    """Invite a person whose party and account are there: queue the letter. This is the invitation's id.

    Call it after adding their rows; whether the asker may is the caller's to have looked at.
    """
    person = await tx.get(Party, person_id)
    if person is None:
        raise NotFound()
    await close_invitation(tx, person_id, "replaced")
    business = await tx.get(Business, person.business_id) if person.business_id else None
    invitation = Invitation(
        id=tx.new_id(), business_id=person.business_id, person_id=person_id, by_id=by.id, opened_at=tx.now
    )
    tx.add(invitation)
    await tx.flush()
    await send_letter(
        tx,
        INVITATION,
        to_person_id=person_id,
        business=business.name if business else "",
        inviter=by,
        invitation_id=invitation.id,
    )
    return invitation.id


async def close_invitation(tx: Transaction, person_id: UUID, outcome: str) -> UUID | None:
    """Close a person's open invitation, if there is one: its links end. This is its id."""
    closed: UUID | None = await tx.scalar(
        update(Invitation)
        .where(Invitation.person_id == person_id, Invitation.closed_at.is_(None))
        .values(closed_at=tx.now, outcome=outcome)
        .returning(Invitation.id)
    )
    if closed is not None:
        await withdraw_letters(tx, person_id, "invitation_id", closed)
    return closed
