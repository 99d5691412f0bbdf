"""Finding and sorting as people ask for it: what they type finds what is meant, and lists stand by their alphabet.

The tests' PostgreSQL is set up like the hub's own; ``tests/store/texts/test_folding.py`` shows that it couldn't find
these.
"""

import re
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

import pytest
from sqlalchemy import update

from people.accounts import Account
from rooms.files.contents import Content
from rooms.files.files import AddFile, add_file
from tests.web.houses import House

NAMES = {
    "Ștefan Țăran": ["stefan taran", "ŞTEFAN", "S\u0326tefan", "ştefan ţăran", "s\u00adtefan", "ｓｔｅｆａｎ"],
    "Мар’яна Київська": ["Мар'яна", "марʼяна", "МАР`ЯНА", "київська", "Ки\u0456\u0308вська", "КИЇВСЬКА"],
    "I\u0306smail Gu\u0308ney": ["ismail", "İSMAİL", "güney"],
    "Groß Ing": ["gross", "GROẞ", "groß"],
    "Йосип Ґалаґан": ["йосип", "И\u0306осип", "галаган", "Ґалаґан"],
    "100%_\\ Sons": ["%_", "0%_\\", "100%"],
}
MISSED = ["%%%", "___", "\\\\\\", "марина", "киіська", "stefan  tudor", "0_%"]


@dataclass
class Named:
    """The house, in which a person, a company, a room, a task, a message and a file have each name."""

    house: House

    async def run(self, name: str, /, **fields: Any) -> Any:
        return (await self.house.scene.agency.run(self.house.person("admin"), name, **fields)).result

    async def found(self, words: str) -> set[tuple[str, str]]:
        async with self.house.bot("admin") as bot:
            answer = await bot.get(f"/api/v1/search?q={quote(words)}")
        return {(each["kind"], normalize("NFC", each["title"])) for each in answer.json()["results"]}

    async def page(self, path: str, who: str = "admin") -> str:
        async with self.house.browser(who) as browser:
            answer = await browser.get(path)
        assert answer.status_code == 200, path
        return answer.text.partition("room-snapshot")[0]


@pytest.fixture
async def named(own_house: House) -> Named:
    named = Named(own_house)
    for nr, name in enumerate(NAMES):
        await named.run("person.invite", kind="client", name=name, email=f"n{nr}@names.example")
        await named.run("company.add", name=name)
        await named.run("room.open", title=name)
        await named.run("task.create", room_id=own_house.room, title=name)
        await named.run("message.post", room_id=own_house.room, body=name)
        async with own_house.scene.database.transaction() as tx:
            command = AddFile.model_validate({"room_id": own_house.room, "name": f"{name.replace(chr(92), '-')}.txt"})
            content = Content(media_type="text/plain", size=1, digest="0" * 64)
            await add_file(tx, own_house.person("admin").actor, command, content, tx.new_id())
    return named


async def test_what_one_types_finds_what_is_meant(named: Named) -> None:
    for name, words in NAMES.items():
        for typed in words:
            found = {(kind, title.removesuffix(".txt")) for kind, title in await named.found(typed)}
            kinds = {"person", "company", "room", "task", "message", *(["file"] if "\\" not in name + typed else [])}
            assert {(kind, normalize("NFC", name)) for kind in kinds} <= found, typed
    for typed in MISSED:
        assert not await named.found(typed), typed


async def test_lists_are_searched_alike(named: Named) -> None:
    for path in ("/people?show=clients&q=", "/companies?q=", "/rooms?q="):
        for typed, name in (("stefan", "Ștefan"), ("мар'яна", "Мар’яна"), ("И\u0306ОСИП", "Йосип"), ("gross", "Groß")):
            shown = await named.page(f"{path}{quote(typed)}")
            assert name in shown, (path, typed)
            assert "Sons" not in shown, (path, typed)
        shown = await named.page(f"{path}{quote('0%_')}")
        assert ("Sons" in shown, "Groß" in shown) == (True, False), path
        assert "Sons" not in await named.page(f"{path}{quote('%s')}"), path
    assert "n1@names.example" in await named.page("/people?show=clients&q=N1%40NAMES")
    async with named.house.browser("root") as root:
        for typed in ("IRINA", "atelier", "irina@"):
            assert "Irina" in (await root.get(f"/installation/admins?q={typed}")).text, typed
        assert "Irina" not in (await root.get("/installation/admins?q=%25")).text


