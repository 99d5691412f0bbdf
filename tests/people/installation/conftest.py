"""An office, with who runs the installation."""

import pytest

from store.database import Database
from tests.people.offices import Office, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)
