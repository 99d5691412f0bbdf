"""Authenticators: apps that make six digits from a shared secret and the time.

Source: RFC 6238; a code of the half minute before or after is taken too, none a second time (section 5.2).
"""

import hmac
import re
from typing import ClassVar
from uuid import UUID

import pyotp
from pydantic import BaseModel, Field
from sqlalchemy import select

from people.accounts import Account, account_form
from people.actors import Actor
from people.devices import device
from people.events import AccountChanged
from people.hands import own_hands
from people.journal import note_own
from people.mail import MailKind, mail_kind, send_letter
from people.parties import Party
from people.signing.factors import Authenticator, ways
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.recovery import (
    RecoveryCodes,
    drop_recovery_codes,
    fresh_recovery_codes,
    recovery_codes_left,
    take_recovery_code,
)
from people.signing.sentences import JOURNAL
from people.signing.session_ends import end_sessions
from people.signing.sessions import strengthen
from people.signing.throttling import WrongSecret
from people.streams import person_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, NotFound, _
from store.secrets.ciphers import cipher
from store.texts.texts import AsTyped

AUTHENTICATOR_ADDED = mail_kind(
    "authenticator_added",
    _("An authenticator app was added to your account"),
    _("New authenticator app"),
    "at",
    "address",
    "device",
)

STEP_SECONDS = 30
STEPS_OFF = 1
ISSUER = "Atrium"
Code = Field(min_length=6, max_length=40)


class AuthenticatorSetup(BaseModel):
    """What an app needs to make codes: the secret to type, or the address that a QR code says."""

    secret: str | None
    uri: str | None


class StartAuthenticator(Command, touches="sign_in", needs="anyone"):
    withheld: ClassVar[tuple[str, ...]] = ("secret", "uri")


async def start_authenticator(tx: Transaction, actor: Actor, command: StartAuthenticator) -> AuthenticatorSetup:
    """Begin to set up an app for codes; it counts once a code of it was given.

    Raises:
        Conflict: there is one already.
    """
    own_hands(actor)
    row = await tx.get(Authenticator, actor.id, lock=True)
    if row is not None and row.confirmed_at is not None:
        raise Conflict(_("You already have an authenticator app. Turn it off before you set up another one."))
    if row is None:
        row = Authenticator(person_id=actor.id, business_id=actor.home_business_id, last_step=0)
        tx.add(row)
    secret = pyotp.random_base32()
    row.secret, row.made_at = cipher().encrypt(secret), tx.now
    await tell_change(tx, actor)
    return _setup(secret, actor)


class ConfirmAuthenticator(ProvesWho, needs="anyone"):
    withheld: ClassVar[tuple[str, ...]] = ("recovery_codes",)

    code: str = Code
    password: AsTyped = Field(max_length=200)


async def confirm_authenticator(tx: Transaction, actor: Actor, command: ConfirmAuthenticator) -> RecoveryCodes:
    """Confirm an app with a code of it: from now on signing in takes one. Your other sign-ins end.

    It gives ten recovery codes, which are shown this once.

    Raises:
        Invalid: the password or the code is wrong.
        NotFound: none is being set up.
    """
    await prove_own_password(tx, actor, command.password)
    row = await tx.get(Authenticator, actor.id, lock=True)
    if row is None or row.confirmed_at is not None:
        raise NotFound()
    row.confirmed_at = tx.now
    await tx.flush()
    if not await take_code(tx, actor.id, command.code):
        raise WrongSecret(fields={"code": _("This isn't the code the app shows now. Check the clock on your phone.")})
    note_own(tx, actor, JOURNAL["factor_added"], factor="code")
    await strengthen(tx, actor, "code")
    await end_sessions(tx, actor, "factors_changed", but=actor.session_id)
    await write_of_new(tx, actor, AUTHENTICATOR_ADDED)
    await tell_change(tx, actor)
    return await fresh_recovery_codes(tx, actor)


