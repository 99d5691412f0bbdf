"""Approvers: whose leave somebody may approve, refuse and put down.

Admins, and staff who manage staff, decide for everyone; a department's head and deputies for the people of it and of
the departments below. On an admin's leave only admins decide. Nobody decides for themselves, but for whom the
permission ``own_leave`` says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from people.accounts import Account
from people.actors import Actor
from people.parties import Party
from staff.colleagues import colleagues
from staff.departments import leading
from store.database import Transaction


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose leave somebody decides on; ``people`` is None where it is everyone's."""

    actor: Actor
    people: frozenset[UUID] | None
    admins: frozenset[UUID] = frozenset()

    def __contains__(self, person_id: UUID) -> bool:
        if person_id == self.actor.id:
            return self.actor.may("own_leave")
        if person_id in self.admins and self.actor.kind != "admin":
            return False
        return self.people is None or person_id in self.people

    def __bool__(self) -> bool:
        return self.people is None or bool(self.people)

    def sees(self, person_id: UUID) -> bool:
        """Whether they see all about someone's leave."""
        return person_id == self.actor.id or person_id in self


async def reach_of(tx: Transaction, actor: Actor) -> Reach:
    """This is whose leave the asker decides on."""
    if actor.business_id is None or not actor.of_the_team:
        return Reach(actor, frozenset())
    admins = frozenset(each.id for each in await colleagues(tx, actor.business_id) if each.kind == "admin")
    if actor.may("staff"):
        return Reach(actor, None, admins)
    led = await leading(tx, actor.business_id)
    return Reach(actor, frozenset(led.get(actor.id, ())), admins)


async def deciders_of(tx: Transaction, business_id: UUID, person_id: UUID) -> set[UUID]:
    """These are those who decide on someone's leave."""
    return (await deciders_among(tx, business_id, [person_id]))[person_id]


async def deciders_among(tx: Transaction, business_id: UUID, people: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """These are those who decide on the leave of each."""
    people = set(people)
    if not people:
        return {}
    led = await leading(tx, business_id)
    rows = await tx.execute(
        select(Account.person_id, Account.kind, Account.permissions, Account.active)
        .join(Party, Party.id == Account.person_id)
        .where(Party.business_id == business_id, Account.kind.in_(("admin", "staff")))
    )
    team = list(rows)
    admins = {each.person_id for each in team if each.kind == "admin"}
    of_all = {each.person_id for each in team if each.active and (each.kind == "admin" or "staff" in each.permissions)}
    leaders = {leader for leader in led if any(each.person_id == leader and each.active for each in team)}
    return {
        id: (of_all & admins if id in admins else of_all | {leader for leader in leaders if id in led[leader]}) - {id}
        for id in people
    }
