"""An agency in Romania, for each test."""

from sqlalchemy import update

from people.businesses import Business
from store.database import Database
from tests.clocks import set_clock
from tests.hub.agencies import Agency, open_agency
from tests.staff.leave.leaves import TODAY
from tests.stages import staged


@staged
async def agency(database: Database) -> Agency:
    set_clock(database, TODAY)
    agency = await open_agency(database)
    async with database.transaction() as tx:
        await tx.execute(update(Business).values(country="RO"))
    return agency
