"""Providers: other services, by OpenID Connect, that say who someone is. A business has its own, or the installation.

A provider signs in people who are here already, of its business alone if it belongs to one; it never makes anybody.
It has to say that an e-mail is verified. One that never does, such as Microsoft Entra ID, can be trusted for domains
that are named, if its issuer proves that it is one organisation's own: nobody else can then have it say such an e-mail.

A domain that a business names counts once it is proven to be the business's (``domains``): then people are found by it,
and its services are believed for it. Whatever a business's service says of other addresses, and of any while it has no
domain proven, it signs in those alone whom it knows already: else whoever runs it could sign in as every admin.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import ForeignKey, Text, any_, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.businesses import Business
from people.events import SignInPolicyChanged
from people.hands import OwnHandsOnly
from people.installations import installation_stream
from people.journal import note_own
from people.mail import MailKind, mail_kind
from people.mail.admin_letters import write_to_admins
from people.mailboxes import one_domain, one_spelling
from people.signing.domains.domains import Domain, keep_claims, proven, tell_installation
from people.signing.domains.domains import claim as claim_domains
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.sentences import JOURNAL
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, _
from store.own_rows import own_row
from store.rows import Row
from store.secrets.ciphers import Sealed, cipher
from store.sentences import Sentence
from store.texts.sorting import by_name
from store.texts.texts import AsTyped, Lines, parts_of

ABOUT_A_PROVIDER = ("by", "name", "issuer", "url")
PROVIDER_ADDED = mail_kind(
    "provider_added", _("%(by)s added a sign-in service"), _("Sign-in service added"), *ABOUT_A_PROVIDER
)
PROVIDER_CHANGED = mail_kind(
    "provider_changed", _("%(by)s changed a sign-in service"), _("Sign-in service changed"), *ABOUT_A_PROVIDER
)

MOST = 20
MOST_DOMAINS = 50
MOST_AT_ONCE = 1000
LOOPBACK = ("localhost", "127.0.0.1", "::1")

MICROSOFT = re.compile(r"(^|\.)(microsoftonline\.\w{1,63}|partner\.microsoftonline\.cn|windows\.net)$")
TENANT = re.compile(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/|$)")
NOBODYS_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The one of everybody's private accounts. Source: Microsoft identity platform, ID token claims, ``tid``."""


class Provider(Row):
    """A service that signs people in; the installation's own have no business."""

    __tablename__ = "providers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str] = mapped_column(Text)
    client_secret: Mapped[bytes] = mapped_column(Sealed)
    domains: Mapped[list[str]] = mapped_column(ARRAY(Text))
    trusted: Mapped[bool] = mapped_column(default=False)
    """Whether it is believed for its domains without saying that an e-mail is verified."""
    added_at: Mapped[datetime]


class ProviderForm(BaseModel):
    """A provider as its page shows it, without its secret."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: UUID
    name: str
    issuer: str
    client_id: str
    domains: list[str]
    trusted: bool
    added_at: datetime


class _About(Command, touches="sign_in"):
    @field_validator("issuer", check_fields=False)
    @classmethod
    def secure(cls, issuer: str | None) -> str | None:
        if issuer is not None and not is_secure(issuer):
            raise ValueError(_("This must be an address that starts with https://."))
        return issuer

    @field_validator("domains", check_fields=False)
    @classmethod
    def plain(cls, domains: list[str] | None) -> list[str] | None:
        if domains is None:
            return None
        named = parts_of(domains, MOST_DOMAINS, _("Enter at most 50 domains."))
        found = {one_domain(domain.lstrip("@")) for domain in named}
        if None in found:
            raise ValueError(_("Enter email domains, such as firm.example."))
        return sorted(filter(None, found))


class AddProvider(ProvesWho, _About, needs=("admin", "superadmin")):
    name: str = Field(min_length=1, max_length=60)
    issuer: str = Field(min_length=8, max_length=300)
    """The address by which the service names itself; its settings are found under it."""
    client_id: str = Field(min_length=1, max_length=300)
    client_secret: AsTyped = Field(min_length=1, max_length=500)
    domains: list[Lines] = Field([], max_length=MOST_DOMAINS)
    """Ends of the e-mail addresses that it may sign in; none means all. A business's own service signs somebody in for
    the first time only by an address of a domain that is proven to be the business's."""
    trusted: bool = False
    """Whether it is trusted for these domains without saying that an address is verified. Only one organisation's own
    service can be, and only for domains that are named."""
    password: AsTyped = Field(max_length=200)
    """Your own, once more."""


