"""Throttling: tries to prove who one is. Each is counted before it is looked at, so that many at once are no way round.

Against what a try is counted, depends on who tries:

* a stranger's against the account and what they have of the network. When an account was tried too often, another try
  takes work (``people.signing.proof_of_work``), so that others keep nobody
  out, up to a day's bound, which closes the account to strangers alone. Setting work costs the hub some
  itself, so each counts against the network like a try;
* one from a browser that let its person in before, against this browser alone; when it used them up, like a stranger's;
* a code, the second step, likewise, but apart from passwords, and no work makes up for too many: a code is short;
* one of somebody who is signed in, who says once more who they are, against them, in whatever session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Computed, Index, Text, and_, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.journal import may_note, note
from people.mailboxes import Mailbox, one_spelling
from people.parties import Party
from people.signing.known_devices import known_device
from people.signing.proof_of_work import STEPS_BEHIND, Solved, WorkNeeded, set_challenge, solved, spend
from people.signing.sentences import JOURNAL
from store.addresses.networks import network_of, site_of
from store.database import Database, Transaction
from store.errors import Invalid, TooMany, _
from store.rows import Row
from store.scopes import EVERYWHERE

Kind = Literal["password", "code", "own", "work"]
"""What is tried: a password, the second step's code, or a secret of somebody who is signed in. Or nothing yet: work was
set for a try, which counts against the address alone."""
A_DAY = timedelta(days=1)
BEYOND_A_STEP, MOST_BEYOND = 100, 3
"""So many tries beyond a day's take the same work before it doubles again, and so often it does: what is set has to be
done before it is ten minutes old."""


class SignInAttempt(Row):
    """A try, counted against its account and its address, or its device, for a while."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account", "account", "at"),
        Index("ix_sign_in_attempts_address", "address", "at", postgresql_ops={"address": "text_pattern_ops"}),
        Index("ix_sign_in_attempts_device_id", "device_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Mailbox)
    account: Mapped[str] = mapped_column(Text, Computed("lower(email::text)", persisted=True))
    """The same as plain text: under row security no index helps with comparing what is ``citext``."""
    address: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="password")
    device_id: Mapped[UUID | None]
    """The browser, where it is known as the person's."""
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How many wrong tries are allowed in a window: for an account, from an address (of IPv6 from its first 64 bits),
    and of IPv6 from its first 48 bits; and what more of them for an account cost."""

    per_account: int = 10
    """Also of one device, of codes, and of somebody who is signed in. More of a stranger's passwords take work."""
    per_address: int = 60
    per_site: int = 240
    window: timedelta = timedelta(minutes=15)
    per_account_a_day: int = 1_000
    """From so many of strangers on each takes work, harder than any before, and each hundred makes it twice as hard: to
    shut the account to unknown browsers costs a day of computing."""
    most_a_day: int = 1_500
    """What strangers get altogether, whatever they work: what chosen passwords withstand for years
    (``passwords.GUESSES``)."""
    easiest: int = 64
    """So many numbers are looked at for the first try beyond, on average: about a second of a laptop's. Nobody looks at
    more than twice as many, and for each further try they are doubled."""
    hardest_step: int = 4
    """So often they are: 17 seconds on average and 35 at most, as somebody may wait who knows their password."""


class WrongSecret(Invalid):
    """What someone who is signed in gave to prove who they are, such as their password, is wrong: it counts as a try.

    The verb's own transaction is rolled back; ``people.signing.reauthentication`` counts it.
    """


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a request comes from."""

    address: str
    agent: str
    device: str = ""
    """The token that its browser keeps, by which it may be known."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted, and its number among those that are counted together with it."""

    id: UUID
    kind: Kind = "password"
    nr: int = 0
    of_device: bool = False


class _WorkLacks(Exception):
    """Another try takes work of a step that wasn't shown."""

    def __init__(self, step: int) -> None:
        self.step = step


async def begin_try(
    database: Database,
    email: str,
    whence: Whence,
    limits: SignInLimits | None,
    *,
    kind: Kind = "password",
    solution: str = "",
) -> Try:
    """Count a try; by what this is it is forgotten again if it turns out right.

    Raises:
        TooMany: there were too many: of this device, from this address, of codes, or in a day.
        WorkNeeded: there were too many for this account, and the solution isn't one of work that makes up for it.
    """
    done = await solved(database, email, solution)
    lack: _WorkLacks | None = None
    async with database.transaction(EVERYWHERE) as tx:
        device_id = await known_device(tx, email, whence.device) if whence.device and kind != "own" else None
        attempt, nr = _attempt(tx, email, whence, kind, device_id), 0
        try:
            nr = await _count(tx, attempt, limits, done)
        except _WorkLacks as found:
            attempt.kind, lack = "work", found
        tx.add(attempt)
    if lack is not None and limits is not None:
        raise WorkNeeded(await _work(database, email, lack.step, limits), limits.window.total_seconds())
    return Try(attempt.id, kind, nr, attempt.device_id is not None)


