"""Passkeys: keys that a device or a password manager keeps. One of them is two factors: having it, and unlocking it.

Whoever signs in names nobody: the browser offers the passkeys that it has for this hub (discoverable credentials).

Source: W3C Web Authentication Level 3, sections 7.1 and 7.2.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from people.actors import Actor
from people.hands import own_hands
from people.journal import note_own
from people.mail import mail_kind
from people.rate_limits import RateLimit, forget_hits, of_network
from people.signing import passkey_answers, pending_steps
from people.signing.authenticators import tell_change, weakened, write_of_new
from people.signing.factors import Passkey, ways
from people.signing.passkey_answers import MADE, USED, narrowed
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.sentences import JOURNAL
from people.signing.session_ends import end_sessions
from people.signing.sessions import strengthen
from store.addresses.networks import network_of
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, Invalid, NotFound, NotSignedIn, _
from store.sandboxes.sandboxes import Lane, TooCostly
from store.scopes import EVERYWHERE
from store.texts.texts import AsTyped

PASSKEY_ADDED = mail_kind(
    "passkey_added", _("A passkey was added to your account"), _("New passkey"), "name", "at", "address", "device"
)

MOST = 20
MOST_ASKED, MOST_WRONG = 600, 240
"""So often may a network ask in an hour, and so many wrong answers may it give: hundreds of people behind one address
begin to work within one, and wrong passwords may be as many."""
ASKED, TRIED = RateLimit("passkey.ask"), RateLimit("passkey.try")
TRANSPORTS = {transport.value for transport in AuthenticatorTransport}

_readers = Lane(
    "passkeys", cpu_seconds=2, memory_bytes=1 << 30, idle_seconds=60, loads=("people.signing.passkey_answers",)
)


class WrongPasskey(NotSignedIn):
    code = "wrong_passkey"
    message = _("This passkey isn't known here, or it took too long. Please try again.")


@dataclass(frozen=True, slots=True)
class Relying:
    """This hub, as passkeys know it: the host's name, and the address of its pages."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class PasskeyChallenge:
    """What the browser is to ask its passkeys, and the token by which it answers."""

    options: dict[str, Any]
    token: str


class PasskeyForm(BaseModel):
    """One of a person's own passkeys."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


async def own_passkeys(tx: Transaction, actor: Actor) -> list[PasskeyForm]:
    """These are the asker's own passkeys, in the order in which they came."""
    rows = await tx.scalars(select(Passkey).where(Passkey.person_id == actor.id).order_by(Passkey.id))
    return [PasskeyForm(id=row.id, name=row.name, made_at=row.made_at, used_at=row.used_at) for row in rows]


async def ask_for_new_passkey(tx: Transaction, actor: Actor, hub: Relying, password: str) -> PasskeyChallenge:
    """Ask the asker's browser to make a passkey.

    Raises:
        Invalid: the password is wrong.
        Conflict: they have very many already.
    """
    await prove_own_password(tx, actor, password)
    known = (await tx.execute(_DESCRIBED.where(Passkey.person_id == actor.id))).all()
    if len(known) >= MOST:
        raise Conflict(_("You can't add more passkeys. Remove one you don't use."))
    options = generate_registration_options(
        rp_id=hub.id,
        rp_name="Atrium",
        user_id=actor.id.bytes,
        user_name=actor.email,
        user_display_name=actor.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(known),
        attestation=AttestationConveyancePreference.NONE,
    )
    about = {"challenge": bytes_to_base64url(options.challenge), "person_id": str(actor.id)}
    token = await pending_steps.begin(tx, "passkey_registration", about, actor.home_business_id)
    return PasskeyChallenge(orjson.loads(options_to_json(options)), token)


async def add_passkey(
    database: Database, actor: Actor, hub: Relying, name: str, credential: dict[str, Any], token: str
) -> PasskeyForm:
    """Keep a passkey that the asker's browser has made. With the first second factor the other sign-ins end.

    Raises:
        Invalid: it wasn't made for this, or not in time.
        Conflict: it is known already.
    """
    own_hands(actor)
    async with database.asked_by(actor) as tx:
        begun = await pending_steps.end(tx, "passkey_registration", token)
    if begun is None or begun["person_id"] != str(actor.id):
        raise _not_made()
    made = await _made(actor, hub, narrowed(credential, MADE), base64url_to_bytes(begun["challenge"]))
    if made is None:
        raise _not_made()
    async with database.asked_by(actor) as tx:
        return await _keep(tx, actor, name, made, _transports(credential))


async def _made(
    actor: Actor, hub: Relying, credential: dict[str, Any] | None, challenge: bytes
) -> tuple[bytes, bytes, int] | None:
    if credential is None:
        return None
    try:
        return await _readers.run(passkey_answers.made, credential, challenge, hub.id, hub.origin, turn=actor.id)
    except TooCostly:
        return None


async def _keep(
    tx: Transaction, actor: Actor, name: str, made: tuple[bytes, bytes, int], transports: list[str]
) -> PasskeyForm:
    credential_id, public_key, sign_count = made
    first = not await ways(tx, actor.id)
    passkey = Passkey(
        id=tx.new_id(),
        person_id=actor.id,
        business_id=actor.home_business_id,
        name=name,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        transports=transports,
        made_at=tx.now,
    )
    async with tx.refusing("credential_id", Conflict(_("This passkey is already added."))):
        tx.add(passkey)
    note_own(tx, actor, JOURNAL["factor_added"], factor="passkey", name=name)
    await strengthen(tx, actor, "passkey")
    if first:
        await end_sessions(tx, actor, "factors_changed", but=actor.session_id)
    await write_of_new(tx, actor, PASSKEY_ADDED, name=name)
    await tell_change(tx, actor)
    return PasskeyForm(id=passkey.id, name=name, made_at=tx.now, used_at=None)


