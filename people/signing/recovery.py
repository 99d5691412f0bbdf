"""Recovery codes: ten on paper, for the day when the phone is lost. Each is good for once."""

import base64
import hashlib
import re
import secrets
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select, update

from people.actors import Actor
from people.hands import own_hands
from people.journal import note_own
from people.signing.factors import RecoveryCode, ways
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.sentences import JOURNAL
from store.database import Transaction
from store.errors import Conflict, _
from store.texts.texts import AsTyped

CODES = 10
BYTES = 15
"""So many random bytes are in a code: what has 112 bits or more needs no slow hash (OWASP ASVS 5.0, v5.0.0-6.5.2)."""


class RecoveryCodes(BaseModel):
    """Fresh recovery codes, shown this once; told again, there are none."""

    recovery_codes: list[str] | None


class RenewRecoveryCodes(ProvesWho, needs="anyone"):
    withheld: ClassVar[tuple[str, ...]] = ("recovery_codes",)

    password: AsTyped = Field(max_length=200)


async def renew_recovery_codes(tx: Transaction, actor: Actor, command: RenewRecoveryCodes) -> RecoveryCodes:
    """Make ten fresh recovery codes, which are shown once; the ones before are no longer good.

    Raises:
        Invalid: the password is wrong.
        Conflict: there is no second factor to recover from.
    """
    await prove_own_password(tx, actor, command.password)
    if not await ways(tx, actor.id):
        raise Conflict(_("Set up an authenticator app or a passkey first."), code="no_second_factor")
    return await fresh_recovery_codes(tx, actor)


async def fresh_recovery_codes(tx: Transaction, actor: Actor) -> RecoveryCodes:
    """Make recovery codes in place of the ones before."""
    own_hands(actor)
    await drop_recovery_codes(tx, actor.id)
    codes = [_code() for _number in range(CODES)]
    for code in codes:
        tx.add(
            RecoveryCode(
                id=tx.new_id(), person_id=actor.id, business_id=actor.home_business_id, digest=_digest(actor.id, code)
            )
        )
    note_own(tx, actor, JOURNAL["recovery_codes_made"])
    return RecoveryCodes(recovery_codes=codes)


async def drop_recovery_codes(tx: Transaction, person_id: UUID) -> None:
    await tx.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


async def take_recovery_code(tx: Transaction, person_id: UUID, code: str) -> bool:
    """Use a recovery code up; whether it was a good one. Of two who come with it at once, one gets in."""
    taken = await tx.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.digest == _digest(person_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=tx.now)
        .returning(RecoveryCode.id)
    )
    return taken is not None


async def recovery_codes_left(tx: Transaction, person_id: UUID) -> int:
    """So many recovery codes are still good."""
    count: int = await tx.scalar(
        select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    )
    return count


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(BYTES)).decode().lower()
    return "-".join(re.findall("....", text))


def _digest(person_id: UUID, code: str) -> bytes:
    letters = re.sub(r"[\W_]", "", code).lower()
    return hashlib.sha256(person_id.bytes + letters.encode()).digest()
