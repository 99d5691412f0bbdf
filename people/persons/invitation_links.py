"""Links of invitations: sending an invitation again or taking it back, and accepting it by its link."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.events import InvitationWithdrawn, PersonInvited, PersonJoined
from people.forms import PersonForm
from people.languages import Language
from people.mail.letters import must_be_a_while_ago
from people.mail.links import LinkDead, find_link, make_link
from people.mail.mail_settings import mail_works
from people.managers import LOOKING_AFTER, Managed, managed, must_be_here, tell
from people.parties import Party
from people.persons.invitations import Invitation, close_invitation, open_invitation
from people.persons.sentences import JOURNAL
from people.persons.used_links import led_to, note_dead, note_use, use_link
from people.signing.passwords.passwords import check_password, hashed
from people.signing.sign_in import enter
from people.signing.throttling import Whence
from people.streams import business_stream
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, NotFound, _
from store.scopes import EVERYWHERE


class HasJoined(Conflict):
    code = "has_joined"
    message = _("This person has already joined. Send them a reset if they forgot their password.")


class NoEmail(Conflict):
    code = "no_email"
    message = _("This person has no email yet. Add one to invite them.")


class ResendInvitation(Command, touches="entry", needs=LOOKING_AFTER, area="people"):
    person_id: UUID


async def resend_invitation(tx: Transaction, actor: Actor, command: ResendInvitation) -> PersonForm:
    """Invite a person anew: another letter goes to them, and the links of earlier ones end.

    Raises:
        Forbidden, NotFound: they aren't someone whom the asker looks after.
        Conflict: they have come in already, have left, or have no e-mail.
        SentJustNow: their invitation is some seconds old; it says when another can be sent.
    """
    whom = await _invited(tx, actor, command.person_id)
    latest = await _latest(tx, whom.id)
    if latest is not None and latest.closed_at is None:
        must_be_a_while_ago(tx, latest.opened_at)
    await open_invitation(tx, whom.id, actor)
    whom.account.invited_at = tx.now
    tell(tx, actor, whom, PersonInvited(person=whom.form), JOURNAL["invitation_resent"])
    return whom.form


class WithdrawInvitation(Command, touches="entry", needs=LOOKING_AFTER, area="people"):
    person_id: UUID


async def withdraw_invitation(tx: Transaction, actor: Actor, command: WithdrawInvitation) -> PersonForm:
    """Take an invitation back: its link ends.

    Raises:
        Forbidden, NotFound: they aren't someone whom the asker looks after, or there is no open invitation.
        Conflict: they have come in already, have left, or have no e-mail.
    """
    whom = await _invited(tx, actor, command.person_id)
    if await close_invitation(tx, whom.id, "withdrawn") is None:
        raise NotFound()
    tell(tx, actor, whom, InvitationWithdrawn(person=whom.form), JOURNAL["invitation_withdrawn"])
    return whom.form


class InvitationLink(BaseModel):
    """A link by which an invitation is accepted, shown once."""

    path: str | None
    """Where it leads on this hub; None where the answer is told again."""
    expires_at: datetime


class MakeInvitationLink(Command, touches="sign_in", needs=LOOKING_AFTER):
    person_id: UUID

    withheld: ClassVar[tuple[str, ...]] = ("path",)


async def make_invitation_link(tx: Transaction, actor: Actor, command: MakeInvitationLink) -> InvitationLink:
    """Make a link to hand over oneself, where no mail server is set. It invites anew if need be.

    Raises:
        Forbidden, NotFound: they aren't someone whom the asker looks after.
        Conflict: they have come in already, have left, or have no e-mail; or a mail server is set, so that the link
            is theirs alone.
    """
    whom = await _invited(tx, actor, command.person_id)
    if await mail_works(tx):
        raise Conflict(
            _("A mail server is set up, so the link is only in their email. Invite them again."), code="mail_works"
        )
    latest = await _latest(tx, whom.id)
    invitation_id = latest.id if latest and latest.closed_at is None else await open_invitation(tx, whom.id, actor)
    secret = await make_link(tx, "invitation", invitation_id, whom.person.business_id)
    tell(tx, actor, whom, PersonInvited(person=whom.form), JOURNAL["invitation_link_made"])
    link = await find_link(tx, "invitation", secret)
    assert link is not None
    return InvitationLink(path=f"/invitation/{secret}", expires_at=link.expires_at)


async def _invited(tx: Transaction, actor: Actor, person_id: UUID) -> Managed:
    whom = await managed(tx, actor, person_id)
    must_be_here(whom)
    if whom.account.password_hash is not None:
        raise HasJoined()
    if whom.person.email is None:
        raise NoEmail()
    return whom


async def _latest(tx: Transaction, person_id: UUID) -> Invitation | None:
    found: Invitation | None = await tx.scalar(
        select(Invitation).where(Invitation.person_id == person_id).order_by(Invitation.opened_at.desc()).limit(1)
    )
    return found


# By the link


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited by whom, as the page of the link says it."""

    name: str
    email: str
    business: str
    inviter: str
    language: str
    acted_by: str | None
    """Who really invites them, where that is another than the inviter named."""