async def challenge_for(
    database: Database, email: str, whence: Whence, limits: SignInLimits | None
) -> dict[str, Any] | None:
    """This is the work that a try would take now, or None when it takes none.

    Raises:
        TooMany: too much was set for this address, or tried from it; or a try has to wait whatever work is done.
    """
    if limits is None:
        return None
    async with database.reading(EVERYWHERE) as tx:
        known = await known_device(tx, email, whence.device) if whence.device else None
        if known is not None and await _tries(tx, limits.window, *_of_device(known, "password")) < limits.per_account:
            return None
        if (step := await _step(tx, email, limits)) is None:
            return None
    async with database.transaction(EVERYWHERE) as tx:
        asked = _attempt(tx, email, whence, "work")
        await _one_by_one(tx, _address_key(asked.address))
        await _limit_address(tx, asked.address, limits)
        tx.add(asked)
    return await _work(database, email, step, limits)


async def note_wrong(
    database: Database,
    email: str,
    whence: Whence,
    limits: SignInLimits | None,
    attempt: Try | None = None,
    *,
    how: str = "password",
) -> None:
    """Journal that a try was wrong; and that it was the last for a while, or the last that takes no work, if so."""
    async with database.transaction(EVERYWHERE) as tx:
        known = (await tx.execute(select(Party.id, Party.business_id).where(Party.email == email))).first()
        person_id, business_id = known or (None, None)
        about = {"address": whence.address, "agent": whence.agent, "email": email[:200], "how": how}
        is_strangers = attempt is None or (attempt.kind != "own" and not attempt.of_device)
        if not is_strangers or await may_note(tx, JOURNAL["sign_in_failed"], whence.address):
            note(tx, JOURNAL["sign_in_failed"], person_id=person_id, business_id=business_id, **about)
        if limits is None or attempt is None or attempt.of_device or attempt.nr != limits.per_account:
            return
        note(
            tx,
            JOURNAL["slowed_down"] if attempt.kind == "password" else JOURNAL["locked_out"],
            person_id=person_id,
            business_id=business_id,
            **about,
        )


async def forget_try(tx: Transaction, id: UUID) -> None:
    """Forget a try that was right."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.id == id))


async def forget_own_tries(tx: Transaction, email: str, whence: Whence) -> None:
    """Forget the tries of whoever came in: of this browser, if it was known, else those from its network. What others
    try meanwhile stays counted."""
    device_id = await known_device(tx, email, whence.device) if whence.device else None
    if device_id is not None:
        await tx.execute(delete(SignInAttempt).where(SignInAttempt.device_id == device_id))
    else:
        of_network = SignInAttempt.address == network_of(whence.address)
        await tx.execute(delete(SignInAttempt).where(_of_account(email), of_network, _OF_STRANGERS))


async def forget_tries(tx: Transaction, email: str) -> None:
    """Forget an account's tries: someone proved to be its owner by a letter."""
    await tx.execute(delete(SignInAttempt).where(_of_account(email)))


async def forget_old(tx: Transaction) -> None:
    """Forget tries of another day."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.at < tx.now - A_DAY))


_OF_STRANGERS = and_(SignInAttempt.device_id.is_(None), SignInAttempt.kind != "own")


def _of_account(email: str) -> ColumnElement[bool]:
    return SignInAttempt.account == func.lower(bindparam(None, one_spelling(email), Text))


def _of_site(network: str) -> ColumnElement[bool]:
    """By bytes, from what the site's networks begin with to what comes after all of them."""
    address, site = SignInAttempt.address, site_of(network)
    if site is None:
        return address == network
    beyond = site[:-1] + chr(ord(site[-1]) + 1)
    return and_(address.bool_op("~>=~")(site), address.bool_op("~<~")(beyond))


def _attempt(tx: Transaction, email: str, whence: Whence, kind: Kind, device_id: UUID | None = None) -> SignInAttempt:
    network = network_of(whence.address)
    return SignInAttempt(id=tx.new_id(), email=email, address=network, kind=kind, device_id=device_id, at=tx.now)


