"""Companies and their rooms: a company's name stands in each room that is for it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update

from people.accounts import Account
from people.actors import Actor
from people.clients import ClientCompany
from people.companies import ChangeCompany, Company, change_details, known_company
from people.events import CompanyRemoved
from people.forms import CompanyForm
from people.parties import Party, page_by_name
from people.streams import business_stream
from rooms.access import Room, room_stream, visible
from rooms.events import RoomChanged
from rooms.rooms import room_form
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, _
from store.events import Gone
from store.finding import holds, holds_plainly
from store.folding import folded
from store.log import erase


class CompanyHasRooms(Conflict):
    code = "company_has_rooms"
    message = _("This company has rooms, and their history belongs to it. Archive it instead.")


async def change_company(tx: Transaction, actor: Actor, command: ChangeCompany) -> CompanyForm:
    """Change a company. A new name is told in each of its rooms.

    Raises:
        NotFound: there is no such company.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    form, changed = await change_details(tx, actor, command)
    if "name" in changed:
        for room in await tx.scalars(select(Room).where(Room.company_id == form.id).order_by(Room.id)):
            event = RoomChanged(room=await room_form(tx, room), changed=["company"])
            tx.record(room_stream(room.id, room.business_id), event, by=actor.id)
    return form


class RemoveCompany(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID


async def remove_company(tx: Transaction, actor: Actor, command: RemoveCompany) -> None:
    """Remove a company that no room is for, with its contacts and notes. Its clients stay, without it.

    Raises:
        NotFound: there is no such company.
        CompanyHasRooms: a room is for it, perhaps an archived one.
    """
    business_id = actor.here
    company = await known_company(tx, business_id, command.company_id)
    if await tx.scalar(select(Room.id).where(Room.company_id == company.id).limit(1)):
        raise CompanyHasRooms()
    await tx.execute(delete(ClientCompany).where(ClientCompany.company_id == company.id))
    await tx.execute(update(Account).where(Account.company_id == company.id).values(company_id=None))
    # A room that is opened for it meanwhile holds it.
    async with tx.refusing("fk_rooms_company_id", CompanyHasRooms()):
        await tx.execute(delete(Party).where(Party.id == company.id))
    stream = business_stream(business_id)
    await erase(tx, stream, "company", company.id)
    tx.record(stream, CompanyRemoved(company=Gone(id=company.id)), by=actor.id, audience="team")


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A company at a glance; its rooms are those that the asker sees."""

    id: UUID
    name: str
    email: str | None
    phone: str
    clients: int
    rooms: int


async def company_cards(
    tx: Transaction,
    actor: Actor,
    *,
    q: str = "",
    archived: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[CompanyCard]:
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
    found = {card.id: card for card in (CompanyCard(*row) for row in rows)}
    return [found[id] for id in ids]