async def invited_by(database: Database, secret: str, whence: Whence) -> Invited:
    """This is whom a link invites.

    Raises:
        LinkDead: it never was, or is no longer good.
    """
    async with database.reading(EVERYWHERE) as tx:
        invitation, why = await led_to(tx, "invitation", Invitation, secret)
        if not why:
            assert invitation is not None
            return await _told_of(tx, invitation)
    await note_dead(database, "invitation", invitation, why, whence)
    raise LinkDead()


async def accept_invitation(
    database: Database, secret: str, password: str, language: Language, whence: Whence
) -> tuple[Actor, str]:
    """Accept an invitation by its link: set the password, and come in. This is who they are and their session's token.

    Raises:
        LinkDead: it never was, or is no longer good.
        Invalid: the password is too short or easily guessed.
        NotAdmitted: the password is set, and they can't come in all the same; it says why.
    """
    invited = await invited_by(database, secret, whence)
    await check_password(password, [invited.name, invited.email], turn=invited.email)
    password_hash = await hashed(password)

    async def accept(tx: Transaction, invitation: Invitation) -> None:
        await _let_join(tx, invitation, password_hash, language, whence)

    invitation = await use_link(database, "invitation", Invitation, secret, whence, accept)
    return await enter(database, invitation.person_id, "password", whence)


async def _told_of(tx: Transaction, invitation: Invitation) -> Invited:
    person, account = await tx.get(Party, invitation.person_id), await tx.get(Account, invitation.person_id)
    business = await tx.get(Business, invitation.business_id) if invitation.business_id else None
    inviter = await tx.get(Party, invitation.by_id) if invitation.by_id else None
    if person is None or account is None:
        raise LinkDead()
    return Invited(
        name=person.name,
        email=person.email or "",
        business=business.name if business else "",
        inviter=inviter.name if inviter else "",
        language=account.language,
        acted_by=invitation.acted_by["name"] if invitation.acted_by else None,
    )


async def _let_join(
    tx: Transaction, invitation: Invitation, password_hash: str, language: Language, whence: Whence
) -> None:
    account = await tx.get(Account, invitation.person_id)
    person = await tx.get(Party, invitation.person_id)
    assert account is not None
    assert person is not None
    account.password_hash, account.language = password_hash, language
    invitation.closed_at, invitation.outcome = tx.now, "accepted"
    note_use(tx, JOURNAL["invitation_accepted"], invitation, whence)
    if person.business_id is not None:
        joined = PersonJoined(person=PersonForm.model_validate(person))
        tx.record(business_stream(person.business_id), joined, by=person.id, audience="team")
