"""Tries to prove who one is. A try is counted before it is looked at, so that many at once are no way around."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import Index, Text, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import Mailbox, one_spelling
from people.parties import Party
from people.signing.journal import note
from store.database import Database, Transaction
from store.errors import Invalid, TooMany, _
from store.networks import network_of, site_of
from store.rows import Row
from store.scopes import EVERYWHERE


class SignInAttempt(Row):
    """A try, counted against its account and its address for a while."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_email_at", "email", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Mailbox)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How many wrong tries are allowed in a window: for an account, from an address (of IPv6 from its first 64 bits),
    and of IPv6 from its first 48 bits."""

    per_account: int = 10
    per_address: int = 60
    per_site: int = 240
    window: timedelta = timedelta(minutes=15)


class WrongSecret(Invalid):
    """What someone who is signed in gave to prove who they are, such as their password, is wrong: it counts as a try.

    The verb's own transaction is rolled back, so ``web.commands`` counts it.
    """


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a request comes from."""

    address: str
    agent: str


async def begin_try(database: Database, email: str, whence: Whence, limits: SignInLimits | None) -> UUID:
    """Count a try; this is its id, by which it is forgotten again if it turns out right.

    Raises:
        TooMany: there were too many for this account or from this address.
    """
    network = network_of(whence.address)
    async with database.transaction(EVERYWHERE) as tx:
        whole = site_of(network) or network
        for key in sorted({_key(f"email:{one_spelling(email).casefold()}"), _key(f"address:{whole}")}):
            await tx.execute(select(func.pg_advisory_xact_lock(key)))
        if limits is not None:
            await _limit(tx, email, network, limits)
        attempt = SignInAttempt(id=tx.new_id(), email=email, address=network, at=tx.now)
        tx.add(attempt)
        return attempt.id


async def note_wrong(
    database: Database, email: str, whence: Whence, limits: SignInLimits | None, *, how: str = "password"
) -> None:
    """Journal that a try was wrong, and that it was the last for a while if it was."""
    async with database.transaction(EVERYWHERE) as tx:
        known = (await tx.execute(select(Party.id, Party.business_id).where(Party.email == email))).first()
        person_id, business_id = known or (None, None)
        about = {"address": whence.address, "agent": whence.agent, "email": email[:200], "how": how}
        note(tx, "sign_in_failed", person_id=person_id, business_id=business_id, **about)
        if limits is None:
            return
        of_account, *_others = await _tries(tx, email, network_of(whence.address), limits)
        if of_account >= limits.per_account:
            note(tx, "locked_out", person_id=person_id, business_id=business_id, **about)


async def forget_try(tx: Transaction, id: UUID) -> None:
    """Forget a try that was right."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.id == id))


async def forget_tries(tx: Transaction, email: str) -> None:
    """Forget an account's tries: someone proved to be its owner."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.email == email))


async def must_have_tries_left(tx: Transaction, email: str, limits: SignInLimits) -> None:
    """Refuse someone who is signed in and gave too many wrong secrets.

    Raises:
        TooMany: so many that this account has none left.
    """
    tries = await tx.scalar(select(func.tries_of(cast(email, CITEXT), tx.now - limits.window)))
    if tries >= limits.per_account:
        raise _too_many(limits)


async def forget_old(tx: Transaction) -> None:
    """Forget tries of another day."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.at < tx.now - timedelta(days=1)))


async def _limit(tx: Transaction, email: str, network: str, limits: SignInLimits) -> None:
    of_account, of_address, of_site = await _tries(tx, email, network, limits)
    if of_account >= limits.per_account or of_address >= limits.per_address or of_site >= limits.per_site:
        raise _too_many(limits)


async def _tries(tx: Transaction, email: str, network: str, limits: SignInLimits) -> tuple[int, int, int]:
    """How many there were of an account, from a network, and from its site."""
    recent = SignInAttempt.at > tx.now - limits.window
    of_address, site = SignInAttempt.address == network, site_of(network)
    of_site = of_address if site is None else SignInAttempt.address.startswith(site)
    tries = (
        await tx.execute(
            select(
                func.count().filter(SignInAttempt.email == email).label("account"),
                func.count().filter(of_address).label("address"),
                func.count().filter(of_site).label("site"),
            ).where(recent, or_(SignInAttempt.email == email, of_site))
        )
    ).one()
    return tries.account, tries.address, tries.site


def _too_many(limits: SignInLimits) -> TooMany:
    return TooMany(
        _("Too many wrong tries. Please wait a while and try again."),
        code="too_many_attempts",
        retry_after_seconds=limits.window.total_seconds(),
    )


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
