"""The checker itself: whatever may go wrong in a run, it says so."""

from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text

from hub.settings import Settings
from store.database import Database
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.hub.agencies import Agency, open_agency
from tests.hub.nodes import running_node


@dataclass
class Run:
    """A run in which nothing went wrong: Ana wrote to the client and to the team, the process got other names."""

    database: Database
    agency: Agency
    ana: Follower
    clara: Follower

    async def check(self) -> None:
        await check(self.database, self.agency.room_id, [], [self.ana, self.clara])


@pytest.fixture
async def run(settings: Settings, database: Database) -> AsyncIterator[Run]:
    agency = await open_agency(database)
    async with (
        running_node(settings) as node,
        Follower([node.url], agency.ana, agency.room_id) as ana,
        Follower([node.url], agency.client, agency.room_id) as clara,
    ):
        for body in ("one", "two", "three"):
            await ana.post(body)
        ana.asked.append("among us")
        await agency.post(agency.ana, "among us", audience="team")
        for name in ("Campaigns", "Orders"):
            await agency.run(agency.admin, "process.change", process_id=ana.state["process"]["id"], name=name)
        await ana.post("four")
        run = Run(database, agency, ana, clara)
        await run.check()
        yield run


def lose_what_was_acknowledged(run: Run) -> None:
    run.ana.acknowledged.append("five")


def do_what_nobody_asked_for(run: Run) -> None:
    run.ana.asked.remove("two")
    run.ana.acknowledged.remove("two")


def leave_one_out(run: Run) -> None:
    del run.clara.told[2]


def leave_one_of_the_process_out(run: Run) -> None:
    del run.clara.told_beside[1]


def tell_one_twice(run: Run) -> None:
    run.clara.told.insert(2, run.clara.told[2])


def tell_in_another_order(run: Run) -> None:
    run.clara.told[2], run.clara.told[3] = run.clara.told[3], run.clara.told[2]


def tell_the_client_what_is_the_team_s(run: Run) -> None:
    run.clara.told.insert(-1, run.ana.told[-2])


def tell_other_words(run: Run) -> None:
    told = run.clara.told[-1]
    body = deepcopy(told.body)
    body["message"]["body"] = "fourty"
    run.clara.told[-1] = replace(told, body=body)


def show_other_words(run: Run) -> None:
    run.clara.state["messages"][0]["body"] = "another"


def show_too_little(run: Run) -> None:
    del run.ana.state["messages"][-1]


@pytest.mark.parametrize(
    "go_wrong",
    [
        lose_what_was_acknowledged,
        do_what_nobody_asked_for,
        leave_one_out,
        leave_one_of_the_process_out,
        tell_one_twice,
        tell_in_another_order,
        tell_the_client_what_is_the_team_s,
        tell_other_words,
        show_other_words,
        show_too_little,
    ],
)
async def test_what_goes_wrong_is_seen(run: Run, go_wrong: Callable[[Run], None]) -> None:
    go_wrong(run)
    with pytest.raises(AssertionError):
        await run.check()


async def test_what_is_done_twice_is_seen(run: Run) -> None:
    await run.agency.post(run.agency.ana, "one")
    with pytest.raises(AssertionError, match="twice"):
        await run.check()


async def test_a_hole_in_the_log_is_seen(run: Run) -> None:
    async with run.database.transaction() as tx:
        await tx.execute(text("delete from events where stream like 'room:%' and \"offset\" = 2"))
    with pytest.raises(AssertionError, match="hole"):
        await run.check()


async def test_what_is_heard_after_a_removal_is_seen(run: Run) -> None:
    agency = run.agency
    await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.client.id)
    await run.clara.until(lambda: run.clara.closed_by == "room.closed")
    await run.ana.post("among us two")
    await run.ana.until(lambda: run.ana.bodies()[-1] == "among us two")
    run.clara.told.append(run.ana.told[-1])
    with pytest.raises(AssertionError, match="after their removal"):
        await run.check()
