"""Commands about people and new rooms: each done, and refused, over HTTP and over the socket, to those who hold what it
needs and still may not. Whoever doesn't hold it is asked for in ``tests/rights``."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.contract.classes import COMMANDS
from hub.settings import Settings
from store.database import Database
from tests.hub.lines import Lines, lines_to
from tests.hubs import running_hub
from tests.people.cases import CASES, EVERYONES
from tests.people.installations import open_installed
from tests.people.offices import Office, with_password
from tests.rooms.cases import CASES as IN_ROOMS
from tests.sentences import unsaid
from tests.stages import staged

STATUS = {"not_found": 404, "forbidden": 403, "invalid": 422}


office = staged(open_installed)


@pytest.fixture
async def lines(settings: Settings, office: Office) -> AsyncIterator[Lines]:
    async with running_hub(settings) as url, lines_to(url) as lines:
        yield lines


@pytest.mark.timeout(900)
async def test_each_is_refused_and_done(database: Database, office: Office, lines: Lines) -> None:
    await with_password(database, office.agency.ana)
    for case in sorted(CASES, key=lambda case: case.name == "session.revoke"):  # after it, Ana asks no more
        fields = case.fields(office)
        for name, code in case.refused.items():
            asker = office.person(name)
            by_http = await lines.by_http(asker, case.name, fields)
            assert (by_http.status_code, by_http.json()["error"]["code"]) == (STATUS[code], code), (case.name, name)
            assert await lines.by_socket(asker, case.name, fields) == by_http.json(), (case.name, name)
        stranger = await lines.by_http(None, case.name, fields)
        assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "not_signed_in")
        done = await lines.by_http(office.person(case.by), case.name, _fresh(fields))
        assert done.status_code == 200, (case.name, done.text)
    assert not await unsaid(database)


def test_every_command_is_refused_somewhere() -> None:
    assert {case.name for case in CASES} | {case.name for case in IN_ROOMS} | EVERYONES == set(COMMANDS)


_numbers = iter(range(1000))


def _fresh(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with an e-mail that nobody has."""
    return fields | {"email": f"person{next(_numbers)}@new.example"} if "email" in fields else fields
