"""Idempotency keys: a command repeated under one key happens once, whoever repeats it and whenever."""

import asyncio
import hashlib
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from commands.runner import Answer, Commands
from rooms.wall.messages import Message, post_message
from store.database import to_json
from store.errors import KeyReused, NotFound
from store.keys import KEPT, KeyRow, forget_answers, forget_old
from store.secrets.ciphers import Cipher, cipher
from store.streams import StoredEvent
from tests.databases import asked_of, owner_of
from tests.reads import read_log
from tests.rooms.scenes import Scene

MANY_KEYS = """
insert into idempotency_keys (person_id, key, business_id, digest, answer, used_at)
select gen_random_uuid(), nr::text, $1, '', jsonb_build_object('result', jsonb_build_object('id', nr::text)), now()
from generate_series(1, 20000) as nr
"""


async def post(scene: Scene, body: str, key: str, **fields: Any) -> Answer:
    fields = {"room_id": scene.room, "body": body} | fields
    return await scene.agency.commands.run(scene.agency.ana.actor, "message.post", fields, key)


async def messages(scene: Scene, body: str) -> int:
    async with scene.database.reading() as tx:
        counted: int = await tx.scalar(select(func.count()).select_from(Message).where(Message.body == body))
        return counted


async def test_twelve_calls_with_one_key_post_once(scene: Scene) -> None:
    answers = await asyncio.gather(*(post(scene, "Once", "k1") for _ in range(12)))
    assert await messages(scene, "Once") == 1
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].at is not None


async def test_a_key_with_another_body_is_refused_and_changes_nothing(scene: Scene) -> None:
    await post(scene, "First", "k1")
    with pytest.raises(KeyReused):
        await post(scene, "Second", "k1")
    assert await messages(scene, "Second") == 0
    with pytest.raises(KeyReused):
        await scene.agency.commands.run(scene.agency.ana.actor, "timer.start", {"room_id": scene.room}, "k1")


async def test_a_key_is_its_person_s_own(scene: Scene) -> None:
    await post(scene, "Ana's", "k1")
    fields = {"room_id": scene.room, "body": "Mihai's"}
    await scene.agency.commands.run(scene.agency.mihai.actor, "message.post", fields, "k1")
    assert (await messages(scene, "Ana's"), await messages(scene, "Mihai's")) == (1, 1)


async def test_what_a_key_was_used_with_can_t_be_tried_by_its_digest(scene: Scene) -> None:
    """A password may be among it, and a copy of the database has no key to try passwords with."""
    await post(scene, "Hello", "k1")
    fields = {"room_id": scene.room, "body": "Hello"}
    said = to_json(["message.post", fields], sort=True)
    kept = await kept_digest(scene)
    assert kept == cipher().digest(said)
    assert kept not in {hashlib.new(name, said).digest() for name in ("sha256", "blake2s", "sha3_256")}
    assert kept != Cipher(b"another key").digest(said)


async def test_a_key_that_was_used_before_digests_had_a_key_is_known(scene: Scene) -> None:
    first = await post(scene, "Once", "k1")
    fields = {"room_id": scene.room, "body": "Once"}
    before = hashlib.sha256(to_json(["message.post", fields], sort=True)).digest()
    async with scene.database.transaction() as tx:
        await tx.execute(update(KeyRow).values(digest=before))
    assert await post(scene, "Once", "k1") == first
    with pytest.raises(KeyReused):
        await post(scene, "Twice", "k1")


async def kept_digest(scene: Scene) -> bytes:
    async with scene.database.reading() as tx:
        return bytes(await tx.scalar(select(KeyRow.digest)))


