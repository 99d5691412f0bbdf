"""Proofs of domains: by a record that the business shows, or by the word of who runs it all; and their end."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator
from sqlalchemy import select

from people.actors import Actor
from people.hands import OwnHandsOnly
from people.mailboxes import one_domain
from people.signing.domains.dns_lookups import LookupFailed, texts_of
from people.signing.domains.domain_records import end, see
from people.signing.domains.domains import Domain, DomainForm, How, fresh_token, note_domain, own_business, tell_domains
from people.signing.domains.sentences import JOURNAL
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, NotFound, _
from store.loop.turns import Turns
from store.scopes import EVERYWHERE

Found = Literal["record", "other", "nothing", "failed"]

SHOWN_INSTEAD = 5


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
    message = _("This domain is verified for another business here. Ask a superadmin.")


class _OfADomain(Command, touches="sign_in"):
    domain: str = Field(min_length=1, max_length=260)

    @field_validator("domain")
    @classmethod
    def one_spelling(cls, domain: str) -> str:
        return one_domain(domain) or domain


class CheckDomain(_OfADomain, needs="admin"):
    _texts: list[str] | None = PrivateAttr(None)
    _failed: bool = PrivateAttr(False)

    async def look(self, claim: Domain) -> None:
        """Look for the record. That can take seconds, so nothing may be locked meanwhile."""
        try:
            async with _turns.turn(claim.business_id):
                self._texts = await texts_of(claim.record)
        except LookupFailed:
            self._texts, self._failed = [], True

    def found(self, claim: Domain) -> Found:
        """This is what the look came to.

        Raises:
            LookupError: nobody has looked yet.
        """
        if self._texts is None:
            raise LookupError("check_domain needs look_for_record before it")
        if self._failed:
            return "failed"
        return "record" if claim.value in self._texts else "other" if self._texts else "nothing"

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
        NotFound: none of its services names this domain.
        DomainTaken: the record is there, and so was another business's before.
        TooMuchWaits: very many are looked at already.
    """
    claim = await _claimed(tx, actor, command.domain)
    found = command.found(claim)
    if found == "record" and claim.how in (None, "kept"):
        await _prove(tx, claim, "record")
        note_domain(tx, claim, JOURNAL["domain_proven"], actor)
        await tell_domains(tx, claim, actor)
    elif found != "failed":
        await see(tx, claim, found == "record", actor)
    return DomainCheck(
        domain=DomainForm.model_validate(claim),
        found=found,
        instead=[] if found == "record" else command.instead(claim),
    )


class VouchDomain(_OfADomain, needs="superadmin"):
    business_id: UUID


async def vouch_domain(tx: Transaction, actor: Actor, command: VouchDomain) -> DomainForm:
    """Take a domain for a business's own without a record, on one's own word.

    Raises:
        NotFound: no service of the business names this domain.
        DomainTaken: it is proven for another one, from whom it has to be withdrawn first.
    """
    claim = await _anyones(tx, actor, command.business_id, command.domain)
    if claim.how != "superadmin":
        await _prove(tx, claim, "superadmin")
        note_domain(tx, claim, JOURNAL["domain_vouched"], actor)
        await tell_domains(tx, claim, actor)
    return DomainForm.model_validate(claim)


class WithdrawDomain(_OfADomain, needs="superadmin"):
    business_id: UUID


async def withdraw_domain(tx: Transaction, actor: Actor, command: WithdrawDomain) -> DomainForm:
    """End the proof of a business's domain, however it came about. By record it takes a new one from then on.

    Raises:
        NotFound: no service of the business names this domain.
        Conflict: it isn't proven.
    """
    claim = await _anyones(tx, actor, command.business_id, command.domain)
    if claim.proven_at is None:
        raise Conflict(_("This domain isn't verified."))
    claim.token = fresh_token()
    await end(tx, claim, JOURNAL["domain_withdrawn"], actor)
    return DomainForm.model_validate(claim)


# Shared


async def _prove(tx: Transaction, claim: Domain, how: How) -> None:
    """Prove a domain for a business; another one's that was only kept from before goes.

    Raises:
        DomainTaken: it is proven for another one.
    """
    async with tx.looking(EVERYWHERE):
        others = select(Domain).where(Domain.name == claim.name, Domain.business_id != claim.business_id)
        kept = await tx.scalar(others.where(Domain.how == "kept").with_for_update())
        if kept is not None:
            await end(tx, kept, JOURNAL["domain_lost"], None)
    claim.proven_at, claim.how, claim.looked_at, claim.missing_since = tx.now, how, tx.now, None
    async with tx.refusing("uq_domains_proven", DomainTaken()):
        await tx.flush()


async def _claimed(tx: Transaction, actor: Actor, name: str, *, lock: bool = True) -> Domain:
    claim = await tx.get(Domain, (own_business(actor), name), lock=lock)
    if claim is None:
        raise NotFound()
    return claim


async def _anyones(tx: Transaction, actor: Actor, business_id: UUID, name: str) -> Domain:
    if actor.scopes is not None:
        raise OwnHandsOnly()
    claim = await tx.get(Domain, (business_id, name), lock=True)
    if claim is None:
        raise NotFound()
    return claim
