"""Signing in: how someone comes in. First they prove who they are, in one step or two; then their session is opened.

    proven = await prove_password(database, email, password, whence, limits)      # or by another service
    factor = await prove_code(database, proven, code, whence, limits)             # where a second step is needed
    actor, token = await enter(database, proven.person_id, factor, whence)

Whoever proves nothing learns nothing: unknown, gone, and wrong are one answer in one time. Only who gave the right
password is told why they can't come in all the same.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from people.accounts import Account
from people.actors import Actor
from people.announcements import Awaited, StrangerSignsIn
from people.devices import device
from people.events import SignInNoticed
from people.journal import may_note, note
from people.mail import mail_kind, send_letter
from people.parties import Party
from people.signing.authenticators import take_code
from people.signing.factors import Factor, Way, ways
from people.signing.known_devices import know_device
from people.signing.passwords.passwords import hashed, outdated, verified
from people.signing.policies import SignInPolicy, admits, network_of
from people.signing.recovery import take_recovery_code
from people.signing.sentences import JOURNAL
from people.signing.sessions import Session, open_session
from people.signing.throttling import SignInLimits, Whence, begin_try, forget_own_tries, forget_try, note_wrong
from people.streams import own_stream
from store.database import Database, Transaction
from store.errors import Forbidden, NotSignedIn, Refusal, _
from store.scopes import EVERYWHERE

NEW_SIGN_IN = mail_kind("new_sign_in", _("A new sign-in to your account"), _("New sign-in"), "at", "address", "device")

REMEMBERED = timedelta(days=180)


WAITING = _("Your account is awaiting approval. We'll email you when it's ready.")
UNCONFIRMED = _("Confirm your email first. We sent you the link when you registered.")


class WrongCredentials(NotSignedIn):
    code = "wrong_credentials"
    message = _("The email or password is wrong.")


class CodeRequired(NotSignedIn):
    code = "code_required"
    message = _("Enter a code from your authenticator app, or one of your recovery codes.")


class WrongCode(NotSignedIn):
    code = "wrong_code"
    message = _("This code is wrong or was already used.")


class NotAdmitted(Forbidden):
    """Someone proved who they are, and can't come in all the same."""

    code = "not_admitted"


@dataclass(frozen=True, slots=True)
class Proven:
    """Someone who has proved who they are by one factor."""

    person_id: UUID
    email: str
    factor: Factor
    ways: frozenset[Way] = frozenset()
    """The ways of the second step; none when the first is enough."""


async def sign_in(
    database: Database,
    email: str,
    password: str,
    *,
    address: str,
    agent: str,
    limits: SignInLimits | None,
    code: str | None = None,
    device: str = "",
    solution: str = "",
) -> tuple[Actor, str]:
    """Sign someone in by password, and a code where that isn't enough; this is who they are and their session's token.

    Raises:
        WrongCredentials: the e-mail is nobody's, or has no account, or the password is wrong: one answer, in one time.
        CodeRequired: the password is right, and a code is needed too.
        WrongCode: the code isn't right, or not any more.
        NotAdmitted: all is right, and they can't come in; it says why.
        TooMany: too many wrong tries in this browser, from this address, or of codes.
        WorkNeeded: too many wrong tries for this account; the solution of its challenge makes up for it.
    """
    whence = Whence(address, agent, device)
    proven = await prove_password(database, email, password, whence, limits, solution)
    factor = proven.factor
    if proven.ways:
        if not code:
            raise CodeRequired()
        factor = await prove_code(database, proven, code, whence, limits)
    return await enter(database, proven.person_id, factor, whence)


async def prove_password(
    database: Database, email: str, password: str, whence: Whence, limits: SignInLimits | None, solution: str = ""
) -> Proven:
    """This is whose e-mail and password these are, and what more they must prove.

    Raises:
        WrongCredentials, NotAdmitted, TooMany, WorkNeeded: as for ``sign_in``.
    """
    attempt = await begin_try(database, email, whence, limits, solution=solution)
    async with database.reading(EVERYWHERE) as tx:
        known, awaited = await _known_by(tx, email), await _awaited(tx, email)
    right = await verified(known.password_hash if known else awaited.password_hash if awaited else None, password)
    if right and known is None and awaited is not None:
        raise NotAdmitted(WAITING if awaited.confirmed else UNCONFIRMED, code="waiting")
    if not right or known is None or _gone(known):
        await note_wrong(database, email, whence, limits, attempt)
        raise WrongCredentials()
    await must_be_admitted(database, known, whence)
    async with database.transaction(EVERYWHERE) as tx:
        await forget_try(tx, attempt.id)
        if outdated(known.password_hash):
            await _rehash(tx, known.id, password)
        return Proven(known.id, email, "password", await ways(tx, known.id))


