"""Mentions on pages: by name to the team, without departments to a client, and gone from home once looked at."""

from datetime import UTC, datetime

from tests.web.houses import House
from web.words.formatting import Reader, reading_as
from web.words.mentions import spoken, with_names

ANA, UNIT = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


async def test_a_mention_is_read_by_name_and_a_client_reads_of_the_team(own_house: House) -> None:
    async with (
        own_house.browser("ana") as ana,
        own_house.browser("mihai") as mihai,
        own_house.browser("client") as client,
    ):
        wall = f"/rooms/{own_house.room}/wall"
        sent = await ana.send_form(wall, f"/rooms/{own_house.room}/do/message.post", body="@Studio and @clara, look")
        assert sent.status_code == 303
        for browser, unit in ((mihai, "@Studio</span>"), (client, "@the team</span>")):
            shown = (await browser.get(wall)).text.partition("room-snapshot")[0]
            assert unit in shown
            assert "@Clara</span>" in shown
            assert 'class="mention mention-own"' in shown
            for page in ("/", "/rooms", "/parts/home", "/parts/rooms"):
                assert "You were mentioned" in (await browser.get(page)).text, page
        assert "mention-own" not in (await ana.get(wall)).text.partition("room-snapshot")[0]
        assert "You were mentioned" not in (await ana.get("/")).text
        for page in ("/", wall, f"/rooms/{own_house.room}/timeline"):
            assert "Studio" not in (await client.get(page)).text, page
        await mihai.send_form(wall, f"/rooms/{own_house.room}/do/mentions.see")
        assert "You were mentioned" not in (await mihai.get("/")).text
        assert "You were mentioned" in (await client.get("/")).text


def test_names_are_shown_as_they_are_and_what_has_none_is_the_team() -> None:
    html = f'<p><span data-mention="{ANA}">@</span> <span data-mention="{UNIT}">@</span></p>'
    with reading_as(Reader("ro", UTC, datetime.now(UTC))):
        shown = with_names(html, {ANA: "<Ana>"}, {ANA})
        assert spoken(f"@[{ANA}] @[{UNIT}]", {ANA: "Ana"}) == "@Ana @echipa"
    assert shown == (
        f'<p><span class="mention mention-own" data-mention="{ANA}">@&lt;Ana&gt;</span> '
        f'<span class="mention" data-mention="{UNIT}">@echipa</span></p>'
    )
