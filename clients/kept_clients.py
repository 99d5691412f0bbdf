"""Kept clients: those without an e-mail. They stand in companies and rooms by their name, and can't sign in until
somebody gives them an e-mail and invites them.
"""

from uuid import UUID

from pydantic import Field

from clients.company_clients import put_in_companies
from clients.sentences import JOURNAL
from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.events import PersonAdded, PersonInvited
from people.forms import PersonForm
from people.languages import Language
from people.mailboxes import Email
from people.managers import managed, must_be_here, tell
from people.parties import NamesParty, Party, email_taken
from people.persons.invitations import open_invitation
from people.persons.records import AlreadyLinked
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, NotFound, _
from store.texts.texts import Lines


class KeepClient(Command, touches="entry", needs="clients", area="companies", fields_touch={"company_ids": "rights"}):
    name: str = Field(min_length=1, max_length=120)
    phone: str = Field("", max_length=40)
    address: Lines = Field("", max_length=300)
    company_ids: list[UUID] = Field([], max_length=50)
    language: Language | None = None


async def keep_client(tx: Transaction, actor: Actor, command: KeepClient) -> PersonForm:
    """Keep a client who has no e-mail, or none that is known: in companies and rooms, by name. They can't sign in.

    Raises:
        Invalid: a company isn't one of the business's.
    """
    business = await tx.get(Business, actor.here)
    if business is None:
        raise NotFound()
    person = Party(id=tx.new_id(), business_id=business.id, kind="client", name=command.name, added_at=tx.now)
    tx.add(person)
    await tx.flush()
    account = Account(
        person_id=person.id,
        kind="client",
        business_id=business.id,
        language=command.language or business.language,
        time_zone=business.time_zone,
        phone=command.phone,
        address=command.address,
    )
    tx.add(account)
    await tx.flush()
    if command.company_ids:
        await put_in_companies(tx, business.id, person.id, command.company_ids)
    form = PersonForm.model_validate(person)
    tx.record(business_stream(business.id), PersonAdded(person=form), by=actor.id, audience="team")
    return form


class HasEmail(Conflict):
    code = "has_email"
    message = _("This person already has an email. Only they can change it.")


class InviteClient(NamesParty, touches="entry", needs=("clients", "superadmin"), area="companies"):
    person_id: UUID
    email: Email


async def invite_client(tx: Transaction, actor: Actor, command: InviteClient) -> PersonForm:
    """Give a client who was kept without an e-mail one, and invite them by a letter to it. Their rooms, companies and
    all that was written of them stay.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after clients.
        Invalid: it isn't a client.
        HasEmail: they have one.
        HasLeft: they have left.
        AlreadyLinked: the client is somebody of the team, who signs in as such.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.person.kind != "client":
        raise Invalid(fields={"person_id": _("There is no such client.")})
    must_be_here(whom)
    if whom.person.email is not None:
        raise HasEmail()
    if whom.account.linked_id is not None:
        raise AlreadyLinked()
    async with tx.refusing("uq_parties_email", email_taken()):
        whom.person.email = command.email
    whom.account.invited_at = tx.now
    await open_invitation(tx, whom.id, actor)
    tell(tx, actor, whom, PersonInvited(person=whom.form), JOURNAL["invitation_sent"])
    return whom.form