async def test_what_was_refused_may_be_tried_again_under_its_key(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await post(scene, "Hello", "k1", room_id=scene.spare_room)
    agency = scene.agency
    await agency.run(agency.admin, "member.add", room_id=scene.spare_room, person_id=str(agency.ana.id))
    await post(scene, "Hello", "k1", room_id=scene.spare_room)
    assert await messages(scene, "Hello") == 1


async def test_the_kept_answer_of_a_deleted_message_has_no_words(scene: Scene) -> None:
    posted = await post(scene, "Take this back", "k1")
    await scene.agency.run(scene.agency.ana, "message.delete", message_id=posted.result["id"])
    again = await post(scene, "Take this back", "k1")
    assert again.result == {"id": posted.result["id"], "gone": True}
    assert await messages(scene, "Take this back") == 0


@pytest.mark.parametrize(
    ("add", "remove", "id", "words"),
    [
        ("task.create", "task.remove", "task_id", {"title": "Dismissal letter"}),
        ("contact.add", "contact.remove", "contact_id", {"name": "Vera Nord"}),
        ("company_note.add", "company_note.remove", "note_id", {"body": "Vera pays late"}),
    ],
)
async def test_the_kept_answer_of_what_was_removed_has_no_words(
    scene: Scene, add: str, remove: str, id: str, words: dict[str, str]
) -> None:
    admin, place = (
        scene.agency.admin,
        {"room_id": scene.room} if add == "task.create" else {"company_id": scene.company},
    )
    commands = scene.agency.commands
    added = await commands.run(admin.actor, add, place | words, "k1")
    assert words.items() <= added.result.items()
    await commands.run(admin.actor, remove, {id: added.result["id"]}, "k2")
    again = await commands.run(admin.actor, add, place | words, "k1")
    assert again.result == {"id": added.result["id"], "gone": True}


async def test_keys_are_forgotten_after_a_day(scene: Scene) -> None:
    await post(scene, "Hello", "k1")
    for later, left in ((KEPT * 0.9, 1), (KEPT * 1.1, 0)):
        async with scene.database.transaction() as tx:
            tx.now += later
            await forget_old(tx)
            assert await tx.scalar(select(func.count()).select_from(KeyRow)) == left


async def test_the_usual_message_is_what_the_verb_makes_of_it(scene: Scene) -> None:
    agency, told = scene.agency, list[StoredEvent]()
    scene.database.told.append(told.extend)
    fields = {"room_id": scene.room, "body": "Good *morning*"}
    quick = await agency.run(agency.ana, "message.post", **fields)
    slow = Commands(scene.database, [post_message])
    usual = await slow.run(agency.ana.actor, "message.post", fields)
    assert [event.offset for event in told] == [quick.at and quick.at["offset"], usual.at and usual.at["offset"]]
    assert quick.at
    assert usual.at
    assert quick.at["offset"] + 1 == usual.at["offset"]
    assert _alike(told[0].wire()) == _alike(told[1].wire())
    assert _alike(quick.result) == _alike(usual.result)
    async with scene.database.reading() as tx:
        events = await read_log(tx, f"room:{scene.room}", quick.at["offset"] - 1)
    assert [event.wire() for event in events] == [event.wire() for event in told]


def _alike(form: dict[str, Any]) -> dict[str, Any]:
    own = ("id", "posted_at", "recorded_at", "at")
    return {name: _alike(value) if name == "message" else value for name, value in form.items() if name not in own}


@pytest.mark.parametrize("asked", [None, "all", "team"])
@pytest.mark.parametrize("default", ["all", "team"])
async def test_the_usual_message_is_for_whom_the_room_says(scene: Scene, asked: str | None, default: str) -> None:
    agency = scene.agency
    await agency.run(agency.admin, "room.change", room_id=scene.room, default_audience=default)
    posted = await agency.post(agency.ana, "Hello", **({"audience": asked} if asked else {}))
    assert posted.result["audience"] == (asked or default)
    assert (await agency.post(agency.client, "Hello")).result["audience"] == "all"


async def test_messages_at_once_follow_one_another_in_the_log(scene: Scene) -> None:
    answers = await asyncio.gather(*(post(scene, "Many", f"k{nr % 20}") for nr in range(60)))
    offsets = sorted({answer.at["offset"] for answer in answers if answer.at})
    assert offsets == list(range(offsets[0], offsets[0] + 20))
    assert await messages(scene, "Many") == 20


async def test_kept_answers_are_found_by_index_however_many_there_are(scene: Scene, database_url: str) -> None:
    """As the hub asks: row security lets little look at a row before it does."""
    async with owner_of(database_url) as owner:
        await owner.execute(MANY_KEYS, scene.agency.ana.actor.business_id)
        await owner.execute("analyze idempotency_keys")
    within = scene.agency.ana.actor.within
    async with scene.database.transaction(within) as tx:
        with asked_of(scene.database, "idempotency_keys") as queries:
            await forget_answers(tx, scene.agency.ana.actor.business_id, uuid4(), uuid4())
        connection = await tx.session.connection()
        (query, parameters) = queries[0]
        plan = "\n".join((await connection.exec_driver_sql(f"explain {query}", parameters)).scalars())
    assert "ix_idempotency_keys_answered_with" in plan
