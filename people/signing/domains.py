"""Domains: ends of e-mail addresses that businesses name for their services, and the proof that they are theirs.

By naming a domain a business claims it; that takes effect once it is proven: by a record that its name servers show, or
by the word of who runs the installation. Of several who claim one, one at most has it proven. A record is looked at
again from day to day, and a proof ends a week after its record has gone.

What was in use before there were proofs is kept, where nobody else was concerned (migration 0022): until it is proven,
or somebody else proves it.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator
from sqlalchemy import ColumnElement, ForeignKey, Index, Text, delete, exists, false, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.events import SignInPolicyChanged
from people.installation.events import installation_stream
from people.installation.settings import must_run_it
from people.letters import send_letter
from people.mailboxes import domain_as_sent, one_domain
from people.signing.factors import OwnHandsOnly
from people.signing.journal import note
from people.signing.lookups import LookupFailed, texts_of
from people.streams import business_stream
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, Forbidden, NotFound, _
from store.jobs import defer
from store.rows import Row
from store.scopes import EVERYWHERE
from store.turns import Turns

How = Literal["record", "superadmin", "kept"]
Found = Literal["record", "other", "nothing", "failed"]
PROOFS: tuple[How, ...] = ("record", "superadmin")

LABEL = "_atrium-challenge"
LOOKED_AT_EVERY = timedelta(days=1)
GRACE = timedelta(days=7)
"""So long a proof goes on whose record has gone."""
MOST_A_ROUND = 200
PAGE = 50
SHOWN_INSTEAD = 5
SIGN_IN_SETTINGS = "/settings/security"


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


class DomainCheck(BaseModel):
    """What a look for a domain's record came to."""

    model_config = ConfigDict(extra="forbid")

    domain: DomainForm
    found: Found
    """The record; or only other ones at its place, nothing, or no name server that could say."""
    instead: list[str]
    """What stood there instead."""


class DomainTaken(Conflict):
    """It doesn't say whose: whoever proves a domain learns only that they aren't the first."""

    code = "domain_taken"
    message = _("This domain is proven for another business here. Ask who runs the installation.")


class _OfADomain(Command):
    domain: str = Field(min_length=1, max_length=260)

    @field_validator("domain")
    @classmethod
    def one_spelling(cls, domain: str) -> str:
        return one_domain(domain) or domain


class CheckDomain(_OfADomain):
    _texts: list[str] | None = PrivateAttr(None)
    _failed: bool = PrivateAttr(False)

    async def look(self, claim: Domain) -> None:
        """Look for the record, once."""
        if self._texts is not None:
            return
        try:
            async with _turns.turn(claim.business_id):
                self._texts = await texts_of(claim.record)
        except LookupFailed:
            self._texts, self._failed = [], True

    def found(self, claim: Domain) -> Found:
        if self._failed:
            return "failed"
        texts = self._texts or []
        return "record" if claim.value in texts else "other" if texts else "nothing"

    def instead(self, claim: Domain) -> list[str]:
        return [each[:100] for each in self._texts or [] if each != claim.value][:SHOWN_INSTEAD]


_turns = Turns(at_once=2, most_waiting=20)
"""Of each business so many look at a time: name servers take their time."""


async def look_for_record(database: Database, actor: Actor, command: CheckDomain) -> None:
    """Ask the name servers before the transaction begins."""
    async with database.reading(actor.within) as tx:
        claim = await _claimed(tx, actor, command.domain, lock=False)
    await command.look(claim)


async def check_domain(tx: Transaction, actor: Actor, command: CheckDomain) -> DomainCheck:
    """Look whether a domain's record is there, which proves that the domain is the business's.

    Raises:
        Forbidden: the asker isn't the business's admin.
        NotFound: none of its services names this domain.
        DomainTaken: the record is there, and so was another business's before.
        TooMuchWaits: very many are looked at already.
    """
    claim = await _claimed(tx, actor, command.domain)
    await command.look(claim)
    found = command.found(claim)
    if found == "record" and claim.how in (None, "kept"):
        await _prove(tx, claim, "record")
        _journal(tx, claim, "domain_proven", actor)
        await _tell(tx, claim, actor)
    elif found != "failed":
        await _see(tx, claim, found == "record", actor)
    return DomainCheck(
        domain=DomainForm.model_validate(claim),
        found=found,
        instead=[] if found == "record" else command.instead(claim),
    )


