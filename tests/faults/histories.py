"""Histories: what was asked, answered and told in a run, and the one checker that every run is held to.

* Each acknowledged command happened exactly once, any other at most once, and nothing that nobody asked for.
* Offsets have no holes within an epoch.
* Each follower was told its lens of the log, and of that of the room's process: in order, nothing twice, nothing left
  out, nothing beyond it.
* What each follower sees is what a fresh snapshot shows them.
* Nothing reached anyone who had no right to it: not outside their audience, not after their removal.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from rooms.lenses import audiences_of
from store.database import Database
from store.streams import StoredEvent
from tests.faults.followers import SNAPSHOT, Follower, Told
from tests.reads import actor_of, read_log, room_snapshot


class Asker(Protocol):
    """Who posted messages, and which were said yes to. Texts are posted once."""

    asked: list[str]
    acknowledged: list[str]


async def check(
    database: Database, room_id: str, askers: Iterable[Asker], followers: Sequence[Follower] = (), *, since: int = 0
) -> None:
    """Hold a room's run to all of it, once what it has to tell was told. ``since`` is where in the log it began.

    Raises:
        AssertionError: something doesn't hold.
        TimeoutError: a follower isn't told all.
    """
    log = await _log(database, f"room:{room_id}")
    beside = await _log(database, f"process:{log[0].body['process']['id']}")
    _each_command_once([event for event in log if (event.offset or 0) > since], [*askers, *followers])
    assert [event.offset for event in log] == list(range(1, len(log) + 1)), "the log has a hole"
    for follower in followers:
        _heard_only_while_a_member(follower, log)
        await _was_told_all(follower, follower.told, log)
        await _was_told_all(follower, follower.told_beside, beside)
        if not follower.closed_by:
            await _sees_what_is(follower, database)


async def _log(database: Database, stream: str) -> list[StoredEvent]:
    async with database.reading() as tx:
        return await read_log(tx, stream, 0, 1_000_000)


def _each_command_once(log: list[StoredEvent], askers: list[Asker]) -> None:
    done = Counter(event.body["message"]["body"] for event in log if event.name == "message.posted")
    acknowledged = {text for asker in askers for text in asker.acknowledged}
    asked = {text for asker in askers for text in asker.asked}
    assert not acknowledged - set(done), f"acknowledged, but lost: {acknowledged - set(done)}"
    assert not (twice := {text for text, times in done.items() if times > 1}), f"done twice: {twice}"
    assert not (unasked := set(done) - asked), f"done, but asked for by nobody: {unasked}"


async def _was_told_all(follower: Follower, heard: list[Told], log: list[StoredEvent]) -> None:
    if not log:
        return
    epoch = log[-1].epoch
    shown = [event for event in log if event.audience in audiences_of(follower.lens)]
    if not follower.closed_by:
        await follower.until(lambda: heard[-1].epoch == epoch and heard[-1].offset >= (shown[-1].offset or 0))
    for began, told in _stretches(heard):
        if told and told[0].epoch != epoch:
            continue  # before a restore, of which no log is left
        due = [event for event in shown if began < (event.offset or 0) <= (told[-1].offset if told else began)]
        assert [(event.offset, event.name) for event in due] == [(event.offset, event.name) for event in told]
        for stored, event in zip(due, told, strict=True):
            assert {key: event.body[key] for key in stored.body} == stored.body


def _stretches(told: list[Told]) -> Iterable[tuple[int, list[Told]]]:
    """What was told, from each snapshot to the next, and where it began. A snapshot may skip, never go back."""
    start, stretch = 0, list[Told]()
    for event in told:
        if event.name == SNAPSHOT:
            yield start, stretch
            start, stretch = event.offset, []
        else:
            stretch.append(event)
    yield start, stretch


def _heard_only_while_a_member(follower: Follower, log: list[StoredEvent]) -> None:
    if follower.person.actor.may("projects"):
        return  # sees every room
    removed_at = 0
    heard = {(event.epoch, event.offset) for event in follower.told}
    for event in log:
        if event.name == "member.added" and _subject(event) == follower.person.id:
            removed_at = 0
        assert not removed_at or (event.epoch, event.offset) not in heard, f"heard {event} after their removal"
        if event.name == "member.removed" and _subject(event) == follower.person.id:
            removed_at = event.offset or 0


def _subject(event: StoredEvent) -> UUID:
    return UUID(event.body["member"]["id"])


async def _sees_what_is(follower: Follower, database: Database) -> None:
    async with database.reading() as tx:
        actor = await actor_of(tx, follower.person.token)
        assert actor
        fresh = await room_snapshot(tx, actor, UUID(follower.room_id))
    assert fresh["me"]["lens"] == follower.lens
    seen, shown = _comparable(follower.state), _comparable(fresh)
    if fresh["earlier_messages"]:
        seen["messages"] = {id: form for id, form in seen["messages"].items() if id in shown["messages"]}
    assert seen == shown


def _comparable(state: dict[str, Any]) -> dict[str, Any]:
    """A state without who is here, who asks, and whether there is more; lists by identifiers: the fold keeps things,
    screens sort them."""
    return {
        key: {form["id"]: form for form in value} if isinstance(value, list) else value
        for key, value in state.items()
        if key not in {"presences", "me", "earlier_messages"}
    }
