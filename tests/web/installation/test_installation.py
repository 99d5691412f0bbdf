"""The installation's pages, over HTTP."""

import pytest

from tests.web.houses import PASSWORD, House, csrf_of

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


async def test_without_a_policy_sessions_last_as_the_server_is_set(house: House) -> None:
    async with house.browser("root") as root:
        page = (await root.get("/installation/security")).text
    assert "90 days (as the server is set)" in page
    assert "30 days (as the server is set)" in page
    assert "No limit" not in page
