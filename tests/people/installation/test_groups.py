"""Groups: what a parent's admin sees of the businesses below theirs."""

from datetime import datetime, timedelta

import pytest

from people.installation.groups import group
from store.database import Database
from store.errors import NotFound
from tests.hub.agencies import open_room
from tests.people.offices import Office


async def test_the_businesses_of_a_group_stand_side_by_side(database: Database, office: Office) -> None:
    agency = office.agency
    child, parent = agency.admin.actor.business_id, agency.outsider.actor.business_id
    moving = {"business_id": str(child), "parent_id": str(parent)}
    await agency.commands.run(office.root.actor, "business.move", moving)
    await open_room(agency, "Shop", [str(agency.ana.id)])
    entry = (await agency.run(agency.ana, "timer.start", room_id=agency.room_id)).result
    async with database.reading(agency.outsider.actor.within) as tx:
        tx.now = datetime.fromisoformat(entry["started_at"]) + timedelta(minutes=1)
        own, below = await group(tx, agency.outsider.actor)
    assert [(line.id, line.depth, line.pieces["rooms"]) for line in (own, below)] == [(parent, 0, 0), (child, 1, 2)]
    assert [(each.name, each.room) for each in below.pieces["working"]] == [("Ana", "Website")]
    assert (own.pieces["working"], own.pieces["week_seconds"], below.pieces["week_seconds"]) == ([], 0, 60)
    assert below.people > own.people == 1
    async with database.reading(agency.admin.actor.within) as tx:
        with pytest.raises(NotFound):
            await group(tx, agency.admin.actor)