async def ask_for_passkey(
    tx: Transaction, hub: Relying, address: str, person_id: UUID | None = None, *, limited: bool = True
) -> PasskeyChallenge:
    """Ask a browser for a passkey: for any that it has, or for one of a person who has proved a first factor.

    Raises:
        TooMany: its network asks too often.
    """
    if limited:
        await ASKED.hit(tx, of_network(address, MOST_ASKED))
    known = (await tx.execute(_DESCRIBED.where(Passkey.person_id == person_id))).all() if person_id else []
    options = generate_authentication_options(
        rp_id=hub.id,
        allow_credentials=_described(known) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    about = {"challenge": bytes_to_base64url(options.challenge), "person_id": str(person_id) if person_id else None}
    token = await pending_steps.begin(tx, "passkey_use", about)
    return PasskeyChallenge(orjson.loads(options_to_json(options)), token)


async def take_passkey(
    database: Database, hub: Relying, credential: dict[str, Any], token: str, address: str, *, limited: bool = True
) -> UUID:
    """This is the person whose passkey has answered, from an address.

    Raises:
        TooMany: its network gave too many wrong answers.
        WrongPasskey: it is nobody's, answered something else, or too late.
    """
    hits = await _tried(database, address) if limited else []
    answer = narrowed(credential, USED)
    if answer is None:
        raise WrongPasskey()
    async with database.transaction(EVERYWHERE) as tx:
        begun = await pending_steps.end(tx, "passkey_use", token)
        passkey = await _answering(tx, answer) if begun else None
    if begun is None or passkey is None or begun["person_id"] not in (None, str(passkey.person_id)):
        raise WrongPasskey()
    count = await _used(hub, answer, base64url_to_bytes(begun["challenge"]), passkey, network_of(address))
    async with database.transaction(EVERYWHERE) as tx:
        current = await tx.get(Passkey, passkey.id, lock=True)
        if count is None or current is None or current.sign_count != passkey.sign_count:
            raise WrongPasskey()
        current.sign_count, current.used_at = count, tx.now
        await forget_hits(tx, hits)
    return passkey.person_id


async def _tried(database: Database, address: str) -> list[UUID]:
    async with database.transaction(EVERYWHERE) as tx:
        return await TRIED.hit(tx, of_network(address, MOST_WRONG))


async def _used(hub: Relying, answer: dict[str, Any], challenge: bytes, passkey: Passkey, network: str) -> int | None:
    kept = (passkey.public_key, passkey.sign_count)
    try:
        return await _readers.run(passkey_answers.used, answer, challenge, hub.id, hub.origin, *kept, turn=network)
    except TooCostly:
        return None


class RenamePasskey(Command, touches="sign_in", needs="anyone"):
    passkey_id: UUID
    name: str = Field(min_length=1, max_length=60)


async def rename_passkey(tx: Transaction, actor: Actor, command: RenamePasskey) -> None:
    """Name one of your passkeys.

    Raises:
        NotFound: it isn't one of yours.
    """
    own_hands(actor)
    (await _own(tx, actor, command.passkey_id)).name = command.name
    await tell_change(tx, actor)


class RemovePasskey(ProvesWho, needs="anyone"):
    passkey_id: UUID
    password: AsTyped = Field(max_length=200)


async def remove_passkey(tx: Transaction, actor: Actor, command: RemovePasskey) -> None:
    """Remove one of your passkeys; when no second factor is left, the password alone is enough again.

    Raises:
        Invalid: the password is wrong.
        NotFound: it isn't one of yours.
    """
    await prove_own_password(tx, actor, command.password)
    passkey = await _own(tx, actor, command.passkey_id)
    await tx.delete(passkey)
    await tx.flush()
    note_own(tx, actor, JOURNAL["factor_removed"], factor="passkey", name=passkey.name)
    await weakened(tx, actor)


async def _own(tx: Transaction, actor: Actor, passkey_id: UUID) -> Passkey:
    passkey = await tx.get(Passkey, passkey_id, lock=True)
    if passkey is None or passkey.person_id != actor.id:
        raise NotFound()
    return passkey


async def _answering(tx: Transaction, answer: dict[str, Any]) -> Passkey | None:
    try:
        credential_id = base64url_to_bytes(answer["rawId"])
        handle = base64url_to_bytes(answer["response"]["userHandle"] or "")
    except ValueError:
        return None
    passkey: Passkey | None = await tx.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
    return passkey if passkey is not None and handle in (passkey.person_id.bytes, b"") else None


_DESCRIBED = select(Passkey.credential_id, Passkey.transports)


def _described(known: Any) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=id, transports=[AuthenticatorTransport(name) for name in transports])
        for id, transports in known
    ]


def _transports(credential: dict[str, Any]) -> list[str]:
    named = credential["response"].get("transports")
    return sorted(name for name in TRANSPORTS if isinstance(named, list) and name in named)


def _not_made() -> Invalid:
    return Invalid(_("No passkey was created. Please try again."))
