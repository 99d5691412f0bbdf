"""The hierarchy: a business may stand below another, whose admins then work in it as in their own.

Whoever changes the tree holds one lock, so that two moves at a time can't close a circle; whoever goes into a business
of theirs holds it with others, so that nobody comes into one that is just being moved away.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.businesses import Business, BusinessVisit, name_plate
from people.installation.events import BusinessEntered, PlaceChanged
from people.installation.forms import PlaceForm
from people.installation.sentences import JOURNAL
from people.installations import installation_stream, must_run_it
from people.journal import note
from people.signing.sessions import Session
from people.streams import business_stream, own_stream
from store.commands import Command
from store.database import Transaction
from store.driver import Driver
from store.errors import Conflict, Forbidden, Invalid, NotFound, _
from store.texts.sorting import by_name

TREE = 0x74726565  # "tree": held alone by who moves a business
DEEP_AT_MOST = 8


class MoveBusiness(Command, touches="installation", needs="superadmin", area="installation"):
    business_id: UUID
    parent_id: UUID | None
    """The business that it is to stand below; null for none."""


class Circle(Conflict):
    code = "circle"
    message = _("A business can't be placed below itself or below one of its own.")


class TooDeep(Conflict):
    code = "too_deep"
    message = _("Businesses can be nested at most eight levels deep.")


async def move_business(tx: Transaction, actor: Actor, command: MoveBusiness) -> PlaceForm:
    """Set below which business another stands. Admins of its former parents lose it within seconds.

    Raises:
        NotFound: there is no such business.
        Invalid: there is no such parent.
        Circle: it would stand below itself.
        TooDeep: more than eight would stand below each other.
    """
    await tx.execute(select(func.pg_advisory_xact_lock(TREE)))
    business = await tx.get(Business, command.business_id, lock=True)
    if business is None:
        raise NotFound()
    before, after = business.parent_id, command.parent_id
    if before == after:
        return PlaceForm.model_validate(business)
    if after is not None and await tx.get(Business, after) is None:
        raise Invalid(fields={"parent_id": _("There is no such business.")})
    above = [] if after is None else [after, *await ancestors(tx, after)]
    if business.id in above:
        raise Circle(fields={"parent_id": Circle.message})
    below = await descendants(tx, business.id)
    if len(above) + 1 + max((each.depth for each in below), default=0) > DEEP_AT_MOST:
        raise TooDeep(fields={"parent_id": TooDeep.message})
    business.parent_id = after
    await tx.flush()
    await _send_home(tx, [business.id, *(each.id for each in below)], above)
    form = PlaceForm.model_validate(business)
    tx.record(installation_stream(), PlaceChanged(place=form), by=actor.id)
    for id in {business.id, before, after} - {None}:
        assert id is not None
        tx.record(business_stream(id), PlaceChanged(place=form), by=actor.id, audience="managers")
    return form


async def _send_home(tx: Transaction, moved: list[UUID], above: list[UUID]) -> None:
    """Whoever works in what was moved, and has no right to it any more, works in their own business again."""
    gone = await tx.execute(
        update(Session)
        .where(
            Session.acting_business_id.in_(moved),
            Session.business_id.not_in([*moved, *above]),
            Session.ended_at.is_(None),
        )
        .values(acting_business_id=None)
        .returning(Session.person_id, Session.business_id)
    )
    for person_id, home in {(row.person_id, row.business_id) for row in gone}:
        tx.record(own_stream(person_id, home), BusinessEntered(business_id=home), by=None)


class EnterBusiness(Command, touches="session", needs="admin"):
    business_id: UUID


async def enter_business(tx: Transaction, actor: Actor, command: EnterBusiness) -> None:
    """Go on to work in another of your businesses: your own, or one that stands below it.

    Raises:
        Forbidden: the asker isn't signed in in a browser.
        NotFound: it isn't there, or isn't below the asker's own.
    """
    home = actor.home_business_id or actor.business_id
    if actor.session_id is None or home is None:
        raise Forbidden()
    await tx.execute(select(func.pg_advisory_xact_lock_shared(TREE)))
    target = command.business_id
    if target != home and target not in {each.id for each in await descendants(tx, home)}:
        raise NotFound()
    await tx.look((home, target, *([actor.business_id] if actor.business_id else [])))
    await tx.execute(
        update(Session)
        .where(Session.id == actor.session_id)
        .values(acting_business_id=None if target == home else target)
    )
    if target != home:
        visit = insert(BusinessVisit).values(business_id=target, person_id=actor.id, first_at=tx.now)
        await tx.execute(visit.on_conflict_do_nothing())
    tx.record(own_stream(actor.id, home), BusinessEntered(business_id=target), by=actor.id)
    if target != actor.business_id:
        _journal(tx, actor, home, target)


def _journal(tx: Transaction, actor: Actor, home: UUID, target: UUID) -> None:
    """Tell the journals of the businesses below: their admins see who of above works in them, and since when."""
    for what, business_id in ((JOURNAL["business_left"], actor.business_id), (JOURNAL["business_entered"], target)):
        if business_id != home:
            whence = {"address": actor.address, "agent": actor.agent}
            note(tx, what, person_id=actor.id, business_id=business_id, **whence)


@dataclass(frozen=True, slots=True)
class PlacedBusiness:
    """A business in the tree; ``depth`` says how far below the one that was asked about."""

    id: UUID
    name: str
    parent_id: UUID | None
    depth: int


_BELOW = text("select id, name, parent_id, depth from descendants_of(:root)")
_BELOW_ONE = "select id, name, parent_id, depth from descendants_of($1)"


async def descendants(tx: Transaction, business_id: UUID) -> list[PlacedBusiness]:
    """These are the businesses below one, whosever rows the transaction sees."""
    return [PlacedBusiness(*row) for row in await tx.execute(_BELOW, {"root": business_id})]


async def ancestors(tx: Transaction, business_id: UUID) -> list[UUID]:
    """These are the businesses above one, the nearest first. It takes seeing them."""
    above = select(Business.parent_id.label("id"), literal(1).label("depth")).where(Business.id == business_id)
    up = above.cte("up", recursive=True)
    up = up.union_all(
        select(Business.parent_id, up.c.depth + 1).join(up, Business.id == up.c.id).where(up.c.depth < DEEP_AT_MOST * 4)
    )
    rows = await tx.execute(select(up.c.id).where(up.c.id.is_not(None)).order_by(up.c.depth))
    return [row.id for row in rows]


async def reach(tx: Transaction, actor: Actor) -> list[PlacedBusiness]:
    """These are the businesses in which an admin can work: their own, and in the order of the tree those below it.

    It is empty for everyone else, and where nothing is below.
    """
    home = _home(actor)
    below = [] if home is None else await descendants(tx, home)
    if home is None or not below:
        return []
    own = await tx.get(Business, home)
    return _with_own(home, own.name if own else "", below, actor)


async def reach_at_once(driver: Driver, actor: Actor) -> list[PlacedBusiness]:
    """This is the same, by itself: for every page that they open."""
    home = _home(actor)
    rows = [] if home is None else await driver.rows(_BELOW_ONE, home, within=actor.within)
    if home is None or not rows:
        return []
    own = await name_plate(driver, home)
    return _with_own(home, own.name if own else "", [PlacedBusiness(*row) for row in rows], actor)


def _home(actor: Actor) -> UUID | None:
    """The business from which an admin reaches those below; nobody else reaches any."""
    return (actor.home_business_id or actor.business_id) if actor.kind == "admin" else None


def _with_own(home: UUID, name: str, below: list[PlacedBusiness], actor: Actor) -> list[PlacedBusiness]:
    return [PlacedBusiness(home, name, None, 0), *in_order(below, home, actor.language)]


def in_order(places: list[PlacedBusiness], root: UUID | None, language: str) -> list[PlacedBusiness]:
    """These are places as a tree is read: each before those below it, those beside each other by name."""
    children: dict[UUID | None, list[PlacedBusiness]] = {}
    for place in by_name(sorted(places, key=lambda place: place.id), language):
        children.setdefault(place.parent_id, []).append(place)
    found: list[PlacedBusiness] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for place in children.get(parent, []):
            found.append(PlacedBusiness(place.id, place.name, place.parent_id, depth))
            walk(place.id, depth + 1)

    walk(root, 1 if root else 0)
    return found


async def tree(tx: Transaction, actor: Actor) -> list[PlacedBusiness]:
    """This is the tree of all businesses, for who runs the installation.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    rows = await tx.execute(select(Business.id, Business.name, Business.parent_id).limit(5000))
    return in_order([PlacedBusiness(row.id, row.name, row.parent_id, 0) for row in rows], None, actor.language)
