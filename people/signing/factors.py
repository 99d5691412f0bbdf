"""Second factors: what someone has beside their password. Who has one can't sign in by the password alone."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, LargeBinary, Text, exists, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Transaction
from store.errors import Forbidden, _
from store.rows import Row
from store.secrets.ciphers import Sealed

Factor = Literal["password", "provider", "code", "recovery_code", "passkey"]
"""How a session was begun; a code and a recovery code come after a password or another service."""
SINGLE: tuple[Factor, ...] = ("password", "provider")
"""One factor alone; each of the others makes it two, a passkey by itself since it asks for a finger or a PIN."""
Way = Literal["code", "passkey", "recovery_code"]


class Authenticator(Row):
    """An app that makes codes by the time; it counts once a first code was right."""

    __tablename__ = "authenticators"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), primary_key=True)
    business_id: Mapped[UUID | None]
    secret: Mapped[bytes] = mapped_column(Sealed)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The half minute of the last code that was taken: no code of it or of an earlier one is taken again."""


class RecoveryCode(Row):
    """A code on paper, good for once."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    business_id: Mapped[UUID | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]


class Passkey(Row):
    """A passkey: the public half of a key that a device or a manager keeps."""

    __tablename__ = "passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    business_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactorNeeded(Forbidden):
    code = "second_factor_needed"
    message = _("Your business requires a second factor. Set one up on your account's security page first.")


SETTING_UP = frozenset(
    {
        "authenticator.start",
        "authenticator.confirm",
        "recovery_codes.renew",
        "passkey.rename",
        "password.change",
        "session.revoke",
        "other_sessions.revoke",
        "all_sessions.revoke",
    }
)
"""The commands of someone who has yet to set up a second factor."""


def has_second_factor(person_id: Any) -> ColumnElement[bool]:
    """Whether someone has a second factor, in SQL."""
    return or_(
        exists().where(Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None)),
        exists().where(Passkey.person_id == person_id),
    )


async def ways(tx: Transaction, person_id: UUID) -> frozenset[Way]:
    """These are the ways of someone's second step; none when the password is enough."""
    row = (
        await tx.execute(
            select(
                exists().where(Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None)),
                exists().where(Passkey.person_id == person_id),
                exists().where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)),
            )
        )
    ).one()
    named: tuple[Way, ...] = ("code", "passkey", "recovery_code")
    found = frozenset(way for way, there in zip(named, row, strict=True) if there)
    return found if found & {"code", "passkey"} else frozenset()
