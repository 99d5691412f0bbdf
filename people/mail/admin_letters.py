"""Letters to a business's admins about how its people sign in."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.accounts import Account
from people.mail import MailKind, send_letter
from store.database import Transaction

SIGN_IN_SETTINGS = "/settings/security"


async def write_to_admins(
    tx: Transaction, business_id: UUID, kind: MailKind, /, *, but: UUID | None = None, **about: Any
) -> None:
    """Write to a business's active admins, except one, with the address of the settings."""
    admins = await tx.scalars(
        select(Account.person_id)
        .where(Account.business_id == business_id, Account.kind == "admin", Account.active)
        .order_by(Account.person_id)
    )
    for person_id in admins:
        if person_id != but:
            await send_letter(tx, kind, to_person_id=person_id, url=SIGN_IN_SETTINGS, **about)
