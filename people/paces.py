"""Paces: how often something may be done that costs others something, such as a letter, counted over all nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import one_spelling
from store.database import Transaction
from store.errors import TooMany
from store.networks import network_of, site_of
from store.rows import Row

SITE_TIMES = 4
"""So many times as much as one of its networks may do may a whole site of IPv6."""
KEPT = timedelta(days=1)


class Deed(Row):
    """Something that was done, counted against somebody, an address or an e-mail for a while."""

    __tablename__ = "paced_deeds"
    __table_args__ = (Index("ix_paced_deeds_of", "kind", "of", "at"), Index("ix_paced_deeds_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    of: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Deeds:
    """A kind of deeds, and the window in which they are counted."""

    kind: str
    window: timedelta = timedelta(hours=1)

    async def take(self, tx: Transaction, most: Mapping[str, int], refusal: type[TooMany] = TooMany) -> None:
        """Count one against each of some, such as an e-mail and a network. It takes seeing everything.

        Raises:
            TooMany: as many were done of one of them as may be; this one isn't counted.
        """
        if not await self.taken(tx, most):
            raise refusal(retry_after_seconds=self.window.total_seconds())

    async def taken(self, tx: Transaction, most: Mapping[str, int]) -> bool:
        """The same, and whether it was counted."""
        for of in sorted(most):  # many at once are no way around
            await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{self.kind} {of}", 0))))
        if await self.are_done(tx, most):
            return False
        for of in most:
            tx.add(Deed(id=tx.new_id(), kind=self.kind, of=of, at=tx.now))
        await tx.flush()
        return True

    async def are_done(self, tx: Transaction, most: Mapping[str, int]) -> bool:
        """Whether as many were done of one of them as may be."""
        counts = await tx.execute(
            select(Deed.of, func.count())
            .where(Deed.kind == self.kind, Deed.of.in_(most), Deed.at > tx.now - self.window)
            .group_by(Deed.of)
        )
        return any(count >= most[of] for of, count in counts)


def of_email(email: str, most: int) -> dict[str, int]:
    """What may be done about an e-mail, however it is spelt."""
    return {one_spelling(email).casefold(): most}


def of_network(address: str, most: int) -> dict[str, int]:
    """What may be done from an address: by what its subscriber has of the network, and by the site around that."""
    network = network_of(address)
    site = site_of(network)
    return {network: most} | ({} if site is None else {site: most * SITE_TIMES})


async def forget_old(tx: Transaction) -> None:
    """Forget what was done on another day."""
    await tx.execute(delete(Deed).where(Deed.at < tx.now - KEPT))
