"""Mentions: people and whole departments are addressed by name on a wall, and see that they were (WO-08)."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.parts import TIMELINE
from people.actors import Actor
from rooms.access import visible_room
from rooms.activity import latest_activity
from rooms.markdown import draw, safe
from rooms.rooms import rooms
from rooms.search import search
from rooms.summaries import summaries
from rooms.wall.addressees import spoken
from rooms.wall.mentions import unseen_mentions
from rooms.wall.typed_names import MOST_ADDRESSED, address
from rooms.wall.unseen_mentions import mentioned
from store.errors import Invalid, NotFound
from tests.hub.agencies import Person
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene


async def waiting(scene: Scene, person: Person) -> list[UUID]:
    """The messages at which somebody has yet to look."""
    async with scene.database.reading() as tx:
        return [each.message_id for each in await unseen_mentions(tx, person.actor)]


async def said(scene: Scene, person: Person, body: str, **fields: Any) -> UUID:
    return UUID((await scene.agency.post(person, body, **fields)).result["id"])


def test_an_excerpt_that_ends_amid_a_name_shows_no_part_of_it() -> None:
    ana = str(uuid4())
    names = {ana: "Ana"}
    assert spoken(f"Hello @[{ana}]", names) == "Hello @Ana"
    for length in (0, 5, 36):
        assert spoken(f"Hello @[{ana[:length]}", names) == "Hello @…"
    assert spoken(f"@[{ana}", names) == spoken("@[", names) == "@…"


async def test_a_name_behind_an_at_is_kept_as_who_it_is(scene: Scene) -> None:
    agency = scene.agency
    posted = await agency.post(agency.mihai, "Hello @ana, ask @Clara; ana@Ana.example and @Anabel and `@Ana` are words")
    ana, clara = agency.ana.id, agency.client.id
    assert posted.result["body"] == (
        f"Hello @[{ana}], ask @[{clara}]; ana@Ana.example and @Anabel and `@Ana` are words"
    )
    assert f'<span data-mention="{ana}">@</span>' in posted.result["html"]
    assert await waiting(scene, agency.ana) == [UUID(posted.result["id"])]
    assert await waiting(scene, agency.client) == [UUID(posted.result["id"])]
    assert await waiting(scene, agency.mihai) == []


IN_CODE = [
    "``%s`` x",
    "~~~\n%s\n~~~",
    "    %s",
    "```\n%s",
    "a `%s` b",
    "\\%s",
    "https://x.example/%s",
    "- a\n\n      %s",
]


@pytest.mark.parametrize("text", IN_CODE)
async def test_what_the_parser_takes_for_code_addresses_nobody(scene: Scene, text: str) -> None:
    agency = scene.agency
    for written in ("@Ana", f"@[{agency.ana.id}]"):
        posted = (await agency.post(agency.mihai, text % written)).result
        assert posted["body"] == text % written
        assert "data-mention" not in posted["html"]
    assert await waiting(scene, agency.ana) == []


async def test_an_identifier_addresses_wherever_it_stands(scene: Scene) -> None:
    agency = scene.agency
    exactly = f"@[{agency.ana.id}]"
    for text in (f"x{exactly}", f"@{exactly}", f"_{exactly}_", f"{exactly}x", " ".join([exactly] * 500)):
        posted = (await agency.post(agency.mihai, text)).result
        assert posted["body"] == text
        assert posted["html"].count("data-mention") == text.count(exactly)


async def test_of_many_typed_names_the_rest_stays_as_typed(scene: Scene) -> None:
    agency = scene.agency
    posted = (await agency.post(agency.mihai, "@Ana " * (MOST_ADDRESSED + 2))).result
    assert posted["body"] == f"@[{agency.ana.id}] " * MOST_ADDRESSED + "@Ana @Ana "
    assert posted["html"].count("data-mention") == MOST_ADDRESSED


def test_no_identifier_is_taken_for_a_mark() -> None:
    ids = [f"{number:08x}-0000-0000-0000-000000000000" for number in (0, 1)]
    text = f"`@Ana` @[{ids[0]}] @[{ids[1]}]"
    told, html = address(text, {"ana": [str(uuid4())]}, {})
    assert told == text
    assert html == draw(text)


@pytest.mark.parametrize("text", ['[x](https://x.example "%s")', "[x](https://x.example/%s)", "`%s`", "\\%s", "<b %s>"])
@pytest.mark.parametrize(
    "name", ['Ana" class="modal" ping="https://evil.example', "Ana' onclick='x", "<b>Ana</b>", "`Ana"]
)
async def test_no_name_becomes_html(scene: Scene, text: str, name: str) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "account.change", name=name)
    for written in (f"@[{agency.ana.id}]", f"@{name}"):
        html = (await agency.post(agency.mihai, text % written)).result["html"]
        assert html == safe(html)


async def test_code_beside_a_mention_is_left_as_it_is(scene: Scene) -> None:
    agency = scene.agency
    posted = (await agency.post(agency.mihai, "`@Ana` and **@Ana**, > @Ana\n> `@Clara` @Clara")).result
    ana, clara = agency.ana.id, agency.client.id
    assert posted["body"] == f"`@Ana` and **@[{ana}]**, > @[{ana}]\n> `@Clara` @[{clara}]"
    assert posted["html"].count(f'data-mention="{ana}"') == 2
    assert await waiting(scene, agency.ana) == [UUID(posted["id"])]


async def test_a_long_message_is_addressed_too(scene: Scene) -> None:
    agency = scene.agency
    posted = (await agency.post(agency.mihai, "so much to say " * 200 + "@Ana `@Ana`")).result
    assert posted["body"].endswith(f"@[{agency.ana.id}] `@Ana`")
    assert await waiting(scene, agency.ana) == [UUID(posted["id"])]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ștefan Țăran", ["@Ștefan Țăran", "@stefan taran", "@ŞTEFAN ŢĂRAN", "@S\u0326tefan  T\u0326a\u0306ran"]),
        ("Мар’яна", ["@Мар'яна", "@марʼяна", "@МАР´ЯНА", "@Мар\u00adʼяна"]),
        ("Йосип", ["@йосип", "@И\u0306ОСИП"]),
        ("Groß", ["@gross", "@GROẞ", "@groß"]),
        ("Ірина (офіс)", ["@ірина (ОФІС)"]),
    ],
)
async def test_a_name_is_known_on_every_keyboard(scene: Scene, name: str, typed: list[str]) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "account.change", name=name)
    for words in typed:
        for before, after in (("", ""), ("Către ", ", te rog"), ("ß (", ") s\u0326i"), ("`@Ana` ", "!\n\n> так")):
            posted = await agency.post(agency.mihai, f"{before}{words}{after}")
            assert posted.result["body"] == f"{before}@[{agency.ana.id}]{after}", words
    for words in ("@Ștefania", "@Марянка", "@Иосип", "@Grossmann", "@Ірина", "x@Йосип"):
        posted = await agency.post(agency.mihai, words)
        assert posted.result["body"] == words


async def test_of_two_alike_the_one_is_meant_who_is_written_so(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "account.change", name="Stefan")
    await agency.run(agency.mihai, "account.change", name="Ștefan")
    for typed, whom in (
        ("@Stefan", agency.ana),
        ("@STEFAN", agency.ana),
        ("@Ștefan", agency.mihai),
        ("@ŞTEFAN", agency.mihai),
    ):
        assert (await agency.post(agency.client, typed)).result["body"] == f"@[{whom.id}]"


async def test_wo08_a_department_reaches_its_people_who_are_in_the_room(scene: Scene) -> None:
    agency = scene.agency
    below = await agency.run(agency.admin, "department.add", name="Lettering", parent_id=scene.department)
    for person in (agency.ana, scene.freelancer):
        seat = {"department_id": below.result["id"], "person_id": str(person.id)}
        await agency.run(agency.admin, "department_member.add", **seat)
    message = await said(scene, agency.admin, "@Studio, who has time?")
    assert await waiting(scene, agency.mihai) == [message]
    assert await waiting(scene, agency.ana) == [message]
    assert await waiting(scene, scene.freelancer) == []  # of it, but not in the room
    assert await waiting(scene, agency.client) == []


async def test_nobody_hears_of_what_isn_t_for_their_eyes(scene: Scene) -> None:
    agency = scene.agency
    await said(scene, agency.ana, "@Clara wants it blue, @Mihai", audience="team")
    assert await waiting(scene, agency.client) == []
    assert len(await waiting(scene, agency.mihai)) == 1
    await agency.run(agency.admin, "person.change", person_id=str(agency.ana.id), permissions=["invoicing"])
    await said(scene, agency.admin, "@Mihai and @Ana: the margin", audience="managers")
    assert len(await waiting(scene, agency.mihai)) == 1
    assert len(await waiting(scene, agency.ana)) == 1


async def test_a_client_learns_of_no_department(scene: Scene) -> None:
    agency = scene.agency
    await said(scene, agency.ana, "@Studio looks into it")
    client, ana = await everything(scene, agency.client.actor), await everything(scene, agency.ana.actor)
    assert "Studio" in ana
    assert "Studio" not in client
    assert "looks into it" in client
    # Typed by a client it is a word, and its identifier is nobody's.
    assert (await agency.post(agency.client, "Thanks @Studio")).result["body"] == "Thanks @Studio"
    with pytest.raises(Invalid) as theirs:
        await agency.post(agency.client, f"Thanks @[{scene.department}]")
    with pytest.raises(Invalid) as nobodys:
        await agency.post(agency.client, f"Thanks @[{uuid4()}]")
    assert theirs.value.fields == nobodys.value.fields


async def test_who_isn_t_in_the_room_can_t_be_mentioned_there(scene: Scene) -> None:
    agency = scene.agency
    for stranger in (scene.freelancer, agency.outsider):
        with pytest.raises(Invalid) as refused:
            await agency.post(agency.ana, f"@[{stranger.id}] look")
        assert refused.value.fields.keys() == {"body"}
    assert (await agency.post(agency.ana, "@Sofia look")).result["body"] == "@Sofia look"


async def test_names_are_those_of_today(scene: Scene) -> None:
    agency = scene.agency
    await said(scene, agency.mihai, "@Ana and @Studio look")
    await agency.run(agency.ana, "account.change", name="Ana Maria")
    await agency.run(agency.admin, "department.change", department_id=scene.department, name="Workshop")
    async with scene.database.reading() as tx:
        actor = agency.ana.actor
        shown = await summaries(tx, actor, await rooms(tx, actor))
        (summary,) = [each for each in shown if str(each.room.id) == scene.room]
        assert summary.pieces["note"] is not None
        assert summary.pieces["note"].text == "@Ana Maria and @Workshop look"
        assert summary.pieces["mentions"] == 1
        (each,) = await mentioned(tx, actor)
        assert (each.text, each.author_name, each.room_title) == (summary.pieces["note"].text, "Mihai", "Website")
        found = [each["title"] for each in await search(tx, actor, "look")]
        assert found == [summary.pieces["note"].text]
        told = (await latest_activity(tx, actor, ["message.posted"]))[0]
        assert spoken(told["message"]["body"], told["names"]) == summary.pieces["note"].text


async def test_whoever_looks_has_seen_it_once_and_for_all(scene: Scene) -> None:
    agency = scene.agency
    await said(scene, agency.mihai, "@Ana look")
    await agency.run(agency.mihai, "mentions.see", room_id=scene.room)
    assert len(await waiting(scene, agency.ana)) == 1
    assert (await agency.run(agency.ana, "mentions.see", room_id=scene.room)).at is not None
    assert await waiting(scene, agency.ana) == []
    assert (await agency.run(agency.ana, "mentions.see", room_id=scene.room)).at is None
    with pytest.raises(NotFound):
        await agency.run(scene.freelancer, "mentions.see", room_id=scene.room)


async def test_editing_tells_whom_it_newly_concerns_and_takes_the_rest_back(scene: Scene) -> None:
    agency = scene.agency
    message = await said(scene, agency.mihai, "@Ana look")
    body = f"@[{agency.ana.id}] and @Clara look"
    await agency.run(agency.mihai, "message.edit", message_id=str(message), body=body)
    assert await waiting(scene, agency.ana) == [message]
    assert await waiting(scene, agency.client) == [message]
    await agency.run(agency.mihai, "message.edit", message_id=str(message), body="Look, @Clara")
    assert await waiting(scene, agency.ana) == []
    assert await waiting(scene, agency.client) == [message]
    await agency.run(agency.mihai, "message.delete", message_id=str(message))
    assert await waiting(scene, agency.client) == []


async def test_whom_was_mentioned_may_stay_though_they_left(scene: Scene) -> None:
    agency = scene.agency
    message = await said(scene, agency.mihai, "@Ana look")
    await agency.run(agency.admin, "member.remove", room_id=scene.room, person_id=str(agency.ana.id))
    assert await waiting(scene, agency.ana) == []
    body = f"@[{agency.ana.id}] had a look"
    edited = await agency.run(agency.mihai, "message.edit", message_id=str(message), body=body)
    assert edited.result["body"] == body
    assert await waiting(scene, agency.ana) == []


async def everything(scene: Scene, actor: Actor) -> str:
    """All that someone can read of the room, as one text."""
    async with scene.database.reading() as tx:
        room = await visible_room(tx, actor, UUID(scene.room))
        log = [event.wire() for event in await read_log(tx, room.stream.name, 0, audiences=room.audiences)]
        shown = await summaries(tx, actor, await rooms(tx, actor))
        parts = [
            await room_snapshot(tx, actor, room.id),
            log,
            shown,
            await latest_activity(tx, actor, TIMELINE.latest),
            await search(tx, actor, "look"),
        ]
    return str(parts)