async def prove_code(
    database: Database, proven: Proven, code: str, whence: Whence, limits: SignInLimits | None
) -> Factor:
    """Take a code of the person's app, or one of their recovery codes; this is which it was.

    Raises:
        WrongCode: it is neither, or was used already.
        TooMany: there were too many wrong codes, or tries from this address.
    """
    attempt = await begin_try(database, proven.email, whence, limits, kind="code")
    async with database.transaction(EVERYWHERE) as tx:
        if await take_code(tx, proven.person_id, code):
            return "code"
        if await take_recovery_code(tx, proven.person_id, code):
            return "recovery_code"
    await note_wrong(database, proven.email, whence, limits, attempt, how="code")
    raise WrongCode()


async def known_person(tx: Transaction, person_id: UUID) -> Any:
    """This is a person as the door knows them, or None."""
    return (await tx.execute(_KNOWN.where(Party.id == person_id))).first()


async def must_be_admitted(database: Database, known: Any, whence: Whence) -> None:
    """Refuse someone who proved who they are and can't come in all the same, and journal it.

    Raises:
        NotAdmitted: it says why.
    """
    async with database.transaction(EVERYWHERE) as tx:
        refusal = await _barred(tx, known, whence)
        if refusal is not None and await may_note(tx, JOURNAL["sign_in_refused"], whence.address):
            about = {"address": whence.address, "agent": whence.agent, "why": refusal.code}
            note(tx, JOURNAL["sign_in_refused"], person_id=known.id, business_id=known.business_id, **about)
    if refusal is not None:
        raise refusal


async def enter(database: Database, person_id: UUID, factor: Factor, whence: Whence) -> tuple[Actor, str]:
    """Open a session for someone who has proved all that is needed; they are told if the place or device is new. Their
    browser is known from then on.

    Raises:
        WrongCredentials: they are gone.
        NotAdmitted: they can't come in; it says why.
    """
    async with database.reading(EVERYWHERE) as tx:
        known = await known_person(tx, person_id)
    if known is None or _gone(known):
        raise WrongCredentials()
    await must_be_admitted(database, known, whence)
    async with database.transaction(EVERYWHERE) as tx:
        await forget_own_tries(tx, known.email, whence)
        await _notice(tx, known, whence)
        about = {"address": whence.address, "agent": whence.agent, "factor": factor}
        note(tx, JOURNAL["sign_in"], person_id=known.id, business_id=known.business_id, **about)
        device_id = await know_device(tx, known.id, known.business_id, whence.device, whence.agent)
        return await open_session(
            tx, known.id, address=whence.address, agent=whence.agent, factor=factor, device_id=device_id
        )


async def _awaited(tx: Transaction, email: str) -> Awaited | None:
    answers: list[Awaited | None] = await tx.announce(StrangerSignsIn(email))
    return next((answer for answer in answers if answer is not None), None)


async def _known_by(tx: Transaction, email: str) -> Any:
    return (await tx.execute(_KNOWN.where(Party.email == email))).first()


_KNOWN = select(
    Party.id,
    Party.business_id,
    func.coalesce(Party.email, "").label("email"),
    Account.password_hash,
    Account.active,
    Account.locked_at,
    Account.deactivated_at,
    Account.erased_at,
    Account.linked_id,
).join(Account, Account.person_id == Party.id)


def _gone(known: Any) -> bool:
    return known.deactivated_at is not None or known.erased_at is not None


async def _barred(tx: Transaction, known: Any, whence: Whence) -> Refusal | None:
    """This is why someone can't come in, or None."""
    if known.linked_id is not None:
        return NotAdmitted(_("You're on the team now. Sign in with your staff account."), code="linked_to_staff")
    if known.locked_at is not None:
        return NotAdmitted(_("Your account is locked. An admin of your business can unlock it."), code="locked")
    if not known.active:
        return NotAdmitted(WAITING, code="waiting")
    networks = await tx.scalar(select(SignInPolicy.networks).where(SignInPolicy.business_id == known.business_id))
    if not admits(networks or (), whence.address):
        return NotAdmitted(
            _("Your business allows sign-in only from its own networks, and %(address)s isn't one of them."),
            code="network_not_allowed",
            address=whence.address,
        )
    return None


async def _rehash(tx: Transaction, person_id: UUID, password: str) -> None:
    fresh = await hashed(password)
    await tx.execute(update(Account).where(Account.person_id == person_id).values(password_hash=fresh))


async def _notice(tx: Transaction, known: Any, whence: Whence) -> None:
    """Tell someone of a sign-in from a device or a neighbourhood that is new, unless it is their first of all."""
    rows = await tx.execute(
        select(Session.agent, Session.address)
        .where(
            Session.person_id == known.id,
            Session.impersonator_id.is_(None),
            Session.created_at > tx.now - REMEMBERED,
        )
        .distinct()
        .limit(500)
    )
    before = {(device(agent), network_of(address)) for agent, address in rows}
    if not before or (device(whence.agent), network_of(whence.address)) in before:
        return
    named = {"device": device(whence.agent), "address": whence.address}
    about = {"address": whence.address, "agent": whence.agent}
    note(tx, JOURNAL["new_device"], person_id=known.id, business_id=known.business_id, **about)
    tx.record(own_stream(known.id, known.business_id), SignInNoticed(**named), by=None)
    await send_letter(tx, NEW_SIGN_IN, to_person_id=known.id, at=tx.now.isoformat(), **named)
