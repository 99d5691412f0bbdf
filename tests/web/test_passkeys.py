"""Passkeys without a browser: what a device answers, rightly or to hurt."""

from collections.abc import Iterator
from typing import Any

import cbor2
import httpx
import pytest
from sqlalchemy import func, select

from people.journal import MOST_OF_NETWORK, JournalEntry
from people.mail import Letter
from people.rate_limits import Hit
from people.signing import passkeys
from people.signing.factors import Passkey
from people.signing.passkey_answers import must_be_plain
from people.signing.pending_steps import PendingStep
from store.scopes import EVERYWHERE
from tests.costs import longest_hold
from tests.web.authenticators import HAS_KEY, Authenticator, to_text
from tests.web.houses import PASSWORD, House
from tests.web.test_hold_ups import HELD_AT_MOST

OPTIONS: dict[str, Any] = {"user": {"id": ""}, "challenge": "AAAA"}
"""What no hub has asked for."""


def bignum(length: int) -> bytes:
    return b"\xc2\x5a" + length.to_bytes(4) + b"\xff" * length


def hostile(length: int) -> Iterator[tuple[str, bytes]]:
    """CBOR about so long that asks its reader for more than data."""
    yield "a rational", b"\xd8\x1e\x82" + bignum(length // 2) + bignum(length // 2)
    yield "a decimal", b"\xc4\x82\x00" + bignum(length)
    yield "a large power", b"\xc4\x82\x1a\x7f\xff\xff\xff" + bignum(length // 2)
    yield "a float of two", b"\xc5\x82" + bignum(length // 2) + bignum(length // 2)
    yield "a pattern", b"\xd8\x23" + cbor2.dumps("(a|" * (length // 3))
    yield "a letter", b"\xd8\x24" + cbor2.dumps("a:b\n" * (length // 4))
    yield "a day", b"\xc0" + cbor2.dumps("1" * length)
    yield "what is shared", b"\xd8\x1c\x81\xd8\x1d\x00"
    yield "tags in tags", b"\xc6" * length
    yield "depth", b"\x81" * length
    yield "deep maps", b"\xa1\x00" * (length // 2)
    yield "no length", b"\x9f" * length
    yield "many items", b"\x9b" + b"\xff" * 8 + b"\x00" * length
    yield "a long text", b"\x7b" + b"\xff" * 8
    yield "nothing", b""


async def asked_to_make(bot: httpx.AsyncClient) -> dict[str, Any]:
    asked = await bot.post("/account/passkeys/options", json={"password": PASSWORD})
    assert asked.status_code == 200, asked.text
    options: dict[str, Any] = asked.json()["options"]
    assert options["attestation"] == "none"
    return options


async def asked_to_use(bot: httpx.AsyncClient) -> dict[str, Any]:
    options: dict[str, Any] = (await bot.post("/sign-in/passkey/options", json={})).json()["options"]
    return options


async def kept_by_ana(house: House) -> Authenticator:
    device = Authenticator(house.url)
    async with house.bot("ana") as bot:
        sent = {"name": "Mine", "credential": device.make(await asked_to_make(bot))}
        made = await bot.post("/account/passkeys", json=sent)
    assert made.status_code == 200, made.text
    return device


async def test_a_passkey_is_made_and_signs_in_once_by_each_answer(own_house: House) -> None:
    device = await kept_by_ana(own_house)
    async with own_house.bot(accept="application/json") as bot:
        answer = device.use(await asked_to_use(bot))
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).json()["ok"]
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).status_code == 401
    async with own_house.bot(accept="application/json") as bot:
        device.count = 0  # a copy of it knows no better
        answer = device.use(await asked_to_use(bot))
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).status_code == 401
    async with own_house.bot(accept="application/json") as bot:
        device.count = 7
        answer = device.use(await asked_to_use(bot), cbor2.dumps({"credProtect": 2}))
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).json()["ok"]
    async with own_house.scene.database.reading(EVERYWHERE) as tx:
        assert await tx.scalar(select(Passkey.sign_count)) == 8


def attestations(device: Authenticator) -> Iterator[tuple[str, bytes]]:
    whose = device.kept()[: 16 + 2 + len(device.id)]
    for name, cbor in hostile(9_000):
        yield name, cbor
        data = device.data(HAS_KEY, whose + cbor)
        yield f"{name} as a key", cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        yield f"{name} as a statement", b"\xa3\x63fmt\x64none\x67attStmt" + cbor + b"\x68authData\x40"
    yield "what is long", next(cbor for _name, cbor in hostile(300_000))


async def test_a_new_passkey_takes_the_password_and_is_written_to_its_person(own_house: House) -> None:
    letters = select(Letter.person_id, Letter.params["name"].astext).where(Letter.kind == "passkey_added")
    async with own_house.bot("ana") as bot:
        for body in ({"password": "wrong"}, {}):
            assert (await bot.post("/account/passkeys/options", json=body)).status_code == 422
        answer = Authenticator(own_house.url).make(OPTIONS)
        refused = await bot.post("/account/passkeys", json={"name": "Mine", "credential": answer})
        assert refused.status_code == 422
    async with own_house.scene.database.reading(EVERYWHERE) as tx:
        assert not (await tx.execute(letters)).all()
    await kept_by_ana(own_house)
    async with own_house.scene.database.reading(EVERYWHERE) as tx:
        assert (await tx.execute(letters)).all() == [(own_house.person("ana").id, "Mine")]


async def test_no_new_passkey_holds_the_loop(own_house: House) -> None:
    device = Authenticator(own_house.url)
    async with own_house.bot("ana") as bot:
        for name, attestation in attestations(device):
            answer = device.make(await asked_to_make(bot), attestationObject=to_text(attestation))
            with longest_hold() as held:
                refused = await bot.post("/account/passkeys", json={"name": "x", "credential": answer})
            assert refused.status_code == 422, name
            assert held.seconds <= HELD_AT_MOST, f"{name}: {held}"


async def test_no_answer_of_a_passkey_holds_the_loop(own_house: House) -> None:
    device = await kept_by_ana(own_house)
    async with own_house.bot(accept="application/json") as bot:
        for name, cbor in (*hostile(3_000), *hostile(20_000)):
            if not cbor:
                continue
            answer = device.use(await asked_to_use(bot), cbor)
            with longest_hold() as held:
                refused = await bot.post("/sign-in/passkey", json={"credential": answer})
            assert (refused.status_code, refused.json()["error"]["code"]) == (401, "wrong_passkey"), name
            assert held.seconds <= HELD_AT_MOST, f"{name}: {held}"


async def rows(house: House, kind: type[Any], *those: Any) -> int:
    async with house.scene.database.reading(EVERYWHERE) as tx:
        return int(await tx.scalar(select(func.count()).select_from(kind).where(*those)) or 0)


async def test_a_network_s_asks_and_wrong_answers_are_bounded(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passkeys, "MOST_ASKED", 70)
    monkeypatch.setattr(passkeys, "MOST_WRONG", 65)
    device = await kept_by_ana(own_house)
    async with own_house.bot(accept="application/json") as bot:
        answer = device.use(await asked_to_use(bot))
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).status_code == 200
    assert await rows(own_house, Hit, Hit.kind == "passkey.try") == 0
    async with own_house.bot(accept="application/json") as bot:
        answer = device.use(await asked_to_use(bot))
        for path, body, most in (
            ("/sign-in/passkey/options", {}, 68),
            ("/sign-in/passkey", {"credential": {"id": "x"}}, 65),
        ):
            statuses = []
            for _number in range(75):
                last = await bot.post(path, json=body)
                statuses.append(last.status_code)
            assert statuses.count(429) == 75 - most, path
            assert 0 < int(last.headers["retry-after"]) <= 3_600
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).status_code == 429
    assert await rows(own_house, PendingStep, PendingStep.kind == "passkey_use") == 69
    assert await rows(own_house, JournalEntry, JournalEntry.what == "sign_in_failed") == MOST_OF_NETWORK


ODD: list[Any] = [
    {}, {"response": 7}, {"response": {}}, {"response": {"clientDataJSON": 7}}, {"id": "a" * 30_000},
    {"response": {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA", "userHandle": ["a"]}},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_answer_is_nobody_s(house: House, odd: dict[str, Any]) -> None:
    async with house.bot(accept="application/json") as bot:
        answer = Authenticator(house.url).use(await asked_to_use(bot)) | odd if odd else {}
        assert (await bot.post("/sign-in/passkey", json={"credential": answer})).status_code == 401
    async with house.bot("ana") as bot:
        answer = Authenticator(house.url).make(await asked_to_make(bot)) | odd if odd else {}
        assert (await bot.post("/account/passkeys", json={"name": "x", "credential": answer})).status_code == 422


PLAIN: list[Any] = [
    {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"a" * 300, "x5c": [b"a" * 70_000, b""]}, "authData": b"a" * 200},
    {}, [], [[], [[]], {}], {1: {2: []}, 3: "ș"}, 0, -1, 2**64 - 1, -(2**64), 1.5, True, None, "", b"a" * 256,
]  # fmt: skip


@pytest.mark.parametrize("said", PLAIN)
def test_plain_cbor_is_taken_whole_alone(said: Any) -> None:
    content = cbor2.dumps(said)
    must_be_plain(content * 3)
    for refused in (content[:-1] if len(content) > 1 else b"\x18", b"\xc1" + content, content + b"\xd8\x2a" + content):
        with pytest.raises(ValueError, match="It "):
            must_be_plain(refused)