async def add_provider(tx: Transaction, actor: Actor, command: AddProvider) -> ProviderForm:
    """Let a service sign people in: an admin for their business, whose other admins get a letter, and a superadmin for
    the whole installation.

    Raises:
        Forbidden: someone acts for the asker.
        WrongSecret: it isn't their password.
        Invalid: it is to be trusted, and no domains are named, or its issuer isn't proven to be theirs; or the business
            would claim very many domains.
        Conflict: there are very many already.
    """
    business_id = _level(actor)
    await prove_own_password(tx, actor, command.password)
    count = await tx.scalar(
        select(func.count()).select_from(Provider).where(Provider.business_id.is_not_distinct_from(business_id))
    )
    if count >= MOST:
        raise Conflict(_("You can't add more services."))
    provider = Provider(
        id=tx.new_id(),
        business_id=business_id,
        name=command.name,
        issuer=command.issuer,
        client_id=command.client_id,
        client_secret=cipher().encrypt(command.client_secret),
        domains=command.domains,
        trusted=command.trusted,
        added_at=tx.now,
    )
    _must_deserve_trust(provider)
    tx.add(provider)
    await _keep_claims(tx, provider)
    await _write(tx, actor, PROVIDER_ADDED, provider)
    await _tell(tx, actor, JOURNAL["provider_added"], provider)
    return ProviderForm.model_validate(provider)


class ChangeProvider(ProvesWho, _About, needs=("admin", "superadmin")):
    provider_id: UUID
    name: str | None = Field(None, min_length=1, max_length=60)
    client_id: str | None = Field(None, min_length=1, max_length=300)
    client_secret: AsTyped | None = Field(None, max_length=500)
    """Left out or empty, it stays."""
    domains: list[Lines] | None = Field(None, max_length=MOST_DOMAINS)
    trusted: bool | None = None
    password: AsTyped = Field(max_length=200)
    """Your own, once more."""


async def change_provider(tx: Transaction, actor: Actor, command: ChangeProvider) -> ProviderForm:
    """Change a service that signs people in; the business's other admins get a letter. One with another address is
    another service.

    Raises:
        Forbidden: someone acts for the asker.
        WrongSecret: it isn't their password.
        NotFound: it isn't one of theirs.
        Invalid: it is to be trusted, and no domains are named, or its issuer isn't proven to be theirs; or the business
            would claim very many domains.
    """
    provider = await _own(tx, actor, command.provider_id)
    await prove_own_password(tx, actor, command.password)
    for name in ("name", "client_id", "domains", "trusted"):
        if (value := getattr(command, name)) is not None:
            setattr(provider, name, value)
    _must_deserve_trust(provider)
    if command.client_secret:
        provider.client_secret = cipher().encrypt(command.client_secret)
    await _keep_claims(tx, provider)
    await _write(tx, actor, PROVIDER_CHANGED, provider)
    await _tell(tx, actor, JOURNAL["provider_changed"], provider)
    return ProviderForm.model_validate(provider)


class RemoveProvider(Command, touches="sign_in", needs=("admin", "superadmin")):
    provider_id: UUID


async def remove_provider(tx: Transaction, actor: Actor, command: RemoveProvider) -> None:
    """Have a service sign nobody in any more; who is signed in stays so.

    Raises:
        NotFound: it isn't one of theirs.
    """
    provider = await _own(tx, actor, command.provider_id)
    await tx.delete(provider)
    await _keep_claims(tx, provider)
    await _tell(tx, actor, JOURNAL["provider_removed"], provider)


async def providers(tx: Transaction, actor: Actor) -> list[ProviderForm]:
    """These are the services of the asker's business, or for a superadmin those of the installation.

    Raises:
        Forbidden: the asker is neither an admin nor a superadmin.
    """
    rows = await tx.scalars(
        select(Provider).where(Provider.business_id.is_not_distinct_from(_level(actor))).order_by(Provider.id)
    )
    return [ProviderForm.model_validate(row) for row in rows]


async def own_provider(tx: Transaction, actor: Actor, provider_id: UUID, *, lock: bool = True) -> Provider:
    """This is one of the asker's services.

    Raises:
        Forbidden, NotFound: as for ``change_provider``.
    """
    return await _own(tx, actor, provider_id, lock=lock)


@dataclass(frozen=True, slots=True)
class OfferedProvider:
    """A service with which one may sign in, as a stranger sees it."""

    id: UUID
    name: str
    business: str | None = None


