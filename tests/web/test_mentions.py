"""Mentions on pages: by name to the team, without departments to a client, and gone from home once looked at."""

from datetime import UTC, datetime

from tests.web.houses import House
from web.words.formatting import Reader, reading_as
from web.words.mentions import spoken

ANA, UNIT = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


async def test_a_mention_is_read_by_name_and_a_client_reads_of_the_team(own_house: House) -> None:
    agency = own_house.scene.agency
    await agency.run(agency.ana, "message.post", room_id=own_house.room, body="@Studio and @clara, look")
    async with (
        own_house.browser("ana") as ana,
        own_house.browser("mihai") as mihai,
        own_house.browser("client") as client,
    ):
        plain = f"/rooms/{own_house.room}/plain"
        for browser, words in ((mihai, "@Studio and @Clara, look"), (client, "@the team and @Clara, look")):
            assert words in (await browser.get(plain)).text
            for page in ("/", "/rooms", "/parts/home", "/parts/rooms"):
                assert "You were mentioned" in (await browser.get(page)).text, page
        assert "You were mentioned" not in (await ana.get("/")).text
        for page in ("/", plain, f"/rooms/{own_house.room}/wall", f"/rooms/{own_house.room}/timeline"):
            assert "Studio" not in (await client.get(page)).text, page
        await agency.run(agency.mihai, "mentions.see", room_id=own_house.room)
        assert "You were mentioned" not in (await mihai.get("/")).text
        assert "You were mentioned" in (await client.get("/")).text


def test_names_are_said_as_they_are_and_what_has_none_is_the_team() -> None:
    with reading_as(Reader("ro", UTC, datetime.now(UTC))):
        assert spoken(f"@[{ANA}] @[{UNIT}]", {ANA: "Ana"}) == "@Ana @echipa"
