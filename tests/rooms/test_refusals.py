"""What each command's verb refuses, over HTTP and over the socket, beside the success that differs only in who asks.
Whoever lacks what the command needs is asked for in ``tests/rights``."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hub.contract.classes import COMMANDS
from hub.settings import Settings
from rooms.lenses import may_ask
from store.streams import EventRow
from tests.hub.lines import Lines, lines_to
from tests.hubs import running_hub
from tests.rooms.cases import CASES, Case, person
from tests.rooms.scenes import Scene

REFUSED = [case for case in CASES if case.refused]
STATUS = {"not_found": 404, "forbidden": 403, "invalid": 422, "no_timer": 409, "not_signed_in": 401}


@pytest.fixture
async def lines(settings: Settings) -> AsyncIterator[Lines]:
    """Lines to a hub on the scene's database."""
    async with running_hub(settings) as url, lines_to(url) as lines:
        yield lines


@pytest.mark.parametrize("case", REFUSED, ids=str)
async def test_refused_and_done(scene: Scene, lines: Lines, case: Case) -> None:
    await case.before(scene)
    fields = case.fields(scene)
    elsewhere = {name: str(uuid4()) if name.endswith("_id") else value for name, value in fields.items()}
    recorded = await events(scene)

    for name, code in case.refused.items():
        asker = person(scene, name)
        assert may_ask(asker.actor, COMMANDS[case.name].command), f"tests/rights asks for {name}"
        by_http = await lines.by_http(asker, case.name, fields)
        assert by_http.status_code == STATUS[code], (name, by_http.text)
        assert by_http.json()["error"]["code"] == code, name
        by_socket = await lines.by_socket(asker, case.name, fields)
        assert by_socket == by_http.json(), name
        if code == "not_found" and elsewhere:
            nobodys = await lines.by_http(asker, case.name, elsewhere)
            assert by_http.json() == nobodys.json(), f"{name} learns that it is there"
    stranger = await lines.by_http(None, case.name, fields)
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "not_signed_in")
    assert await events(scene) == recorded, "a refusal recorded something"

    done = await lines.by_http(person(scene, case.by), case.name, fields)
    assert done.status_code == 200, done.text
    assert await events(scene) > recorded


def test_every_command_has_a_refusal() -> None:
    own = {"account.change", "label.add"}  # everyone's own, and one that names nothing
    assert {case.name for case in REFUSED} == {case.name for case in CASES} - own


async def events(scene: Scene) -> int:
    async with scene.database.reading() as tx:
        counted: int = await tx.scalar(select(func.count()).select_from(EventRow))
        return counted