async def test_who_may_what_is_searched_by_role_too(named: Named) -> None:
    role = await named.run("role.add", name="Șef de șantier")
    ana = str(named.house.person("ana").id)
    await named.run("person.change", person_id=ana, role_id=role["id"])
    for typed in ("sef de santier", "ŞEF", "ANA"):
        shown = await named.page(f"/settings/rights?q={quote(typed)}")
        assert ana in shown, typed
        assert str(named.house.person("mihai").id) not in shown, typed


LISTED = ["Zoe", "Є", "Ștefan", "Stoica", "Іван", "А", "Sala 10", "Sala 2", "Î", "Irina", "Й", "и"]
ORDERS = {
    "en": ["Î", "Irina", "Sala 2", "Sala 10", "Ștefan", "Stoica", "Zoe", "А", "Є", "и", "Іван", "Й"],
    "ro": ["Irina", "Î", "Sala 2", "Sala 10", "Stoica", "Ștefan", "Zoe", "А", "Є", "и", "Іван", "Й"],
    "uk": ["А", "Є", "и", "Іван", "Й", "Î", "Irina", "Sala 2", "Sala 10", "Ștefan", "Stoica", "Zoe"],
}


async def read_by(house: House, language: str) -> None:
    """The admin reads in a language."""
    async with house.scene.database.transaction() as tx:
        mine = Account.person_id == house.person("admin").id
        await tx.execute(update(Account).where(mine).values(language=language))


def in_order(shown: str, names: list[str]) -> list[str]:
    """These are the names that begin with a sign of ours, in the order in which they stand."""
    found = re.findall(r"§([^<\"\n]+)", shown)
    return [name for name in dict.fromkeys(each.strip() for each in found) if name in names]


async def test_lists_stand_by_the_reader_s_alphabet(own_house: House) -> None:
    named = Named(own_house)
    for nr, name in enumerate(LISTED):
        await named.run("person.invite", kind="client", name=f"§{name}", email=f"n{nr}@names.example")
        company = await named.run("company.add", name=f"§{name}")
        await named.run("department.add", name=f"§{name}")
        await named.run("service.add", name=f"§{name}")
        await named.run("role.add", name=f"§{name}")
        await named.run("employee_status.add", name=f"§{name}")
        await named.run("leave_kind.add", name=f"§{name}")
        await named.run("room.open", title="A room", company_id=company["id"])
    pages = (
        "/people?show=clients", "/companies", "/departments", "/settings/services", "/settings/roles",
        "/settings/leave", "/rooms",
    )  # fmt: skip
    for language, order in ORDERS.items():
        await read_by(own_house, language)
        for path in pages if language == "uk" else pages[:3]:
            shown = await named.page(path)
            if path == "/rooms":
                shown = shown.partition('name="company_id"')[2].partition("</select>")[0]
            assert in_order(shown, LISTED) == order, (language, path)


async def test_the_people_of_a_room_stand_so_too(own_house: House) -> None:
    named = Named(own_house)
    people = [(await named.run("client.keep", name=f"§{name}"))["id"] for name in LISTED]
    room = await named.run("room.open", title="Everyone", member_ids=people)
    for language, order in ORDERS.items():
        await read_by(own_house, language)
        shown = await named.page(f"/rooms/{room['id']}/plain")
        assert in_order(shown, LISTED) == order, language


async def test_a_list_goes_on_by_the_reader_s_alphabet(own_house: House) -> None:
    named = Named(own_house)
    names = [f"{letter}{nr:02}" for letter in ("Є", "А", "Ș", "S", "Z") for nr in range(24)]
    for name in names:
        await named.run("client.keep", name=f"§{name}")
        await named.run("company.add", name=f"§{name}")
    await read_by(own_house, "uk")
    expected = [f"{letter}{nr:02}" for letter in ("А", "Є") for nr in range(24)]
    latin = [f"{letter}{nr:02}" for nr in range(24) for letter in ("S", "Ș")] + [f"Z{nr:02}" for nr in range(24)]
    for path in ("/people?show=clients", "/companies"):
        found: list[str] = []
        following = path
        while following:
            shown = await named.page(following)
            found += in_order(shown, names)
            more = re.findall(r'href="([^"]*after=[^"]+)"', shown)
            following = more[-1].replace("&amp;", "&") if more else ""
        assert found == [*expected, *latin], path