async def _count(tx: Transaction, attempt: SignInAttempt, limits: SignInLimits | None, done: Solved | None) -> int:
    """This is a try's number among those that are counted together with it; others of them wait until it is counted."""
    account = one_spelling(attempt.email).casefold()
    if attempt.device_id is not None:
        await _one_by_one(tx, f"device:{attempt.device_id}")
        tries = 0 if limits is None else await _tries(tx, limits.window, *_of_device(attempt.device_id, attempt.kind))
        if limits is None or tries < limits.per_account:
            return tries + 1
        attempt.device_id = None  # whoever used up a browser's tries is nobody known any more
    if attempt.kind == "own":
        await _one_by_one(tx, f"own:{account}")
        return await _within(tx, limits, _of_account(attempt.email), kind="own")
    await _one_by_one(tx, f"email:{account}", _address_key(attempt.address))
    if limits is None:
        return 0
    await _limit_address(tx, attempt.address, limits)
    if attempt.kind == "code":
        return await _within(tx, limits, _of_account(attempt.email), _OF_STRANGERS, kind="code")
    if (step := await _step(tx, attempt.email, limits)) is not None:
        await _make_up(tx, step, done)
    return await _tries(tx, limits.window, *_of_strangers_for(attempt.email)) + 1


def _address_key(network: str) -> str:
    return f"address:{site_of(network) or network}"


async def _one_by_one(tx: Transaction, *names: str) -> None:
    for key in sorted(_key(name) for name in names):
        await tx.execute(select(func.pg_advisory_xact_lock(key)))


async def _within(tx: Transaction, limits: SignInLimits | None, *those: ColumnElement[bool], kind: str) -> int:
    if limits is None:
        return 0
    tries = await _tries(tx, limits.window, SignInAttempt.kind == kind, *those)
    if tries >= limits.per_account:
        raise _too_many(limits.window)
    return tries + 1


async def _tries(tx: Transaction, window: timedelta, *those: ColumnElement[bool]) -> int:
    tries: int = await tx.scalar(select(func.count()).where(*those, SignInAttempt.at > tx.now - window))
    return tries


def _of_device(device_id: UUID, kind: str) -> list[ColumnElement[bool]]:
    return [SignInAttempt.device_id == device_id, SignInAttempt.kind == kind]


def _of_strangers_for(email: str) -> list[ColumnElement[bool]]:
    return [_of_account(email), SignInAttempt.kind == "password", _OF_STRANGERS]


async def _limit_address(tx: Transaction, network: str, limits: SignInLimits) -> None:
    of_address = SignInAttempt.address == network
    tries = (
        await tx.execute(
            select(func.count().filter(of_address).label("address"), func.count().label("site")).where(
                _of_site(network), SignInAttempt.at > tx.now - limits.window, _OF_STRANGERS
            )
        )
    ).one()
    if tries.address >= limits.per_address or tries.site >= limits.per_site:
        raise _too_many(limits.window)


async def _make_up(tx: Transaction, step: int, done: Solved | None) -> None:
    """Take work for another try, once."""
    if done is None or done.step < step - STEPS_BEHIND or not await spend(tx, done):
        raise _WorkLacks(step)


async def _work(database: Database, email: str, step: int, limits: SignInLimits) -> dict[str, Any]:
    return await set_challenge(database, email, step, limits.easiest << step)


async def _step(tx: Transaction, email: str, limits: SignInLimits) -> int | None:
    """How often the work has doubled that a stranger's next try takes, or None when it takes none.

    Raises:
        TooMany: strangers had all of a day's tries.
    """
    await _limit_day(tx, email, limits)
    in_a_day = await _tries(tx, A_DAY, *_of_strangers_for(email))
    beyond = in_a_day - limits.per_account_a_day
    if beyond >= 0:
        return limits.hardest_step + 1 + min(beyond // BEYOND_A_STEP, MOST_BEYOND)
    tries = await _tries(tx, limits.window, *_of_strangers_for(email))
    return None if tries < limits.per_account else min(tries - limits.per_account, limits.hardest_step)


async def _limit_day(tx: Transaction, email: str, limits: SignInLimits) -> None:
    """Refuse when strangers had all of a day's tries, until the oldest of them is a day old."""
    earlier = select(SignInAttempt.at).where(*_of_strangers_for(email), SignInAttempt.at > tx.now - A_DAY)
    last = earlier.order_by(SignInAttempt.at.desc()).offset(limits.most_a_day - 1).limit(1)
    oldest: datetime | None = await tx.scalar(last)
    if oldest is not None:
        raise _too_many(oldest + A_DAY - tx.now)


def _too_many(wait: timedelta) -> TooMany:
    return TooMany(
        _("Too many wrong attempts."),
        code="too_many_attempts",
        retry_after_seconds=wait.total_seconds(),
    )


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
