"""The installation's pages, over HTTP."""

import pytest

from tests.web.houses import House

PAGES = ("/installation/general",)


async def test_cc09_general_settings_take_effect_at_once(own_house: House) -> None:
    async with own_house.browser("root") as root, own_house.browser() as stranger:
        done = await root.send_form(
            "/installation/general",
            "/installation/general",
            command="installation.change",
            name="Hof",
            support="help@hof.example",
            registration_open="true",
            language="uk",
        )
        assert done.status_code == 303
        assert 'value="Hof"' in (await root.get("/installation/general")).text
        door = (await stranger.get("/sign-in")).text
        assert "Hof" in door
        assert "help@hof.example" in door
        assert 'lang="uk"' in door


@pytest.mark.parametrize("path", PAGES)
async def test_nobody_else_sees_the_installation(house: House, path: str) -> None:
    for who in ("admin", "ana", "client"):
        async with house.browser(who) as browser:
            assert (await browser.get(path)).status_code == 404
    async with house.browser() as stranger:
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in")
