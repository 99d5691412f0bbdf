"""Search: the companies that are found by the words of their names."""

from sqlalchemy import select

from people.announcements import Sought
from people.parties import Party
from people.signing.tokens import covers
from store.database import Transaction
from store.texts.folded_columns import EACH, holds
from store.texts.sorting import by_name


async def find_companies(tx: Transaction, sought: Sought) -> list[dict[str, str]]:
    """These are companies, for the team."""
    actor = sought.actor
    if not actor.of_the_team or not covers(actor, "companies:read"):
        return []
    rows = await tx.execute(
        select(Party.id, Party.name, Party.email)
        .where(Party.business_id == actor.business_id, Party.kind == "company", holds(Party.name_folded, sought.words))
        .order_by(Party.name_folded, Party.id)
        .limit(EACH)
    )
    return [
        {"title": name, "detail": email or "", "url": f"/companies/{id}"}
        for id, name, email in by_name(rows, actor.language)
    ]
