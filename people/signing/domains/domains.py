"""Domains: ends of e-mail addresses that businesses name for their services, and the proof that they are theirs.

By naming a domain a business claims it; that takes effect once it is proven: by a record that its name servers show, or
by the word of who runs the installation. Of several who claim one, one at most has it proven. A record is looked at
again from day to day, and a proof ends a week after its record has gone.

What was in use before there were proofs is kept, where nobody else was concerned (migration 0027): until it is proven,
or somebody else proves it.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, ForeignKey, Index, Text, delete, exists, false, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from people.actors import Actor
from people.businesses import Business
from people.events import SignInPolicyChanged
from people.hands import OwnHandsOnly
from people.installations import installation_stream, must_run_it
from people.journal import note
from people.mailboxes import domain_as_sent
from people.streams import business_stream
from store.database import Transaction
from store.errors import Forbidden, Invalid, _
from store.rows import Row
from store.scopes import EVERYWHERE
from store.sentences import Sentence

How = Literal["record", "superadmin", "kept"]
PROOFS: tuple[How, ...] = ("record", "superadmin")

LABEL = "_atrium-challenge"
GRACE = timedelta(days=7)
"""So long a proof goes on whose record has gone."""
MOST_CLAIMED = 100
PAGE = 50


class Domain(Row):
    """A domain that a business claims; proven or not."""

    __tablename__ = "domains"
    __table_args__ = (
        Index("uq_domains_proven", "name", unique=True, postgresql_where=text("proven_at is not null")),
        Index("ix_domains_looked_at", "looked_at", postgresql_where=text("how = 'record'")),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    token: Mapped[str] = mapped_column(Text)
    """What its record has to say. It is no secret, but nobody else's either."""
    proven_at: Mapped[datetime | None]
    how: Mapped[str | None] = mapped_column(Text)
    looked_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]
    """Since when the record of a proof has gone."""

    @property
    def record(self) -> str:
        return f"{LABEL}.{domain_as_sent(self.name)}"

    @property
    def value(self) -> str:
        return f"atrium-domain={self.token}"

    @property
    def ends_at(self) -> datetime | None:
        return self.missing_since + GRACE if self.missing_since else None


class DomainForm(BaseModel):
    """A domain that a business claims, the TXT record that proves it, and how it stands."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: str
    record: str
    """The name at which the record stands."""
    value: str
    """What the record says."""
    proven_at: datetime | None
    how: How | None
    """By its record, by the word of who runs the installation, or kept from before there were proofs."""
    missing_since: datetime | None
    """Since when the record isn't found any more."""
    ends_at: datetime | None
    """When the proof ends, unless the record is back by then."""


async def domains(tx: Transaction, actor: Actor) -> list[DomainForm]:
    """These are the domains that the services of the asker's business name.

    Raises:
        Forbidden: the asker isn't the business's admin.
    """
    rows = await tx.scalars(select(Domain).where(Domain.business_id == own_business(actor)).order_by(Domain.name))
    return [DomainForm.model_validate(row) for row in rows]


Place = tuple[bool, str, UUID]
"""Where a claim stands among all: whether it is proven, by which domain and whose it is."""


@dataclass(frozen=True, slots=True)
class DomainClaim:
    """A domain that a business claims, as who runs the installation sees it."""

    business_id: UUID
    business: str
    domain: DomainForm

    @property
    def place(self) -> Place:
        return self.domain.how in PROOFS, self.domain.name, self.business_id


@dataclass(frozen=True, slots=True)
class Claims:
    """A page of the list; ``after`` is where the next one begins, None after the last.

    It is a place and no claim, since a claim that somebody proves meanwhile goes to another one.
    """

    entries: list[DomainClaim]
    after: Place | None


async def claims(tx: Transaction, actor: Actor, after: Place | None = None, limit: int = PAGE) -> Claims:
    """These are the domains that businesses claim, from after a place on; those that nobody has proven come first.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    # A claim without a proof has NULL there, and NULL comes last.
    place = func.coalesce(Domain.how.in_(PROOFS), false()), Domain.name, Domain.business_id
    query = select(Domain, Business.name).join(Business, Business.id == Domain.business_id)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    rows = (await tx.execute(query.order_by(*place).limit(limit + 1))).all()
    found = [DomainClaim(row.business_id, business, DomainForm.model_validate(row)) for row, business in rows[:limit]]
    return Claims(found, found[-1].place if len(rows) > limit else None)


# For services and proofs


def proven(
    business_id: ColumnElement[UUID | None] | InstrumentedAttribute[UUID | None], name: str
) -> ColumnElement[bool]:
    """Whether a domain is a business's own, in SQL."""
    return exists().where(Domain.business_id == business_id, Domain.name == name, Domain.proven_at.is_not(None))


async def some_are_proven(tx: Transaction) -> bool:
    """Whether any business has a domain that is its own."""
    return bool(await tx.scalar(select(exists().where(Domain.proven_at.is_not(None)))))


async def keep_claims(tx: Transaction, business_id: UUID, named: Iterable[str]) -> None:
    """Have a business claim the domains that its services name, and no others.

    Raises:
        Invalid: it would claim another one, and has very many.
    """
    wanted = set(named)
    await tx.execute(delete(Domain).where(Domain.business_id == business_id, Domain.name.not_in(wanted)))
    if len(wanted) > MOST_CLAIMED:
        claimed = await tx.scalar(select(func.count()).select_from(Domain).where(Domain.business_id == business_id))
        if claimed < len(wanted):
            raise Invalid(fields={"domains": _("Your services have more than 100 domains in total. Remove some.")})
    await claim(tx, [(business_id, name) for name in sorted(wanted)])


async def claim(tx: Transaction, wanted: list[tuple[UUID, str]]) -> None:
    """Claim domains for businesses; those that are claimed already stay as they are."""
    if wanted:
        rows = [{"business_id": business_id, "name": name, "token": fresh_token()} for business_id, name in wanted]
        await tx.execute(insert(Domain).values(rows).on_conflict_do_nothing())


def fresh_token() -> str:
    """This is what a domain's record will have to say."""
    return secrets.token_hex(16)


def own_business(actor: Actor) -> UUID:
    """This is the business of an admin who asks with their own hands.

    Raises:
        OwnHandsOnly: a token asks.
        Forbidden: the asker isn't the business's admin.
    """
    if actor.scopes is not None:
        raise OwnHandsOnly()
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    return actor.business_id


async def tell_domains(tx: Transaction, claim: Domain, actor: Actor | None) -> None:
    """Tell a business's admins, and who runs the installation, that its domains are other than before."""
    by = actor.id if actor else None
    event = SignInPolicyChanged(changed=["domains"])
    tx.record(business_stream(claim.business_id), event, by=by, audience="managers")
    await tell_installation(tx, by)


async def tell_installation(tx: Transaction, by: UUID | None) -> None:
    """Tell who runs the installation that businesses' domains are other than before."""
    async with tx.looking(EVERYWHERE):  # the installation's log isn't the business's
        tx.record(installation_stream(), SignInPolicyChanged(changed=["domains"]), by=by)


def note_domain(tx: Transaction, claim: Domain, what: Sentence, actor: Actor | None) -> None:
    """Write into the business's journal what became of a domain, and by whom: by nobody, it lapsed."""
    by: dict[str, Any] = {}
    if actor is not None:
        whose = {"by": str(actor.id)} if actor.kind == "superadmin" else {"person_id": actor.id}
        by = {"address": actor.address, "agent": actor.agent} | whose
    note(tx, what, business_id=claim.business_id, domain=claim.name, **by)
