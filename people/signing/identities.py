"""Identities: what another service says of somebody, and whom it is believed to be."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.hands import own_hands
from people.journal import note_own
from people.mailboxes import Mailbox
from people.parties import Party
from people.signing.authenticators import tell_change
from people.signing.providers import Provider, domain_of, may_name, of_one_organisation
from people.signing.sentences import JOURNAL
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound
from store.rows import Row


class Identity(Row):
    """Somebody as a provider knows them: once linked, they are known by this, whatever their e-mail becomes."""

    __tablename__ = "identities"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), index=True)
    business_id: Mapped[UUID | None]
    email: Mapped[str] = mapped_column(Mailbox)
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UnlinkIdentity(Command, touches="sign_in", needs="anyone"):
    provider_id: UUID


async def unlink_identity(tx: Transaction, actor: Actor, command: UnlinkIdentity) -> None:
    """Forget as whom a service knows you; it may link you anew when it says your e-mail again.

    Raises:
        NotFound: it doesn't know you.
    """
    own_hands(actor)
    gone = await tx.scalars(
        delete(Identity)
        .where(Identity.provider_id == command.provider_id, Identity.person_id == actor.id)
        .returning(Identity.subject)
    )
    if not gone.all():
        raise NotFound()
    note_own(tx, actor, JOURNAL["identity_unlinked"])
    await tell_change(tx, actor)


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    provider_id: UUID
    provider: str
    email: str
    linked_at: datetime


async def own_identities(tx: Transaction, actor: Actor) -> list[OwnIdentity]:
    """These are the services that know the asker. One of the installation's is seen by its link alone."""
    rows = await tx.execute(
        select(Identity.provider_id, func.coalesce(Provider.name, ""), Identity.email, Identity.linked_at)
        .outerjoin(Provider, Provider.id == Identity.provider_id)
        .where(Identity.person_id == actor.id)
        .order_by(Identity.linked_at)
    )
    return [OwnIdentity(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ProviderClaims:
    """What a provider says of somebody, its signature looked at."""

    subject: str
    email: str
    email_verified: bool | None
    """None when it doesn't say."""


async def person_said(tx: Transaction, provider: Provider, said: ProviderClaims) -> UUID | None:
    """This is the person whom a provider means: the one linked, else the one with that e-mail, linked from now on.

    None is nobody: unknown, of another business, or with an e-mail that isn't verified or that it doesn't speak for.
    """
    identity = await tx.get(Identity, (provider.id, said.subject), lock=True)
    if identity is not None:
        identity.used_at = tx.now
        return identity.person_id
    if not _believed(provider, said) or not await may_name(tx, provider, domain_of(said.email)):
        return None
    person = (
        await tx.execute(
            select(Party.id, Party.business_id)
            .join(Account, Account.person_id == Party.id)
            .where(Party.email == said.email)
        )
    ).first()
    if person is None or (provider.business_id is not None and person.business_id != provider.business_id):
        return None
    known = select(Identity.subject).where(Identity.provider_id == provider.id, Identity.person_id == person.id)
    if await tx.scalar(known):
        return None  # known to it as somebody else: the address has changed hands
    tx.add(
        Identity(
            provider_id=provider.id,
            subject=said.subject,
            person_id=person.id,
            business_id=person.business_id,
            email=said.email,
            linked_at=tx.now,
            used_at=tx.now,
        )
    )
    return UUID(str(person.id))


def _believed(provider: Provider, said: ProviderClaims) -> bool:
    """Whether it is to be believed that an e-mail is that person's."""
    its_own = domain_of(said.email) in provider.domains
    if provider.domains and not its_own:
        return False
    if said.email_verified is not None:
        return said.email_verified
    return provider.trusted and its_own and of_one_organisation(provider.issuer, provider.domains)
