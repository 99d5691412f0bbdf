"""Proof of work: what an unknown browser does before it may try once more to sign in as somebody whom too many tried
to be. Whoever guesses pays for each guess, twice as much for each; whoever knows their password waits a little, once.

A challenge has the form of ALTCHA's proof of work, version 2: the number is to be found whose scrypt begins with what
the challenge says. It is signed, lasts ten minutes, and is good for one try for one e-mail as it was typed: it says
nothing of whether that is anybody's. The hub looks at signatures alone; what was used is kept in the database, so it is
used once over all nodes.

Making one derives the number's scrypt, in a thread apart from those that check passwords. How many anybody has made is
bounded where tries are counted (``people.signing.throttling``).

Source: RFC 7914 (scrypt); https://altcha.org/docs/v2/proof-of-work-captcha/.
"""

import asyncio
import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from altcha import Payload, create_challenge, verify_solution
from sqlalchemy import LargeBinary, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import one_spelling
from store.database import Database, Transaction
from store.errors import TooMany, _
from store.rows import Row
from store.scopes import EVERYWHERE
from store.secrets.secrets import shared_secret

LIVES = timedelta(minutes=10)
ALGORITHM, COST, BLOCKS = "SCRYPT", 4096, 8
"""Four MiB for each number that is looked at: a machine made for guessing gains little by it."""
STEPS_BEHIND = 1
"""Work that was set so many steps of difficulty ago still counts: somebody else may have tried meanwhile."""


class SpentChallenge(Row):
    """Work that was used for a try."""

    __tablename__ = "spent_challenges"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class WorkNeeded(TooMany):
    """Too many tried to be this person: another try takes work, which the wire says how to do."""

    def __init__(self, challenge: dict[str, Any], retry_after_seconds: float) -> None:
        super().__init__(
            _(
                "Too many wrong attempts for this account. Solve the challenge, wait a while, or request "
                "a password reset link."
            ),
            code="too_many_attempts",
            retry_after_seconds=retry_after_seconds,
        )
        self.beside = {"challenge": challenge}


@dataclass(frozen=True, slots=True)
class Solved:
    """Work that was done for an e-mail: how hard it was, and by what it is known again."""

    step: int
    digest: bytes
    until: datetime


async def set_challenge(database: Database, email: str, step: int, numbers: int) -> dict[str, Any]:
    """This is work for another try, as the wire has it: so many numbers are looked at for it on average."""
    secret = await _secret(database)
    made = partial(_set, secret, email, step, numbers, database.clock() + LIVES)
    return await asyncio.get_running_loop().run_in_executor(_maker, made)


async def solved(database: Database, email: str, solution: str) -> Solved | None:
    """This is the work that a solution shows; None when it is no solution, or another e-mail's, or too old."""
    if not solution:
        return None
    return _solved(await _secret(database), email, solution, database.clock())


async def spend(tx: Transaction, done: Solved) -> bool:
    """Use work up; whether it hadn't been used."""
    fresh = insert(SpentChallenge).values(digest=done.digest, until=done.until).on_conflict_do_nothing()
    return await tx.scalar(fresh.returning(SpentChallenge.digest)) is not None


async def forget_old(tx: Transaction) -> None:
    """Forget what couldn't be used again anyway."""
    await tx.execute(delete(SpentChallenge).where(SpentChallenge.until < tx.now))


_maker = ThreadPoolExecutor(1, thread_name_prefix="challenges")
_secrets: WeakKeyDictionary[Database, bytes] = WeakKeyDictionary()
"""Each database's, read once."""


async def _secret(database: Database) -> bytes:
    known = _secrets.get(database)
    if known is None:
        async with database.transaction(EVERYWHERE) as tx:
            known = await shared_secret(tx, "challenges")
        _secrets[database] = known
    return known


def _set(secret: bytes, email: str, step: int, numbers: int, until: datetime) -> dict[str, Any]:
    # The number is drawn first, so nobody is unlucky for minutes, and what comes back is compared and not derived.
    challenge = create_challenge(
        ALGORITHM,
        COST,
        memory_cost=BLOCKS,
        counter=secrets.randbelow(2 * numbers),
        expires_at=until,
        data={"for": _meant_for(secret, email), "step": step, "most": 2 * numbers},
        hmac_secret=secret,
        hmac_key_secret=_key_secret(secret),
    )
    return challenge.to_dict()


def _solved(secret: bytes, email: str, solution: str, now: datetime) -> Solved | None:
    if not verify_solution(solution, secret, hmac_key_secret=_key_secret(secret)).verified:
        return None
    challenge = Payload.from_base64(solution).challenge
    until, data = challenge.parameters.expires_at, challenge.parameters.data
    assert until is not None  # we signed it
    assert data is not None
    lives_until = datetime.fromtimestamp(until, now.tzinfo)
    if lives_until <= now or data["for"] != _meant_for(secret, email):
        return None
    return Solved(data["step"], hashlib.sha256(str(challenge.signature).encode()).digest(), lives_until)


def _meant_for(secret: bytes, email: str) -> str:
    return hmac.new(secret, b"for:" + one_spelling(email).casefold().encode(), hashlib.sha256).hexdigest()


def _key_secret(secret: bytes) -> bytes:
    return hmac.new(secret, b"key", hashlib.sha256).digest()
