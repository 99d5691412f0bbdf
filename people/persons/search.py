"""Search: the people who are found by the words of their names."""

from sqlalchemy import select

from people.accounts import Account
from people.announcements import Sought
from people.managers import manages
from people.parties import Party
from people.signing.tokens import covers
from store.database import Transaction
from store.texts.folded_columns import EACH, holds
from store.texts.sorting import by_name


async def find_people(tx: Transaction, sought: Sought) -> list[dict[str, str]]:
    """These are the people whose pages the asker opens."""
    actor = sought.actor
    kinds = [kind for kind in ("staff", "client") if actor.of_the_team and manages(actor, kind)]
    if not kinds or not covers(actor, "people:read"):
        return []
    gone = Account.deactivated_at.is_not(None).label("gone")
    seen = {"admin", "staff", *kinds}  # whoever looks after some of the people sees the team
    rows = await tx.execute(
        select(Party.id, Party.name, Party.email, gone)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Party.kind.in_(seen), Account.erased_at.is_(None))
        .where(holds(Party.name_folded, sought.words))
        .order_by(gone, Party.name_folded, Party.id)
        .limit(EACH)
    )
    return [
        {"title": name, "detail": email or "", "url": f"/people/{id}"}
        for id, name, email, _gone in sorted(by_name(rows, actor.language), key=lambda row: row.gone)
    ]
