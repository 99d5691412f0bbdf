"""The installation's pages, over HTTP."""

import re

import pytest
from sqlalchemy import select, update

from people.installation.registrations import MOST_OF_NETWORK, Registration
from people.journal import Filters, journal
from people.mail.links import make_link
from people.signing.sessions import Session
from store.scopes import EVERYWHERE
from tests.patience import browser_at
from tests.people.installations import registered, take_up
from tests.web.houses import PASSWORD, Browser, House, csrf_of

SECRET = "grey heron over water"
PAGES = (
    "/installation", "/installation/general", "/installation/businesses", "/installation/admins",
    "/installation/vocabulary", "/installation/vocabulary/uk.po", "/installation/updates",
)  # fmt: skip


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


async def test_cc12_a_word_is_said_otherwise_at_once_and_in_a_file(own_house: House) -> None:
    page = "/installation/vocabulary?language=uk&q=Home"
    async with own_house.browser("root") as root:
        done = await root.send_form(
            page, page, command="wording.change", language="uk", english="Home", forms=["Домівка"]
        )
        assert done.status_code == 303
        await root.send_form("/account", "/account", command="account.change", language="uk")
        assert "Домівка" in (await root.get("/")).text
        po = (await root.get("/installation/vocabulary/uk.po")).text
        assert 'msgid "Home"\nmsgstr "Домівка"' in po
        shown = (await root.get(page)).text
        file = {"file": ("uk.po", po.encode(), "text/x-gettext-translation")}
        fields = {"csrf": csrf_of(shown), "command": "wordings.import", "language": "uk"}
        same = await root.post(page, data=fields, files=file)
        assert (same.status_code, "count=0" in same.headers["location"]) == (303, True), (
            "what was taken out is the same"
        )
        fields["csrf"] = csrf_of((await root.get(page)).text)
        marked = po.replace("Домівка", "Дім").replace("\n", "\r\n").encode("utf-8-sig")
        taken = await root.post(page, data=fields, files={"file": ("uk.po", marked, "text/plain")})
        assert "count=1" in taken.headers["location"]
        for content, why in ((b'msgid "Home', "Рядок"), (po.encode("cp1251"), "UTF-8")):
            fields["csrf"] = csrf_of((await root.get(page)).text)
            faulty = await root.post(page, data=fields, files={"file": ("uk.po", content, "text/plain")})
            assert faulty.status_code == 422
            assert why in faulty.text


async def test_cc12_a_further_language_can_be_chosen(own_house: House) -> None:
    page = "/installation/vocabulary"
    async with own_house.browser("root") as root, own_house.browser("ana") as ana:
        refused = await ana.send_form("/account", "/account", command="account.change", language="fr")
        assert refused.status_code == 422
        await root.send_form(page, page, command="language.add", code="fr")
        words = {"command": "wording.change", "language": "fr", "english": "Home", "forms": ["Accueil"]}
        await root.send_form(page, page, **words)
        assert "Français" in (await ana.get("/account")).text
        assert (await ana.send_form("/account", "/account", command="account.change", language="fr")).status_code == 303
        home = (await ana.get("/")).text
        assert 'lang="fr"' in home
        assert "Accueil" in home
        assert "Rooms" in home, "what isn't translated is said in English"
    async with own_house.browser("admin") as admin:
        settings = {"command": "business.change", "language": "fr"}
        assert (await admin.send_form("/settings/business", "/settings/business", **settings)).status_code == 303
        assert '<option value="fr" selected>' in (await admin.get("/settings/business")).text


async def test_cc12_a_refusal_and_the_browser_s_words_too(own_house: House) -> None:
    page = "/installation/vocabulary?language=en"
    async with own_house.browser("root") as root, own_house.bot("ana") as bot, own_house.browser("ana") as ana:
        for english, form in (("You don't have permission to do this.", "Hands off."), ("Close", "Shut")):
            await root.send_form(page, page, command="wording.change", language="en", english=english, forms=[form])
        refused = await bot.post("/api/v1/commands/business.open", json={"business_name": "Mine"})
        assert refused.json()["error"]["message"] == "Hands off."
        assert '"Close":"Shut"' in (await ana.get("/")).text


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


