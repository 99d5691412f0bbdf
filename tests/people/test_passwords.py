"""Passwords: what is easily guessed is refused, wherever one is set; what is kept takes long to try."""

import subprocess
import sys

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type
from sqlalchemy import select, update

from people import passwords
from people.accounts import Account
from people.passwords import check_password
from people.signing.entrances import sign_in
from store.database import Database
from store.errors import Invalid
from store.sandboxes import Lane, SandboxFailed
from tests.hub.agencies import open_agency

ANA = ["Ana Popescu", "ana.popescu@atelier.example"]


@pytest.mark.parametrize(
    "password",
    ["password12", "1234567890", "qwertyuiop", "iloveyou12", "aaaaaaaaaa", "abcdefghij", "Password123!", "1q2w3e4r5t"],
)
async def test_common_and_simple_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        await check_password(password, field="new_password")
    assert refused.value.fields.keys() == {"new_password"}


@pytest.mark.parametrize("password", ["tall green Popescu", "atelier by the sea", "ANA.POPESCU@atelier.example"])
async def test_one_s_own_name_or_e_mail_is_no_password(password: str) -> None:
    with pytest.raises(Invalid):
        await check_password(password, ANA)


@pytest.mark.parametrize("password", ["a long password", "a long enough one", "atrium-demo", "x3Q-vv81-pq" * 18])
async def test_others_are_taken(password: str) -> None:
    await check_password(password, ANA)


async def test_a_password_that_takes_long_to_judge_is_on_no_list() -> None:
    await check_password("4@8({[<3691!|10$57+2%" * 2, ANA)


async def test_no_password_is_taken_that_nobody_could_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Lane("broken", cpu_seconds=5, memory_bytes=1 << 30, loads=("people.there_is_none",))
    monkeypatch.setattr(passwords, "_judges", broken)
    for password in ("password12", "a long password"):
        with pytest.raises(SandboxFailed):
            await check_password(password, ANA)


def test_a_password_is_kept_by_argon2id_with_64_mib() -> None:
    shown = "from people.passwords import _hasher as it; print(it.type.name, it.time_cost, it.memory_cost)"
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
