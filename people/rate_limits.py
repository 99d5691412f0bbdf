"""Rate limits: how often something may be done that costs others something, such as a letter, over all nodes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, Text, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import one_spelling
from store.addresses.networks import is_network, network_of, site_of
from store.database import Transaction
from store.errors import TooMany
from store.rows import Row

SITE_TIMES = 4
"""So many times as much as one of its networks may do may a whole site of IPv6."""
KEPT = timedelta(days=1)
CLIENTS_SHARE = 4
"""A client may a quarter of what one of the team may at once."""


class Hit(Row):
    """Something that was done, counted against somebody, a network or an e-mail for a while."""

    __tablename__ = "rate_limit_hits"
    __table_args__ = (Index("ix_rate_limit_hits_of", "kind", "of", "at"), Index("ix_rate_limit_hits_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    of: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What is limited, and the window in which it is counted. All of it takes seeing everything."""

    kind: str
    window: timedelta = timedelta(hours=1)

    async def hit(
        self,
        tx: Transaction,
        most: Mapping[str, int],
        refusal: type[TooMany] = TooMany,
        of_network: type[TooMany] | None = None,
    ) -> list[UUID]:
        """Count one against each of some, such as an e-mail and a network; these are the hits.

        Raises:
            TooMany: as many were counted against one of them as may be; this one isn't. It says when the next may be;
                ``of_network`` is raised where only their network did as much, perhaps others in it.
        """
        passed = await self._passed(tx, most)
        if passed:
            only_network = of_network is not None and all(is_network(of) for of in passed)
            raised = of_network if of_network is not None and only_network else refusal
            free_at = max(passed.values()) + self.window
            raise raised(retry_after_seconds=(free_at - tx.now).total_seconds())
        return await self._count(tx, most)

    async def allows(self, tx: Transaction, most: Mapping[str, int]) -> bool:
        """The same, where it is no refusal; whether it was counted."""
        return not await self._passed(tx, most) and bool(await self._count(tx, most))

    async def _passed(self, tx: Transaction, most: Mapping[str, int]) -> dict[str, datetime]:
        """Those against whom as many were counted as may be, and the hit that has to leave the window first."""
        for of in sorted(most):  # many at once are no way around
            await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{self.kind} {of}", 0))))
        nr = func.row_number().over(partition_by=Hit.of, order_by=Hit.at.desc())
        counted = (
            select(Hit.of, Hit.at, nr.label("nr"))
            .where(Hit.kind == self.kind, Hit.of.in_(most), Hit.at > tx.now - self.window)
            .subquery()
        )
        last = or_(*(and_(counted.c.of == of, counted.c.nr == times) for of, times in most.items()))
        rows = await tx.execute(select(counted.c.of, counted.c.at).where(last))
        return {row.of: row.at for row in rows}

    async def _count(self, tx: Transaction, most: Mapping[str, int]) -> list[UUID]:
        hits = [Hit(id=tx.new_id(), kind=self.kind, of=of, at=tx.now) for of in most]
        for hit in hits:
            tx.add(hit)
        await tx.flush()
        return [hit.id for hit in hits]


def of_email(email: str, most: int) -> dict[str, int]:
    """What may be done about an e-mail, however it is spelt."""
    return {one_spelling(email).casefold(): most}


def of_network(address: str, most: int) -> dict[str, int]:
    """What may be done from an address: by what its subscriber has of the network, and by the site around that."""
    network = network_of(address)
    site = site_of(network)
    return {network: most} | ({} if site is None else {site: most * SITE_TIMES})


async def forget_hits(tx: Transaction, ids: Iterable[UUID]) -> None:
    """Forget hits that turned out not to count."""
    await tx.execute(delete(Hit).where(Hit.id.in_(ids)))


async def forget_hits_of(tx: Transaction, *of: str) -> None:
    """Forget what was counted against somebody or an e-mail."""
    await tx.execute(delete(Hit).where(Hit.of.in_(of)))


async def forget_old(tx: Transaction) -> None:
    """Forget what was done on another day."""
    await tx.execute(delete(Hit).where(Hit.at < tx.now - KEPT))
