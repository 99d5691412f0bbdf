"""Rate limits: what costs others something is done so often and no more, from however many addresses and nodes."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hub.parts import JOURNAL
from people import journal
from people.journal import JournalEntry, may_note, note
from people.persons.resets import MOST_OF_EMAIL, MOST_OF_NETWORK, TooManyResets, ask_for_reset
from people.rate_limits import SITE_TIMES, Hit, RateLimit, forget_old, of_email, of_network
from people.signing.throttling import Whence, note_wrong
from store.database import Database
from store.errors import TooMany
from store.scopes import EVERYWHERE
from tests.clocks import set_clock

LIMIT = RateLimit("test")


async def allowed(database: Database, most: dict[str, int]) -> bool:
    async with database.transaction(EVERYWHERE) as tx:
        return await LIMIT.allows(tx, most)


async def test_many_at_once_are_no_way_around(database: Database) -> None:
    done = await asyncio.gather(*(allowed(database, {"a": 3, f"b{nr}": 9}) for nr in range(8)))
    assert Counter(done) == {True: 3, False: 5}


async def test_what_is_refused_counts_against_nobody(database: Database) -> None:
    assert await allowed(database, {"a": 1})
    assert not await allowed(database, {"a": 1, "b": 1})
    assert await allowed(database, {"b": 1})


async def test_what_is_done_counts_for_a_while(database: Database) -> None:
    assert await allowed(database, {"a": 1})
    set_clock(database, datetime.now(UTC) + LIMIT.window + timedelta(seconds=1))
    assert await allowed(database, {"a": 1})
    set_clock(database, datetime.now(UTC) + timedelta(days=2))
    async with database.transaction(EVERYWHERE) as tx:
        await forget_old(tx)
    async with database.reading(EVERYWHERE) as tx:
        assert await tx.scalar(select(func.count()).select_from(Hit)) == 0


async def test_who_is_refused_is_told_when_the_next_may_be(database: Database) -> None:
    began = datetime.now(UTC)
    for minutes in (0, 10, 20):
        set_clock(database, began + timedelta(minutes=minutes))
        assert await allowed(database, {"a": 2} if minutes else {"b": 1})
    set_clock(database, began + timedelta(minutes=30))
    for most, minutes in (({"a": 2}, 40), ({"a": 1}, 50), ({"b": 1}, 30), ({"a": 2, "b": 1}, 40)):
        with pytest.raises(TooMany) as refused:
            async with database.transaction(EVERYWHERE) as tx:
                await LIMIT.hit(tx, most)
        assert refused.value.retry_after_seconds == pytest.approx(minutes * 60, abs=5)


class OfNetwork(TooMany):
    code = "of_network"


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8:1:2::3"])
async def test_it_is_said_whether_somebody_did_too_much_or_their_network(database: Database, address: str) -> None:
    networks, email = of_network(address, 1), of_email("ana@new.example", 1)
    assert await allowed(database, networks | email)
    for most, code in ((networks, "of_network"), (email, TooMany.code), (networks | email, TooMany.code)):
        with pytest.raises(TooMany) as refused:
            async with database.transaction(EVERYWHERE) as tx:
                await LIMIT.hit(tx, most, of_network=OfNetwork)
        assert refused.value.code == code


def test_a_site_may_do_more_than_one_of_its_networks() -> None:
    one, other = of_network("2001:db8:1:2::3", 5), of_network("2001:db8:1:9::4", 5)
    assert list(one.values()) == [5, 5 * SITE_TIMES]
    assert len(one.keys() & other.keys()) == 1
    assert of_network("192.0.2.7", 5) == {"192.0.2.7": 5}


async def test_resets_are_counted_by_network(database: Database) -> None:
    for nr in range(MOST_OF_NETWORK):
        await ask_for_reset(database, f"n{nr}@new.example", Whence(f"2001:db8:1:2::{nr:x}", ""))
    with pytest.raises(TooManyResets, match="from your network"):
        await ask_for_reset(database, "other@new.example", Whence("2001:db8:1:2:ffff::1", ""))
    await ask_for_reset(database, "other@new.example", Whence("2001:db8:1:3::1", ""))


async def test_resets_are_counted_by_email_however_it_is_spelt(database: Database) -> None:
    for nr in range(MOST_OF_EMAIL):
        await ask_for_reset(database, "ana@new.example", Whence(f"192.0.2.{nr}", ""))
    with pytest.raises(TooManyResets, match="Check your inbox"):
        await ask_for_reset(database, "Ana@NEW.example", Whence("192.0.2.99", ""))


async def test_strangers_fill_no_journal(database: Database) -> None:
    async def come_by(address: str) -> bool:
        async with database.transaction(EVERYWHERE) as tx:
            return await may_note(tx, JOURNAL["reset_refused"], address)

    written = [await come_by(f"2001:db8:1:2::{nr:x}") for nr in range(journal.MOST_OF_NETWORK + 5)]
    assert sum(written) == journal.MOST_OF_NETWORK
    assert await come_by("192.0.2.1")


async def test_wrong_passwords_fill_no_journal(database: Database) -> None:
    for nr in range(journal.MOST_OF_NETWORK + 5):
        await note_wrong(database, f"n{nr}@new.example", Whence(f"2001:db8:1:2::{nr:x}", ""), None)
    async with database.reading(EVERYWHERE) as tx:
        assert await tx.scalar(select(func.count()).select_from(JournalEntry)) == journal.MOST_OF_NETWORK


async def test_the_journal_forgets_what_is_old(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FORGOTTEN_AT_ONCE", 2)
    kept, now = timedelta(days=400), datetime.now(UTC)
    for days in (500, 450, 401, 399, 1):
        async with database.transaction(EVERYWHERE, now=now - timedelta(days=days)) as tx:
            note(tx, JOURNAL["sign_in"], days=days)
    async with database.transaction(EVERYWHERE, now=now) as tx:
        assert [await journal.forget_old(tx, kept) for _turn in range(2)] == [2, 1]
    async with database.reading(EVERYWHERE) as tx:
        lines = await tx.scalars(select(JournalEntry.details["days"].as_integer()).order_by(JournalEntry.id))
        assert lines.all() == [399, 1]
