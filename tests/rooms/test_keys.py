"""Idempotency keys: a command repeated under one key happens once, whoever repeats it and whenever."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from rooms.wall import Message
from store.errors import KeyReused, NotFound
from store.keys import KEPT, KeyRow, forget_old
from tests.rooms.scenes import Scene
from web.commands import Answer


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


async def test_keys_are_forgotten_after_a_day(scene: Scene) -> None:
    await post(scene, "Hello", "k1")
    for later, left in ((KEPT * 0.9, 1), (KEPT * 1.1, 0)):
        async with scene.database.transaction() as tx:
            tx.now += later
            await forget_old(tx)
            assert await tx.scalar(select(func.count()).select_from(KeyRow)) == left
