"""What someone is offered in a room is what their own rights are, though it is found once for all who have the same."""

from dataclasses import replace
from uuid import uuid4

import pytest

from people.hands import may_be_done
from rooms.lenses import may_ask
from rooms.rights import rights_in
from store.commands import Command
from tests.rights.worlds import ASKERS


@pytest.mark.parametrize("acted_for", [False, True])
@pytest.mark.parametrize("asker", ASKERS)
def test_nothing_else_of_someone_tells_what_they_may(asker: str, *, acted_for: bool) -> None:
    actor = replace(ASKERS[asker], impersonator_id=uuid4() if acted_for else None)
    offered = rights_in(actor, archived=False)
    assert offered == sorted(
        name
        for name, command in Command.registry.items()
        if (command.lenses is not None or command.offered_in_rooms)
        and name != "room.restore"
        and may_ask(actor, command)
        and may_be_done(actor, command)
    )
    assert offered == rights_in(replace(actor, id=uuid4(), name="Another"), archived=False)
