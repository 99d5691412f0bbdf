"""Registering over HTTP: asked for, confirmed, approved, and not without end."""

import re

from sqlalchemy import select

from people.installation.registrations import MOST_OF_NETWORK, Registration
from people.mail.links import make_link
from tests.people.installations import registered, take_up
from tests.web.houses import House

SECRET = "grey heron over water"


async def test_cc20_someone_registers_and_is_approved(own_house: House) -> None:
    wish = {
        "business_name": "Casa", "name": "Nadia", "email": "nadia@casa.example", "password": SECRET,
        "language": "en", "time_zone": "UTC",
    }  # fmt: skip
    async with own_house.browser("root") as root, own_house.browser() as stranger:
        assert (await stranger.get("/register")).status_code == 404
        place = "/installation/general"
        await root.send_form(place, place, command="installation.change", registration_open="true", notice="Hello")
        assert "Hello" in (await stranger.get("/register")).text
        sent = await stranger.send_form("/register", "/register", **wish)
        assert sent.headers["location"] == "/register?sent"
        known = await stranger.send_form("/register", "/register", **wish | {"email": await own_house.email("ana")})
        assert known.headers["location"] == "/register?sent", "nobody learns who is known"
        await take_up(own_house.scene.database)
        queue = (await root.get("/installation/admins")).text
        assert "Casa" in queue
        assert "no mail server is set up" in queue
        async with own_house.bot() as bot:
            credentials = {"email": wish["email"], "password": SECRET}
            early = await bot.post("/api/v1/session", json=credentials)
            assert early.json()["error"]["code"] == "waiting", "the right password is told so, and nothing else"
            id = re.search(r'name="registration_id" value="([^"]+)"', queue)
            assert id
            place = "/installation/admins"
            await root.send_form(place, place, command="registration.approve", registration_id=id[1])
            assert (await bot.post("/api/v1/session", json=credentials)).json()["person"]["kind"] == "admin"


async def test_cc20_an_e_mail_is_confirmed_before_the_yes(own_house: House) -> None:
    database, place = own_house.scene.database, "/installation/admins"
    commands, root_actor = own_house.scene.agency.commands, own_house.root.actor
    named = {"server": "127.0.0.1", "port": 9, "security": "none", "sender_email": "hub@atrium.example"}
    await commands.run(root_actor, "mail_settings.change", named)
    general = "/installation/general"
    async with own_house.browser("root") as root:
        await root.send_form(general, general, command="installation.change", registration_open="true")
    wish = {"business_name": "Casa", "name": "Nadia", "email": "nadia@casa.example", "password": SECRET}
    await registered(database, **wish)
    async with database.transaction() as tx:
        registration = (await tx.scalars(select(Registration))).one()
        address = f"/registration/{await make_link(tx, 'registration', registration.id, None)}"
    async with own_house.browser("root") as root, own_house.browser() as stranger:
        assert "email you a link to confirm" in (await stranger.get("/register")).text
        queue = (await root.get(place)).text
        assert "Waiting for the email to be confirmed" in queue
        assert 'value="registration.approve"' not in queue
        assert "Did you register Casa" in (await stranger.get(address)).text
        assert (await stranger.post(address, data={"csrf": "forged"})).status_code == 403
        assert "is confirmed" in (await stranger.send_form(address, address)).text
        for again in (address, "/registration/nobodys"):
            dead = await stranger.get(again)
            assert (dead.status_code, "works once, for 48 hours" in dead.text) == (404, True)
        queue = (await root.get(place)).text
        assert "The email is confirmed." in queue
        assert 'value="registration.approve"' in queue


async def test_nobody_registers_without_end(own_house: House) -> None:
    wish = {"business_name": "Casa", "name": "Nadia", "password": SECRET, "language": "en", "time_zone": "UTC"}
    async with own_house.browser("root") as root, own_house.browser() as stranger:
        place = "/installation/general"
        await root.send_form(place, place, command="installation.change", registration_open="true")
        answers = [
            await stranger.send_form("/register", "/register", **wish, email=f"n{nr}@casa.example")
            for nr in range(MOST_OF_NETWORK + 1)
        ]
    assert [answer.status_code for answer in answers] == [303] * MOST_OF_NETWORK + [429]
    assert "Too many registrations from your network. Try again in 60 minutes." in answers[-1].text
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600
