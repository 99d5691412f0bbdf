"""Two businesses that may claim a domain, who runs the installation, and a name server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from people.persons.superadmins import add_superadmin
from people.signing.sessions import open_session
from store.database import Database
from store.files.blobs import Blobs
from tests.hub.agencies import Agency, Person, open_agency
from tests.names import NameServer, asked_name_server
from tests.people.offices import PASSWORD, with_password
from tests.stages import staged


@staged
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    for admin in (agency.admin, agency.outsider):
        await with_password(database, admin)
    return agency


@pytest.fixture
async def root(database: Database, agency: Agency) -> Person:
    async with database.transaction() as tx:
        root_id = await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
        return Person(*await open_session(tx, root_id, address="192.0.2.1", agent="test"))


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    async with asked_name_server() as server:
        yield server


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.at(tmp_path / "blobs")
