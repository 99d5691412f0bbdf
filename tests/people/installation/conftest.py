"""An office, with who runs the installation, and acts in it as somebody."""

import pytest

from store.database import Database
from tests.hub.agencies import Person
from tests.people.acting import acting_as
from tests.people.offices import Office, open_office
from tests.stages import staged

office = staged(open_office)


@pytest.fixture
async def as_ana(database: Database, office: Office) -> Person:
    """Rada, who runs the installation, acting as Ana."""
    return await acting_as(database, office.root, office.agency.ana)
