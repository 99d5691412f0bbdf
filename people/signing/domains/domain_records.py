"""Records of domains: those that proved one are looked at again from day to day.

A record that has gone is told by letter, and ends the proof a week later.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.mail import mail_kind
from people.mail.admin_letters import write_to_admins
from people.signing.domains.dns_lookups import LookupFailed, texts_of
from people.signing.domains.domains import Domain, note_domain, tell_domains
from people.signing.domains.sentences import JOURNAL
from store.database import Database, Transaction
from store.errors import _
from store.jobs import defer
from store.scopes import EVERYWHERE
from store.sentences import Sentence

DOMAIN_MISSING = mail_kind(
    "domain_missing",
    _("The DNS record of %(domain)s is missing"),
    _("Missing DNS record"),
    "domain",
    "until",
    "url",
)
DOMAIN_LOST = mail_kind(
    "domain_lost", _("%(domain)s is no longer verified"), _("Domain no longer verified"), "domain", "url"
)

LOOKED_AT_EVERY = timedelta(days=1)
MOST_A_ROUND = 200


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
            await see(tx, claim, there, None)
            if claim.ends_at is not None and claim.ends_at <= tx.now:
                await end(tx, claim, JOURNAL["domain_lost"], None)


# For proofs


async def see(tx: Transaction, claim: Domain, there: bool, actor: Actor | None) -> None:
    """Keep whether a record by which a domain was proven is there, and tell where that is news."""
    if claim.how != "record":
        return
    missing = None if there else claim.missing_since or tx.now
    claim.looked_at = tx.now
    if missing != claim.missing_since:
        claim.missing_since = missing
        await tell_domains(tx, claim, actor)
        if claim.ends_at is not None:
            until = claim.ends_at.isoformat()
            await write_to_admins(tx, claim.business_id, DOMAIN_MISSING, domain=claim.name, until=until)


async def end(tx: Transaction, claim: Domain, what: Sentence, actor: Actor | None) -> None:
    """End a proof, and tell the business's admins."""
    claim.proven_at = claim.how = claim.missing_since = None
    note_domain(tx, claim, what, actor)
    await tell_domains(tx, claim, actor)
    await write_to_admins(tx, claim.business_id, DOMAIN_LOST, domain=claim.name)