class VouchDomain(_OfADomain):
    business_id: UUID


async def vouch_domain(tx: Transaction, actor: Actor, command: VouchDomain) -> DomainForm:
    """Take a domain for a business's own without a record, on one's own word.

    Raises:
        Forbidden: the asker is not a superadmin.
        NotFound: no service of the business names this domain.
        DomainTaken: it is proven for another one, from whom it has to be withdrawn first.
    """
    claim = await _anyones(tx, actor, command.business_id, command.domain)
    if claim.how != "superadmin":
        await _prove(tx, claim, "superadmin")
        _journal(tx, claim, "domain_vouched", actor)
        await _tell(tx, claim, actor)
    return DomainForm.model_validate(claim)


class WithdrawDomain(_OfADomain):
    business_id: UUID


async def withdraw_domain(tx: Transaction, actor: Actor, command: WithdrawDomain) -> DomainForm:
    """End the proof of a business's domain, however it came about. By record it takes a new one from then on.

    Raises:
        Forbidden: the asker is not a superadmin.
        NotFound: no service of the business names this domain.
        Conflict: it isn't proven.
    """
    claim = await _anyones(tx, actor, command.business_id, command.domain)
    if claim.proven_at is None:
        raise Conflict(_("This domain isn't proven."))
    claim.token = _token()
    await _end(tx, claim, "domain_withdrawn", actor)
    return DomainForm.model_validate(claim)


async def domains(tx: Transaction, actor: Actor) -> list[DomainForm]:
    """These are the domains that the services of the asker's business name.

    Raises:
        Forbidden: the asker isn't the business's admin.
    """
    rows = await tx.scalars(select(Domain).where(Domain.business_id == _own_business(actor)).order_by(Domain.name))
    return [DomainForm.model_validate(row) for row in rows]


Place = tuple[bool, str, UUID]
"""Where a claim stands among all: whether it is proven, by which domain and whose it is."""


@dataclass(frozen=True, slots=True)
class Claim:
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

    entries: list[Claim]
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
    found = [Claim(row.business_id, business, DomainForm.model_validate(row)) for row, business in rows[:limit]]
    return Claims(found, found[-1].place if len(rows) > limit else None)


# For services


def proven(
    business_id: ColumnElement[UUID | None] | InstrumentedAttribute[UUID | None], name: str
) -> ColumnElement[bool]:
    """Whether a domain is a business's own, in SQL."""
    return exists().where(Domain.business_id == business_id, Domain.name == name, Domain.proven_at.is_not(None))


async def some_are_proven(tx: Transaction) -> bool:
    """Whether any business has a domain that is its own."""
    return bool(await tx.scalar(select(exists().where(Domain.proven_at.is_not(None)))))


async def keep_claims(tx: Transaction, business_id: UUID, named: Iterable[str]) -> None:
    """Have a business claim the domains that its services name, and no others."""
    wanted = set(named)
    await tx.execute(delete(Domain).where(Domain.business_id == business_id, Domain.name.not_in(wanted)))
    await claim(tx, [(business_id, name) for name in sorted(wanted)])


async def claim(tx: Transaction, wanted: list[tuple[UUID, str]]) -> None:
    """Claim domains for businesses; those that are claimed already stay as they are."""
    if wanted:
        rows = [{"business_id": business_id, "name": name, "token": _token()} for business_id, name in wanted]
        await tx.execute(insert(Domain).values(rows).on_conflict_do_nothing())


def _token() -> str:
    return secrets.token_hex(16)


# From time to time


