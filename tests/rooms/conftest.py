"""A scene, an agency, and an office with files, for each test."""

from pathlib import Path

import pytest

from tests.hub.agencies import Agency, open_agency
from tests.rooms.offices import Office, with_blobs
from tests.rooms.scenes import set_scene
from tests.stages import staged

scene = staged(set_scene)
agency = staged(open_agency)


@pytest.fixture
def office(agency: Agency, tmp_path: Path) -> Office:
    return with_blobs(agency, tmp_path / "blobs")
