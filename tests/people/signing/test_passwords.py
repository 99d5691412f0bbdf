"""Passwords: what is easily guessed is refused, wherever one is set; what is kept takes long to try."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type
from sqlalchemy import QueuePool, select, update

from people import installations
from people.accounts import Account
from people.installation import vocabulary
from people.signing.passwords import leaked_passwords, passwords
from people.signing.passwords.password_strength import guesses
from people.signing.passwords.passwords import GUESSES, check_password
from people.signing.sign_in import sign_in
from store.database import Database
from store.errors import Invalid
from store.sandboxes.sandboxes import Lane, SandboxFailed, TookTooLong
from tests.hub.agencies import open_agency
from tests.people.offices import open_office

LONG_TO_JUDGE = "({[<1|!7+4@69$5({[<1|!7+4@69$502"
"""Each of its signs stands for several letters."""
OLD, SET = "a long password", "grey heron over water"
ANA = ["Ana Popescu", "ana.popescu@atelier.example"]


@pytest.mark.parametrize(
    "password",
    ["password12", "1234567890", "qwertyuiop", "iloveyou12", "aaaaaaaaaa", "abcdefghij", "Password123!", "1q2w3e4r5t"],
)
async def test_common_and_simple_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        await check_password(password, field="new_password")
    assert refused.value.fields.keys() == {"new_password"}


@pytest.mark.parametrize("password", ["kozanostra", "StairwayToHeaven", "yfcnhjtybt", "141312190296q", "1q3e5t7u9o"])
async def test_what_leaked_elsewhere_is_refused_however_hard_it_looks(password: str) -> None:
    assert guesses(password, []) >= GUESSES
    with pytest.raises(Invalid) as refused:
        await check_password(password)
    assert "leak" in refused.value.fields["password"]


def test_the_leaked_ones_are_many_in_order_and_only_they(tmp_path: Path) -> None:
    known = leaked_passwords.FILE.read_bytes()
    digests = [known[at : at + leaked_passwords.BYTES] for at in range(0, len(known), leaked_passwords.BYTES)]
    assert len(digests) > 100_000
    assert digests == sorted(set(digests))
    assert not any(leaked_passwords.has_leaked(f"{number} of a kind") for number in range(1_000))
    leaked_passwords.write(["too short", "long enough one"], tmp_path / "few")
    assert (tmp_path / "few").stat().st_size == leaked_passwords.BYTES


async def test_words_of_the_place_make_no_password() -> None:
    settings = installations.current().model_copy(update={"name": "Zephyrine Werkhof"})
    await check_password("zephyrine-werkhof1")
    installations.know(settings, {})
    try:
        await check_password("zephyrine geese over the atrium")
        for password in ("zephyrine-werkhof1", "atrium-demo", "AtriumAtrium"):
            with pytest.raises(Invalid):
                await check_password(password)
    finally:
        installations.know(installations.AS_SHIPPED, {})


@pytest.mark.parametrize("password", ["tall green Popescu", "atelier by the sea", "ANA.POPESCU@atelier.example"])
async def test_one_s_own_name_or_e_mail_is_no_password(password: str) -> None:
    with pytest.raises(Invalid):
        await check_password(password, ANA)


@pytest.mark.parametrize("password", ["a long password", "a long enough one", "x3Q-vv81-pq" * 18])
async def test_others_are_taken(password: str) -> None:
    await check_password(password, ANA)


async def test_a_password_that_takes_long_to_judge_is_on_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = Lane(
        "strict", cpu_seconds=0.2, memory_bytes=1 << 30, loads=("people.signing.passwords.password_strength",)
    )
    monkeypatch.setattr(passwords, "_judges", strict)
    with pytest.raises(TookTooLong):
        await strict.run(guesses, LONG_TO_JUDGE, [])
    await check_password(LONG_TO_JUDGE, ANA)
    await strict.close()


async def test_no_password_is_taken_that_nobody_could_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Lane("broken", cpu_seconds=5, memory_bytes=1 << 30, loads=("people.there_is_none",))
    monkeypatch.setattr(passwords, "_judges", broken)
    for password in ("password12", "a long password"):
        with pytest.raises(SandboxFailed):
            await check_password(password, ANA)


JUDGED = [
    ("person.add", {"kind": "staff", "name": "Ion", "email": "ion@firm.example", "password": SET}),
    ("password.change", {"old_password": OLD, "new_password": SET}),
    ("admin.add", {"name": "Vera", "email": "vera@fourth.example", "business_name": "Fourth", "password": SET}),
    ("wordings.import", {"language": "uk", "po": 'msgid ""\nmsgstr ""\n'}),
]


@pytest.mark.parametrize(("name", "fields"), JUDGED)
async def test_nobody_holds_a_connection_while_a_sandbox_works(
    database: Database, name: str, fields: dict[str, str]
) -> None:
    office = await open_office(database)
    by = office.root if name in ("admin.add", "wordings.import") else office.agency.admin
    async with database.transaction() as tx:
        known = update(Account).where(Account.person_id == by.id).values(password_hash=await passwords.hashed(OLD))
        await tx.execute(known)
    lane, pool = (
        (vocabulary._readers if name == "wordings.import" else passwords._judges),
        database.engine.sync_engine.pool,
    )
    busy = asyncio.create_task(lane.run(time.sleep, 600))
    while not lane._pool().free.locked():  # noqa: ASYNC110 - another task's doing
        await asyncio.sleep(0)
    asking = asyncio.create_task(office.agency.commands.run(by.actor, name, fields))
    while by.id not in lane._pool().turns:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert isinstance(pool, QueuePool)
    held = pool.checkedout()
    busy.cancel()
    await asking
    assert held == 0


def test_a_password_is_kept_by_argon2id_with_64_mib() -> None:
    hasher = "from people.signing.passwords.passwords import _hasher as it"
    shown = f"{hasher}; print(it.type.name, it.time_cost, it.memory_cost)"
    kind, rounds, kibibytes = subprocess.check_output([sys.executable, "-c", shown], text=True).split()
    assert (kind, int(rounds) >= 3, int(kibibytes) >= 65536) == (Type.ID.name, True, True)


async def test_a_weaker_hash_is_made_anew_when_its_owner_signs_in(database: Database) -> None:
    agency = await open_agency(database)
    weaker = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash("a long password")
    async with database.transaction() as tx:
        await tx.execute(update(Account).where(Account.person_id == agency.ana.id).values(password_hash=weaker))
    await sign_in(database, agency.ana.actor.email, "a long password", address="::1", agent="test", limits=None)
    async with database.reading() as tx:
        kept = await tx.scalar(select(Account.password_hash).where(Account.person_id == agency.ana.id))
    assert "m=64," in kept
