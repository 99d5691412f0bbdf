"""First steps: how far a new business has come, read from what is there."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.checklists import Step
from people.mail.mail_settings import mail_works
from people.parties import Party
from people.profiles import own_business
from processes.processes import BUILT_IN, PROJECTS, Process, Stage
from rooms.access import Room
from store.database import Transaction

ORDER = (
    "basics", "logo", "people", "rights", "clients", "processes", "pipeline", "fields", "task_types", "rooms", "mail",
)  # fmt: skip
NOT_YET = ("fields", "task_types")
"""What Atrium will have, and hasn't now."""


async def first_steps(tx: Transaction, actor: Actor) -> list[Step]:
    """These are the first steps of the asker's business, in their order.

    Raises:
        Forbidden: the asker isn't an admin.
    """
    business = await own_business(tx, actor)
    facts: dict[str, Any] = {
        "basics": _has_basics(business),
        "logo": business.logo is not None,
        "mail": await mail_works(tx),
        **(await tx.execute(_facts(business.id))).mappings().one(),
    }
    return [Step(key, bool(facts.get(key)), available=key not in NOT_YET) for key in ORDER]


def _has_basics(business: Business) -> bool:
    return bool(business.address and business.tax_id and (business.email or business.phone))


def _facts(business_id: UUID) -> Select[bool, bool, bool, bool, bool, bool]:
    team = (
        select(func.count())
        .select_from(Account)
        .where(
            Account.business_id == business_id, Account.kind.in_(("admin", "staff")), Account.deactivated_at.is_(None)
        )
        .scalar_subquery()
    )
    of_staff = (Account.business_id == business_id, Account.kind == "staff")
    has_rooms = exists().where(Room.business_id == business_id)
    renamed = exists().where(Process.business_id == business_id, Process.name != PROJECTS)
    return select(
        (team > 1).label("people"),
        exists().where(*of_staff, func.cardinality(Account.permissions) > 0).label("rights"),
        exists().where(Party.business_id == business_id, Party.kind.in_(("client", "company"))).label("clients"),
        or_(has_rooms, renamed).label("processes"),
        _fits(business_id).label("pipeline"),
        has_rooms.label("rooms"),
    )


def _fits(business_id: UUID) -> ColumnElement[bool]:
    """Whether the stages were made the business's own, or a room has gone on from the first as they are."""
    known = [name for _key, name, _final in BUILT_IN["room"]]
    own = exists().where(
        Stage.business_id == business_id, Stage.of == "room", or_(Stage.key.is_(None), Stage.name.not_in(known))
    )
    moved_on = exists().where(Room.business_id == business_id, Stage.id == Room.stage_id, Stage.position > 0)
    return or_(own, moved_on)
