"""Acting as somebody, as the tests do it."""

from people.installation.impersonations import Impersonate, begin_impersonation
from store.database import Database
from tests.hub.agencies import Person
from tests.reads import actor_of

REASON = "She can't find her hours of May."


async def acting_as(database: Database, root: Person, whom: Person) -> Person:
    """This is who runs the installation, acting as somebody in a session of their own."""
    async with database.asked_by(root.actor) as tx:
        token = await begin_impersonation(tx, root.actor, Impersonate(person_id=whom.id, reason=REASON))
    async with database.reading() as tx:
        actor = await actor_of(tx, token)
    assert actor
    return Person(actor, token)
