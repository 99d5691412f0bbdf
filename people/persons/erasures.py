"""Erasures: what is forgotten of someone who asks for it, wherever it is kept. A new table of such data joins here.

What they did stays, under their pseudonym; the journal keeps its lines, without addresses and devices.
"""

from itertools import chain
from uuid import UUID

from sqlalchemy import delete, func, select, update

from people.announcements import PersonForgotten
from people.journal import JournalEntry
from people.mail.erasures import erase_letters
from people.persons.resets import ResetAsk
from people.rate_limits import forget_hits_of, of_email
from people.signing.factors import Authenticator, Passkey, RecoveryCode
from people.signing.identities import Identity
from people.signing.known_devices import KnownDevice
from people.signing.open_links import EmailChange
from people.signing.sessions import Session
from people.signing.throttling import forget_tries
from people.signing.tokens import ApiToken
from store.database import Transaction
from store.keys import KeyRow
from store.scopes import EVERYWHERE

OWN = (EmailChange, Authenticator, Passkey, RecoveryCode, Identity, ApiToken, KeyRow, KnownDevice)
"""What is somebody's alone, by ``person_id``."""


async def forget_person(
    tx: Transaction, business_id: UUID, person_id: UUID, *, name: str, email: str | None, pseudonym: str
) -> None:
    """Forget what is known of someone beside their row and account."""
    async with tx.looking(EVERYWHERE):  # what was noted before it was known whose it is belongs to no business
        addresses = await _addresses(tx, person_id, email)
        for table in OWN:
            await tx.execute(delete(table).where(table.person_id == person_id))
        await tx.announce(PersonForgotten(business_id, person_id, pseudonym))
        await erase_letters(tx, business_id, person_id, name=name, addresses=addresses, pseudonym=pseudonym)
        await tx.execute(delete(ResetAsk).where(ResetAsk.email == (email or "")))
        await forget_tries(tx, email or "")
        await forget_hits_of(tx, str(person_id), *(of for address in addresses for of in of_email(address, 0)))
        await tx.execute(update(Session).where(Session.person_id == person_id).values(address="", agent=""))
        kept = [(name, JournalEntry.details[name]) for name in ("by", "by_name", "on_behalf_of")]
        who = func.jsonb_strip_nulls(func.jsonb_build_object(*chain.from_iterable(kept)))
        await tx.execute(
            update(JournalEntry).where(JournalEntry.person_id == person_id).values(address="", agent="", details=who)
        )


async def _addresses(tx: Transaction, person_id: UUID, email: str | None) -> set[str]:
    """The e-mails that somebody has, had, or would have had."""
    wished = await tx.scalars(select(EmailChange.email).where(EmailChange.person_id == person_id))
    had = await tx.scalars(
        select(JournalEntry.details["email"].astext).where(
            JournalEntry.person_id == person_id, JournalEntry.what == "email_changed"
        )
    )
    return {address for address in (email, *wished, *had) if address}
