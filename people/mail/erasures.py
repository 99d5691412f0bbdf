"""Erasures: what letters hold of somebody who is erased."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, delete, or_, select

from people.businesses import BusinessVisit
from people.mail.kinds import NAMES
from people.mail.letters import Letter
from store.database import Transaction


async def erase_letters(
    tx: Transaction, business_id: UUID, person_id: UUID, *, name: str, addresses: Collection[str], pseudonym: str
) -> None:
    """Forget the letters to somebody, and have those to others that aren't sent yet speak of their pseudonym.

    What was sent says nothing any more.
    """
    nobodys = and_(Letter.person_id.is_(None), Letter.email.in_(addresses))
    await tx.execute(delete(Letter).where(or_(Letter.person_id == person_id, nobodys)))
    visited = select(BusinessVisit.business_id).where(BusinessVisit.person_id == person_id)
    unsent = await tx.scalars(
        select(Letter)
        .where(or_(Letter.business_id == business_id, Letter.business_id.in_(visited)))
        .where(Letter.state.in_(("queued", "failed")))
        .order_by(Letter.id)
        .with_for_update()
    )
    for letter in unsent:
        for field in NAMES:
            if _is_theirs(letter, field, person_id, name):
                own_words = {"note": ""} if field == "who" and "note" in letter.params else {}
                letter.params = letter.params | {field: pseudonym} | own_words


def _is_theirs(letter: Letter, field: str, person_id: UUID, name: str) -> bool:
    """Whether it is somebody whom a letter names so. A letter of a version before knows the name alone."""
    if field not in letter.params:
        return False
    id = letter.params.get(f"{field}_id")
    return bool(letter.params[field] == name if id is None else id == str(person_id))