async def test_who_runs_it_acts_as_somebody_and_stops(own_house: House) -> None:
    place = "/installation/admins"
    async with own_house.browser("root") as root, own_house.browser("ana") as ana, own_house.browser("admin") as admin:
        wish = {"whom": await own_house.email("ana"), "reason": "short"}
        assert (await root.send_form(place, "/installation/impersonate", **wish)).status_code == 422
        wish["reason"] = "To find the hours of May."
        begun = await root.send_form(place, "/installation/impersonate", **wish)
        assert begun.headers["location"] == "/"
        home = (await root.get("/")).text
        assert "re acting as Ana" in home
        assert (await root.get(place)).status_code == 404, "as Ana they see what she sees"
        change = {"command": "password.change", "old_password": PASSWORD, "new_password": SECRET}
        assert (await root.send_form("/account", "/account", **change)).status_code == 403
        assert wish["reason"] in (await ana.get("/")).text
        assert wish["reason"] in (await admin.get("/")).text
        stopped = await root.send_form("/", "/impersonation/end")
        assert stopped.headers["location"] == place
        assert (await root.get(place)).status_code == 200
        await ana.send_form("/", "/do/impersonations.acknowledge", back="/")
        assert wish["reason"] not in (await ana.get("/")).text
    async with own_house.browser("admin") as other:
        assert (await other.send_form("/", "/installation/impersonate", **wish)).status_code == 404


async def acts_as_ana(house: House, root: Browser) -> str:
    """Go over into a session as Ana; this is its token."""
    wish = {"whom": await house.email("ana"), "reason": "To find the hours of May."}
    await root.send_form("/installation/admins", "/installation/impersonate", **wish)
    return root.cookies["hub_session"]


@pytest.mark.parametrize("by", ["page", "API", "page, when the hour was over"])
async def test_signing_out_while_acting_leaves_nothing_good_and_is_journaled(own_house: House, by: str) -> None:
    async with own_house.browser("root") as root:
        acting = await acts_as_ana(own_house, root)
        if by == "API":
            assert (await root.delete("/api/v1/session")).status_code == 200
        else:
            csrf = csrf_of((await root.get("/")).text)
            if "over" in by:
                async with own_house.scene.database.transaction() as tx:
                    over = update(Session).where(Session.impersonator_id == own_house.root.id)
                    await tx.execute(over.values(expires_at=tx.now))
            out = await root.post("/sign-out", data={"csrf": csrf})
            assert out.headers["location"] == "/sign-in"
        assert not root.cookies, "the browser keeps neither cookie"
        assert (await root.get("/sign-in")).status_code == 200, "nobody comes back by looking at the door"
    for token in (acting, own_house.root.token):
        async with browser_at(own_house.url, headers={"authorization": f"Bearer {token}"}) as thief:
            assert (await thief.get("/api/v1/session")).status_code == 401
    async with own_house.scene.database.reading(EVERYWHERE) as tx:
        noted = [(line.what, line.person) for line in await journal(tx, own_house.root.actor, Filters())]
    assert ("sign_out", "Rita") in noted
    assert ("sign_out", "Ana") not in noted
    assert (("impersonation_ended", "Ana") in noted) is ("over" not in by), "housekeeping ends what ran out"


async def test_who_stops_acting_is_themselves_again_and_what_they_acted_in_is_over(own_house: House) -> None:
    async with own_house.browser("root") as root:
        acting = await acts_as_ana(own_house, root)
        await root.send_form("/", "/impersonation/end")
        assert dict(root.cookies) == {"hub_session": own_house.root.token}
        assert (await root.get("/installation/general")).status_code == 200
    async with browser_at(own_house.url, headers={"authorization": f"Bearer {acting}"}) as thief:
        assert (await thief.get("/api/v1/session")).status_code == 401


async def test_who_comes_in_as_another_leaves_no_session_laid_aside(own_house: House) -> None:
    """Else whoever signs out after them would become who laid it aside."""
    async with own_house.browser("root") as root:
        await acts_as_ana(own_house, root)
        door = {"email": await own_house.email("mihai"), "password": PASSWORD}
        assert (await root.post("/api/v1/session", json=door)).status_code == 200
        assert set(root.cookies) == {"hub_session", "hub_device"}
        await root.send_form("/", "/sign-out")
        assert (await root.get("/")).headers["location"].startswith("/sign-in")
        assert (await root.get("/sign-in")).status_code == 200


