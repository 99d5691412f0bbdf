"""Access: everything by which somebody comes in, and how it ends.

Sessions, sittings as somebody else, API tokens, the calendar's address, and links on their way end together, so that
who changes a password, or is given a new one, shuts out whoever had the old one. Programs of one's own may go on, if
one says so. Browsers are known no longer, but the one in which this is done: whoever had the old password has no
tries of their own any more.
"""

from uuid import UUID

from pydantic import Field
from sqlalchemy import select, update

from people.actors import Actor
from people.announcements import AccessEnded
from people.events import ApiTokenRevoked
from people.hands import own_hands
from people.journal import note_own
from people.mail import mail_kind, send_letter
from people.signing.factors import Passkey
from people.signing.identities import Identity
from people.signing.known_devices import forget_devices
from people.signing.open_links import withdraw_links
from people.signing.passwords.passwords import Password, SetsPassword
from people.signing.providers import Provider
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.sentences import JOURNAL
from people.signing.session_ends import end_sessions, end_sessions_of
from people.signing.sessions import Session
from people.signing.tokens import ApiToken
from people.streams import person_stream
from store.commands import Command
from store.database import Database, Transaction
from store.errors import _
from store.events import Gone
from store.scopes import EVERYWHERE
from store.texts.texts import AsTyped

PASSWORD_CHANGED = mail_kind(
    "password_changed", _("Your password was changed"), _("Password changed"), "at", "address", "ways"
)


async def end_access(tx: Transaction, person_id: UUID) -> None:
    """End everything by which somebody comes in, or others do as them. What is open closes within seconds."""
    await end_sessions_of(tx, person_id)
    await withdraw_links(tx, person_id)
    await forget_devices(tx, person_id)
    await _end_programs(tx, person_id)


async def end_own_access(
    tx: Transaction, actor: Actor, reason: str, *, but: UUID | None = None, keep_programs: bool = False
) -> None:
    """End everything by which the asker comes in, but one session, and their programs if they say so."""
    await end_sessions(tx, actor, reason, but=but)
    await withdraw_links(tx, actor.id)
    here = None if but is None else select(Session.device_id).where(Session.id == but).scalar_subquery()
    await forget_devices(tx, actor.id, but=here)
    if keep_programs:
        return
    for token in await _end_programs(tx, actor.id):
        tx.record(person_stream(actor), ApiTokenRevoked(api_token=Gone(id=token.id)), by=actor.id)
        note_own(tx, actor, JOURNAL["token_revoked"], name=token.name)


async def _end_programs(tx: Transaction, person_id: UUID) -> list[ApiToken]:
    """Revoke somebody's tokens, and whatever else is read in their name; these are the tokens."""
    await tx.announce(AccessEnded(person_id))
    revoked = await tx.scalars(
        update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
        .returning(ApiToken)
    )
    return list(revoked)


class RevokeOtherSessions(Command, touches="sign_in", needs="anyone"):
    keep_programs: bool = False
    """Whether your API tokens and your calendar's address go on working."""


async def revoke_other_sessions(tx: Transaction, actor: Actor, command: RevokeOtherSessions) -> None:
    """End all of your own sign-ins but this one, your API tokens and your calendar's address."""
    own_hands(actor)
    await end_own_access(tx, actor, "revoked", but=actor.session_id, keep_programs=command.keep_programs)


class RevokeAllSessions(Command, touches="sign_in", needs="anyone"):
    keep_programs: bool = False
    """Whether your API tokens and your calendar's address go on working."""


async def revoke_all_sessions(tx: Transaction, actor: Actor, command: RevokeAllSessions) -> None:
    """End all of your own sign-ins, this one too, your API tokens and your calendar's address."""
    own_hands(actor)
    await end_own_access(tx, actor, "revoked", keep_programs=command.keep_programs)


class ChangePassword(SetsPassword, ProvesWho, needs="anyone"):
    old_password: AsTyped = Field(max_length=200)
    new_password: AsTyped = Password
    keep_programs: bool = False
    """Whether your API tokens and your calendar's address go on working."""


async def judge_new_password(_database: Database, actor: Actor, command: ChangePassword) -> None:
    """Judge and hash somebody's new password before the transaction begins."""
    own_hands(actor)
    await _hash_of(actor, command)


async def change_password(tx: Transaction, actor: Actor, command: ChangePassword) -> None:
    """Change your own password; your other sign-ins end, and so do your API tokens and your calendar's address.

    Raises:
        Invalid: the old password is wrong, or the new one is easily guessed, on its field.
    """
    account = await prove_own_password(tx, actor, command.old_password, field="old_password")
    account.password_hash = await _hash_of(actor, command)
    note_own(tx, actor, JOURNAL["password_changed"])
    await end_own_access(tx, actor, "password_changed", but=actor.session_id, keep_programs=command.keep_programs)
    await tell_password_changed(tx, actor.id, actor.address)


async def tell_password_changed(tx: Transaction, person_id: UUID, address: str) -> None:
    """Write somebody that their password was changed, and what signs them in without it: nobody may have left a way in
    behind."""
    passkeys = await tx.scalars(select(Passkey.name).where(Passkey.person_id == person_id).order_by(Passkey.name))
    linked = select(Provider.name).join(Identity).where(Identity.person_id == person_id).order_by(Provider.name)
    within = tx.within
    await tx.look(EVERYWHERE)  # the installation's own services too
    ways = [*passkeys, *await tx.scalars(linked)]
    await tx.look(within)
    await send_letter(tx, PASSWORD_CHANGED, to_person_id=person_id, at=tx.now.isoformat(), address=address, ways=ways)


async def _hash_of(actor: Actor, command: ChangePassword) -> str:
    about = [actor.name, actor.email]
    return await command.hash_of(command.new_password, about, field="new_password", turn=actor.id)