class RemoveAuthenticator(ProvesWho, needs="anyone"):
    password: AsTyped = Field(max_length=200)
    code: str = Code
    """A code of the app, or a recovery code."""


async def remove_authenticator(tx: Transaction, actor: Actor, command: RemoveAuthenticator) -> None:
    """Turn the app for codes off; when no passkey is left either, the password alone is enough again.

    Raises:
        Invalid: the password or the code is wrong.
        NotFound: there is none.
    """
    await prove_own_password(tx, actor, command.password)
    row = await tx.get(Authenticator, actor.id, lock=True)
    if row is None or row.confirmed_at is None:
        raise NotFound()
    if not await take_code(tx, actor.id, command.code) and not await take_recovery_code(tx, actor.id, command.code):
        raise WrongSecret(fields={"code": _("This code is wrong or was already used.")})
    await tx.delete(row)
    await tx.flush()
    note_own(tx, actor, JOURNAL["factor_removed"], factor="code")
    await weakened(tx, actor)


async def weakened(tx: Transaction, actor: Actor) -> None:
    """See to what follows when a second factor went: without any, paper codes are for nothing."""
    if not await ways(tx, actor.id):
        await drop_recovery_codes(tx, actor.id)
        await strengthen(tx, actor, "password")
    await tell_change(tx, actor)


async def write_of_new(tx: Transaction, actor: Actor, kind: MailKind, **named: str) -> None:
    """Write to the asker that a way to prove who they are was added: if it was an intruder, that is how they learn."""
    whence = {"address": actor.address, "device": device(actor.agent)}
    await send_letter(tx, kind, to_person_id=actor.id, at=tx.now.isoformat(), **whence, **named)


async def tell_change(tx: Transaction, actor: Actor) -> None:
    """Tell the asker's other windows that how they sign in was changed."""
    person, account = await tx.get(Party, actor.id), await tx.get(Account, actor.id)
    assert person is not None
    assert account is not None
    event = AccountChanged(account=account_form(person, account), changed=["second_factor"])
    tx.record(person_stream(actor), event, by=actor.id)


async def take_code(tx: Transaction, person_id: UUID, code: str) -> bool:
    """Use a code up; whether it is one of now. Of two who come with it at once, one gets in."""
    query = (
        select(Authenticator)
        .where(Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None))
        .with_for_update()
    )
    row: Authenticator | None = await tx.scalar(query.execution_options(populate_existing=True))
    digits = re.sub(r"\s", "", code)
    if row is None or not re.fullmatch("[0-9]{6}", digits):
        return False
    maker = pyotp.TOTP(cipher().decrypt(row.secret), interval=STEP_SECONDS)
    now = int(tx.now.timestamp()) // STEP_SECONDS
    for step in range(max(now - STEPS_OFF, row.last_step + 1), now + STEPS_OFF + 1):
        if hmac.compare_digest(maker.generate_otp(step), digits):
            row.last_step = step
            await tx.flush()
            return True
    return False


class Codes(BaseModel):
    """How far someone has come with codes: an app, one that is being set up, recovery codes."""

    on: bool
    setup: AuthenticatorSetup | None
    recovery_codes_left: int


async def own_codes(tx: Transaction, actor: Actor) -> Codes:
    """This is how far the asker has come with codes."""
    row = await tx.get(Authenticator, actor.id)
    being_set_up = row is not None and row.confirmed_at is None and actor.impersonator_id is None
    return Codes(
        on=row is not None and row.confirmed_at is not None,
        setup=_setup(cipher().decrypt(row.secret), actor) if row is not None and being_set_up else None,
        recovery_codes_left=await recovery_codes_left(tx, actor.id),
    )


def _setup(secret: str, actor: Actor) -> AuthenticatorSetup:
    uri = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=actor.email, issuer_name=ISSUER)
    return AuthenticatorSetup(secret=secret, uri=uri)