async def test_cc23_a_parent_s_admin_sees_the_group_and_works_in_a_child(own_house: House) -> None:
    child = str(own_house.person("admin").actor.business_id)
    parent = str(own_house.person("outsider").actor.business_id)
    place = "/installation/businesses"
    async with own_house.browser("root") as root, own_house.browser("outsider") as boss:
        assert (await boss.get("/group")).status_code == 404
        assert (
            await root.send_form(place, place, command="business.move", business_id=child, parent_id=parent)
        ).status_code == 303
        assert (await boss.get(f"/rooms/{own_house.room}")).status_code == 404
        assert "Atelier" in (await boss.get("/group")).text
        await boss.send_form("/", "/do/business.enter", business_id=child, back="/")
        home = (await boss.get("/")).text
        assert "re working in Atelier" in home
        assert (await boss.get(f"/rooms/{own_house.room}")).status_code == 200
        await root.send_form(place, place, command="business.move", business_id=child, parent_id="")
        assert (await boss.get(f"/rooms/{own_house.room}")).status_code == 404
        assert "re working in Atelier" not in (await boss.get("/")).text


async def test_cc16_an_admin_s_page_says_what_goes(own_house: House) -> None:
    admin = own_house.person("admin")
    place = f"/installation/admins/{admin.id}"
    async with own_house.browser("root") as root, own_house.browser("ana") as ana:
        shown = (await root.get(place)).text
        assert "is the only admin of Atelier" in shown
        assert (await root.send_form(place, place, command="admin.delete", typed="Atelje")).status_code == 422
        gone = await root.send_form(place, place, command="admin.delete", typed="Atelier")
        assert gone.headers["location"].startswith("/installation/admins?")
        assert (await root.get(place)).status_code == 404
        assert (await ana.get("/")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("alone", [True, False])
async def test_the_journal_keeps_a_deleted_admin_s_name(own_house: House, alone: bool) -> None:
    admin = own_house.person("admin")
    place = f"/installation/admins/{admin.id}"
    if not alone:
        other = {"kind": "admin", "name": "Ionela", "email": "ionela@atelier.example", "password": PASSWORD}
        await own_house.scene.agency.run(admin, "person.add", **other)
    async with own_house.browser("root") as root:
        typed = "Atelier" if alone else admin.actor.name
        assert (await root.send_form(place, place, command="admin.delete", typed=typed)).status_code == 303
        line = next(part for part in (await root.get("/journal?what=all")).text.split("<li") if "was deleted" in part)
    assert admin.actor.name in line
    assert "Unknown person" not in line


async def test_an_admin_is_edited_locked_and_sent_a_link(own_house: House) -> None:
    admin = own_house.person("admin")
    place = f"/installation/admins/{admin.id}"
    async with own_house.browser("root") as root, own_house.browser("admin") as locked:
        assert (
            await root.send_form(place, place, command="admin.change", name="Ion", email="ion@atelier.example")
        ).status_code == 303
        assert 'value="ion@atelier.example"' in (await root.get(place)).text
        assert (await root.send_form(place, place, command="reset.send")).status_code == 303
        assert (await root.send_form(place, place, command="admin.deactivate")).status_code == 303
        assert (await locked.get("/")).headers["location"].startswith("/sign-in")
        assert (await root.send_form(place, place, command="admin.activate")).status_code == 303


async def test_updates_say_how_the_tables_stand(house: House) -> None:
    async with house.browser("root") as root:
        shown = (await root.get("/installation/updates")).text
    assert "The database is up to date." in shown
    assert "0008" in shown


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


async def test_without_a_policy_sessions_last_as_the_server_is_set(house: House) -> None:
    async with house.browser("root") as root:
        page = (await root.get("/installation/security")).text
    assert "90 days (as the server is set)" in page
    assert "30 days (as the server is set)" in page
    assert "No limit" not in page
