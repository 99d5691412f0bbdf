"""Persons in rooms: whatever changes a name or a kind is told wherever that name stands."""

from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from sqlalchemy import and_, select, true

from people.actors import Actor
from people.changes import ChangePerson, DemotePerson, PromotePerson, change_managed, demote, promote
from people.directory import Profile
from people.events import PersonChanged, PersonDemoted, PersonPromoted
from people.forms import PersonForm
from people.installation.admins import ChangeAdmin, change_admin_account
from people.installation.forms import AdminForm
from people.managers import tell
from people.parties import Party
from rooms.access import Member, Room, chooses_everywhere, room_stream, visible
from store.database import Transaction
from store.scopes import EVERYWHERE
from store.sorting import by_name


async def tell_rooms(tx: Transaction, person: PersonForm, changed: list[str], *, by: UUID) -> None:
    """Tell every room in which someone's name stands that it changed: also in businesses below, where they worked."""
    await _look_into(tx, person.id)
    places = await tx.execute(
        select(Member.room_id, Member.business_id).where(Member.person_id == person.id).order_by(Member.room_id)
    )
    for room_id, business_id in places:
        tx.record(room_stream(room_id, business_id), PersonChanged(person=person, changed=changed), by=by)


async def _look_into(tx: Transaction, person_id: UUID) -> None:
    if isinstance(tx.within, str):
        return
    seen = {tx.within} if isinstance(tx.within, UUID) else {*tx.within}
    await tx.look(EVERYWHERE)
    theirs = set(await tx.scalars(select(Member.business_id).where(Member.person_id == person_id).distinct()))
    await tx.look(seen | theirs)


async def change_person(tx: Transaction, actor: Actor, command: ChangePerson) -> PersonForm:
    """Change someone's name, phone, address, language, time zone, role, permissions or companies. Who looks after
    people of their kind does; the e-mail and the password are the person's own to change.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind, or gives or takes a permission that they don't
            hold.
        Invalid: the role or a company isn't one of the business's, or doesn't go with people of that kind.
        HasLeft: they have left.
    """
    whom, changed = await change_managed(tx, actor, command)
    if changed:
        tell(tx, actor, whom, PersonChanged(person=whom.form, changed=changed), "person_changed", changed=changed)
    if "name" in changed:
        await tell_rooms(tx, whom.form, ["name"], by=actor.id)
    return whom.form


async def change_admin(tx: Transaction, actor: Actor, command: ChangeAdmin) -> AdminForm:
    """Change an admin's name or e-mail, which only who runs the installation may for somebody else.

    Raises:
        NotFound: there is no such admin.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    whom, form, changed = await change_admin_account(tx, actor, command)
    if "name" in changed:
        await tell_rooms(tx, whom.form, ["name"], by=actor.id)
    return form


async def promote_person(tx: Transaction, actor: Actor, command: PromotePerson) -> PersonForm:
    """Make a member of the staff an admin, who may do everything. An admin does.

    Raises:
        NotFound: there is no such person in the asker's business.
        NotOfTheStaff: they are a client.
        HasLeft: they have left.
    """
    whom, changed = await promote(tx, actor, command)
    if changed:
        tell(tx, actor, whom, PersonPromoted(person=whom.form), "person_promoted")
        await tell_rooms(tx, whom.form, ["kind"], by=actor.id)
    return whom.form


async def demote_person(tx: Transaction, actor: Actor, command: DemotePerson) -> PersonForm:
    """Make an admin a member of the staff, with a role. Another admin does.

    Raises:
        NotFound: there is no such person in the asker's business.
        NotAnAdmin: they are a client.
        LastAdmin: there is no other admin who can sign in.
        IsYourself: nobody does it to themselves.
        Invalid: the role isn't one of the business's.
    """
    whom, changed = await demote(tx, actor, command)
    if changed:
        tell(tx, actor, whom, PersonDemoted(person=whom.form), "person_demoted")
        await tell_rooms(tx, whom.form, ["kind"], by=actor.id)
    return whom.form


@dataclass(frozen=True, slots=True)
class Place:
    """A room, as somebody finds it on another's page."""

    id: UUID
    title: str
    company_name: str | None
    seen: bool
    """Whether who asks sees the room too, not only its name."""


@dataclass(frozen=True, slots=True)
class Places:
    """The open rooms that someone is in, and those that who asks could put them into; each by title."""

    inside: list[Place]
    outside: list[Place]
    choosing: bool
    """Whether who asks may put them into rooms and take them out."""


async def places(tx: Transaction, actor: Actor, person: Profile) -> Places:
    """These are the rooms of someone of the asker's business: those that the asker sees, too; and if the asker may
    choose the people of rooms, all.
    """
    choosing = person.state not in ("former", "erased", "linked") and chooses_everywhere(actor, person)
    entered = (
        select(Member.room_id)
        .where(Member.room_id == Room.id, Member.person_id == person.id, Member.left_at.is_(None))
        .exists()
    )
    rows = await tx.execute(
        select(Room.id, Room.title, Party.name, visible(actor), entered)
        .outerjoin(Party, Party.id == Room.company_id)
        .where(
            Room.business_id == actor.business_id,
            Room.archived_at.is_(None),
            true() if choosing else and_(visible(actor), entered),
        )
    )
    inside: list[Place] = []
    outside: list[Place] = []
    for *place, is_in in by_name(rows, actor.language, attrgetter("title")):
        (inside if is_in else outside).append(Place(*place))
    return Places(inside, outside, choosing)