async def offers(tx: Transaction, language: str, email: str | None = None) -> list[OfferedProvider]:
    """These are the installation's services, or those of businesses for the end of an e-mail address."""
    query = select(Provider.id, Provider.name, Business.name).outerjoin(Business, Business.id == Provider.business_id)
    if email is None:
        query = query.where(Provider.business_id.is_(None))
    else:
        query = query.where(any_(Provider.domains) == domain_of(email), proven(Provider.business_id, domain_of(email)))
    rows = await tx.execute(query.order_by(Provider.id).limit(MOST))
    return by_name((OfferedProvider(*row) for row in rows), language)


async def may_name(tx: Transaction, provider: Provider, domain: str) -> bool:
    """Whether a service may say whose address is whose at a domain: for a business's own it has to be proven."""
    if provider.business_id is None:
        return True
    return bool(await tx.scalar(select(proven(literal(provider.business_id), domain))))


def domain_of(email: str) -> str:
    return one_spelling(email).rpartition("@")[2]


def is_secure(url: str) -> bool:
    """Whether an address is reached by https, or is on this very machine, as in tests."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def of_one_organisation(issuer: str, domains: list[str]) -> bool:
    """Whether an issuer's address proves that it is the domains' own: it is in one of them, or names its tenant.

    An address that proves nothing can be a service where anybody has an account.
    """
    parts = urlsplit(issuer)
    host, path = (parts.hostname or "").rstrip("."), unquote(parts.path).lower()
    if MICROSOFT.search(host):
        return TENANT.match(path) is not None and NOBODYS_TENANT not in path
    return host in LOOPBACK or any(f".{one_domain(host) or host}".endswith(f".{domain}") for domain in domains)


def _must_deserve_trust(provider: Provider) -> None:
    if not provider.trusted:
        return
    if not provider.domains:
        raise Invalid(fields={"domains": _("Enter the domains it is trusted for.")})
    if not of_one_organisation(provider.issuer, provider.domains):
        raise Invalid(
            fields={"trusted": _("The issuer must contain your own Entra tenant or be on one of the domains above.")}
        )


def _level(actor: Actor) -> UUID | None:
    if actor.scopes is not None:
        raise OwnHandsOnly()
    if actor.kind == "superadmin":
        return None
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    return actor.business_id


async def _own(tx: Transaction, actor: Actor, provider_id: UUID, *, lock: bool = True) -> Provider:
    return await own_row(tx, Provider, _level(actor), provider_id, lock=lock)


async def _keep_claims(tx: Transaction, provider: Provider) -> None:
    """Have a service's business claim what its services name now."""
    if provider.business_id is None:
        return
    await tx.flush()
    # One after another, so that each sees what those before it named; rows that refer to the business don't wait.
    await tx.execute(select(Business.id).where(Business.id == provider.business_id).with_for_update(key_share=True))
    named = select(func.unnest(Provider.domains)).where(Provider.business_id == provider.business_id)
    await keep_claims(tx, provider.business_id, await tx.scalars(named))


async def claim_unclaimed(tx: Transaction) -> None:
    """Claim for businesses what their services name since a version that knew no claims."""
    named = (
        select(Provider.business_id, func.unnest(Provider.domains).label("name"))
        .where(Provider.business_id.is_not(None))
        .distinct()
        .subquery()
    )
    claimed = exists().where(Domain.business_id == named.c.business_id, Domain.name == named.c.name)
    rows = await tx.execute(select(named.c.business_id, named.c.name).where(~claimed).limit(MOST_AT_ONCE))
    await claim_domains(tx, [(business_id, name) for business_id, name in rows])


async def _write(tx: Transaction, actor: Actor, kind: MailKind, provider: Provider) -> None:
    """Write to a business's other admins of a service: whoever has it say who somebody is can sign in as them."""
    if provider.business_id is None:
        return
    await write_to_admins(
        tx, provider.business_id, kind, but=actor.id, by=actor, name=provider.name, issuer=provider.issuer
    )


async def _tell(tx: Transaction, actor: Actor, what: Sentence, provider: Provider) -> None:
    note_own(tx, actor, what, name=provider.name)
    event = SignInPolicyChanged(changed=["providers"])
    if provider.business_id is None:
        tx.record(installation_stream(), event, by=actor.id)
    else:
        tx.record(business_stream(provider.business_id), event, by=actor.id, audience="managers")
        await tell_installation(tx, actor.id)
