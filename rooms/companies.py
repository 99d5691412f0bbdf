"""Companies and their rooms: a company's name stands in each room that is for it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from clients.announcements import CompanyGoes, CompanyRenamed
from clients.companies import Company
from clients.company_clients import ClientCompany
from people.actors import Actor
from people.parties import Party, page_by_name
from rooms.access import Room, room_stream, visible
from rooms.events import RoomChanged
from rooms.rooms import room_form
from store.database import Transaction
from store.errors import Conflict, Forbidden, _
from store.texts.folded_columns import holds, holds_plainly
from store.texts.folding import folded


class CompanyHasRooms(Conflict):
    code = "company_has_rooms"
    message = _("This company has rooms, and their history belongs to it. Archive it instead.")


async def tell_company_s_rooms(tx: Transaction, renamed: CompanyRenamed) -> None:
    """Tell each room that is for a company its new name."""
    for room in await tx.scalars(select(Room).where(Room.company_id == renamed.company_id).order_by(Room.id)):
        event = RoomChanged(room=await room_form(tx, room), changed=["company"])
        tx.record(room_stream(room.id, room.business_id), event, by=renamed.by)


async def must_have_no_rooms(tx: Transaction, going: CompanyGoes) -> None:
    """Keep a company that a room is for.

    Raises:
        CompanyHasRooms: one is, perhaps an archived one.
    """
    if await tx.scalar(select(Room.id).where(Room.company_id == going.company_id).limit(1)):
        raise CompanyHasRooms()


@dataclass(frozen=True, slots=True)
class CompanySummary:
    """A company at a glance; its rooms are those that the asker sees."""

    id: UUID
    name: str
    email: str | None
    phone: str
    clients: int
    rooms: int


async def company_summaries(
    tx: Transaction,
    actor: Actor,
    *,
    q: str = "",
    archived: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[CompanySummary]:
    """These are the business's companies by name, from after one of them on.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    clients = (
        select(func.count()).select_from(ClientCompany).where(ClientCompany.company_id == Party.id).scalar_subquery()
    )
    rooms = (
        select(func.count())
        .select_from(Room)
        .where(Room.company_id == Party.id, Room.archived_at.is_(None), visible(actor))
        .scalar_subquery()
    )
    query = (
        select(Party.id, Party.name)
        .outerjoin(Company, Company.id == Party.id)
        .where(
            Party.business_id == actor.business_id,
            Party.kind == "company",
            Company.archived_at.is_not(None) if archived else Company.archived_at.is_(None),
        )
    )
    if wanted := folded(q):
        by_signs = holds_plainly(Party.email, q) | holds_plainly(Company.tax_id, q)
        query = query.where(holds(Party.name_folded, wanted) | by_signs)
    ids = await page_by_name(tx, query, actor.language, after, min(limit, 200))
    rows = await tx.execute(
        select(Party.id, Party.name, Party.email, func.coalesce(Company.phone, ""), clients, rooms)
        .outerjoin(Company, Company.id == Party.id)
        .where(Party.id.in_(ids))
    )
    found = {summary.id: summary for summary in (CompanySummary(*row) for row in rows)}
    return [found[id] for id in ids]