async def look_again(tx: Transaction) -> None:
    """Have workers look at the records that weren't looked at for a day."""
    due = (
        await tx.scalars(
            select(Domain)
            .where(Domain.how == "record", Domain.looked_at < tx.now - LOOKED_AT_EVERY)
            .order_by(Domain.looked_at)
            .limit(MOST_A_ROUND)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for claim in due:
        claim.looked_at = tx.now  # and not again while a worker is about to
        await defer(tx, "domain.look", business_id=claim.business_id, name=claim.name)


class Looker:
    """Looks again at records by which domains were proven."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, business_id: str, name: str) -> None:
        """See whether a record is still there; a proof whose record has gone for long ends."""
        key = (UUID(business_id), name)
        async with self._database.reading(EVERYWHERE) as tx:
            claim = await tx.get(Domain, key)
        if claim is None or claim.how != "record":
            return
        try:
            there = claim.value in await texts_of(claim.record)
        except LookupFailed:
            return  # nobody knows: tomorrow again
        async with self._database.transaction(EVERYWHERE) as tx:
            claim = await tx.get(Domain, key, lock=True)
            if claim is None or claim.how != "record":
                return
            await _see(tx, claim, there, None)
            if claim.ends_at is not None and claim.ends_at <= tx.now:
                await _end(tx, claim, "domain_lost", None)


# Shared


async def _see(tx: Transaction, claim: Domain, there: bool, actor: Actor | None) -> None:
    """Keep whether a record by which a domain was proven is there, and tell where that is news."""
    if claim.how != "record":
        return
    missing = None if there else claim.missing_since or tx.now
    claim.looked_at = tx.now
    if missing != claim.missing_since:
        claim.missing_since = missing
        await _tell(tx, claim, actor)
        if claim.ends_at is not None:
            await _write(tx, claim, "domain_missing", until=claim.ends_at.isoformat())


async def _prove(tx: Transaction, claim: Domain, how: How) -> None:
    """Prove a domain for a business; another one's that was only kept from before goes.

    Raises:
        DomainTaken: it is proven for another one.
    """
    await tx.look(EVERYWHERE)
    others = select(Domain).where(Domain.name == claim.name, Domain.business_id != claim.business_id)
    kept = await tx.scalar(others.where(Domain.how == "kept").with_for_update())
    if kept is not None:
        await _end(tx, kept, "domain_lost", None)
        await tx.flush()
    claim.proven_at, claim.how, claim.looked_at, claim.missing_since = tx.now, how, tx.now, None
    async with tx.refusing("uq_domains_proven", DomainTaken()):
        await tx.flush()


async def _end(tx: Transaction, claim: Domain, what: str, actor: Actor | None) -> None:
    """End a proof, and tell the business's admins."""
    claim.proven_at = claim.how = claim.missing_since = None
    _journal(tx, claim, what, actor)
    await _tell(tx, claim, actor)
    await _write(tx, claim, "domain_lost")


def _journal(tx: Transaction, claim: Domain, what: str, actor: Actor | None) -> None:
    """Write into the business's journal what became of a domain, and by whom: by nobody, it lapsed."""
    by: dict[str, Any] = {}
    if actor is not None:
        whose = {"by": str(actor.id)} if actor.kind == "superadmin" else {"person_id": actor.id}
        by = {"address": actor.address, "agent": actor.agent} | whose
    note(tx, what, business_id=claim.business_id, domain=claim.name, **by)


async def _tell(tx: Transaction, claim: Domain, actor: Actor | None) -> None:
    by = actor.id if actor else None
    event = SignInPolicyChanged(changed=["domains"])
    tx.record(business_stream(claim.business_id), event, by=by, audience="managers")
    await tell_installation(tx, by)


async def tell_installation(tx: Transaction, by: UUID | None) -> None:
    """Tell who runs the installation that businesses' domains are other than before: the last act of a verb."""
    await tx.look(EVERYWHERE)  # the installation's log isn't the business's
    tx.record(installation_stream(), SignInPolicyChanged(changed=["domains"]), by=by)


async def _write(tx: Transaction, claim: Domain, kind: str, **about: str) -> None:
    admins = await tx.scalars(
        select(Account.person_id)
        .where(Account.business_id == claim.business_id, Account.kind == "admin", Account.active)
        .order_by(Account.person_id)
    )
    for person_id in admins:
        await send_letter(tx, kind, to_person_id=person_id, domain=claim.name, url=SIGN_IN_SETTINGS, **about)


async def _claimed(tx: Transaction, actor: Actor, name: str, *, lock: bool = True) -> Domain:
    claim = await tx.get(Domain, (_own_business(actor), name), lock=lock)
    if claim is None:
        raise NotFound()
    return claim


async def _anyones(tx: Transaction, actor: Actor, business_id: UUID, name: str) -> Domain:
    must_run_it(actor)
    if actor.scopes is not None:
        raise OwnHandsOnly()
    claim = await tx.get(Domain, (business_id, name), lock=True)
    if claim is None:
        raise NotFound()
    return claim


def _own_business(actor: Actor) -> UUID:
    if actor.scopes is not None:
        raise OwnHandsOnly()
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    return actor.business_id
