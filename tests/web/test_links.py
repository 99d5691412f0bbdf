"""Coming by a letter's link, forgotten passwords, the mail settings, and tokens: page by page, without script."""

import asyncio
import re
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from people.accounts import Account
from people.journal import JournalEntry
from people.mail import Letter
from people.persons.resets import ResetAsk, reset_on_console
from store.database import Database
from store.errors import Unavailable
from store.scopes import EVERYWHERE
from tests.clocks import NEXT_YEAR
from tests.mail import PASSWORD, USER, mail_server
from tests.patience import PATIENT_SECONDS, browser_at
from tests.web.houses import PASSWORD as OWN_PASSWORD
from tests.web.houses import House, csrf_of

NEW = "seven quiet otters sing"


async def invitation_link(house: House, email: str = "petru@new.example") -> str:
    agency = house.scene.agency
    person = await agency.run(agency.admin, "person.invite", kind="staff", name="Petru", email=email)
    made = await agency.run(agency.admin, "invitation_link.make", person_id=person.result["id"])
    return str(made.result["path"])


async def test_who_is_invited_chooses_a_password_and_is_home(house: House) -> None:
    link = await invitation_link(house)
    async with house.browser() as browser:
        page = await browser.get(link)
        assert page.headers["cache-control"] == "no-store"
        assert "Welcome, Petru" in page.text
        assert "<b>Irina</b> invites you to work with <b>Atelier</b>." in page.text
        weak = await browser.send_form(link, link, password="petru-petru", language="en")
        assert weak.status_code == 422
        assert "Choose another one." in weak.text
        assert "petru-petru" not in weak.text
        let_in = await browser.send_form(link, link, password=NEW, language="uk")
        assert (let_in.status_code, let_in.headers["location"]) == (303, "/")
        home = await browser.get("/")
        assert (home.status_code, 'lang="uk"' in home.text) == (200, True)
    async with house.browser() as another:
        dead = await another.get(link)
        unknown = await another.get("/invitation/never-there-was-such-a-one")
    assert dead.status_code == unknown.status_code == 404
    assert body_of(dead) == body_of(unknown)
    assert "ask the person who invited you to send it again" in dead.text


async def test_a_link_to_hand_over_is_shown_with_the_site_s_address(house: House) -> None:
    agency = house.scene.agency
    invited = await agency.run(agency.admin, "person.invite", kind="staff", name="Paul", email="paul@new.example")
    path = f"/people/{invited.result['id']}"
    async with house.browser("admin") as browser:
        shown = await browser.send_form(path, path, command="invitation_link.make")
    assert f'value="{house.url}/invitation/' in shown.text


def body_of(page: httpx.Response) -> str:
    """A page without what differs each time, or by its address alone."""
    return re.sub(r'data-(csrf|now)="[^"]*"|href="/(invitation|reset)/[^"]*"', "", page.text)


async def test_an_e_mail_s_link_alone_changes_nothing(house: House) -> None:
    """Mail programs and scanners open links by themselves."""
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        reset = await reset_on_console(tx, await house.email("mihai"))
    invitation = await invitation_link(house, "vera@new.example")
    async with house.bot() as scanner:
        for link in (reset, invitation):
            for method in ("GET", "HEAD", "GET"):
                assert (await scanner.request(method, link)).status_code == 200, link
    async with house.bot("mihai") as bot:
        assert (await bot.get("/api/v1/session")).status_code == 200
    async with house.browser() as browser:
        fields = {"email": await house.email("mihai"), "password": OWN_PASSWORD}
        assert (await browser.send_form("/sign-in", "/sign-in", **fields)).status_code == 303


async def test_a_form_of_another_page_sets_no_password(house: House) -> None:
    link = await invitation_link(house, "piotr@new.example")
    async with house.browser() as browser:
        refused = await browser.post(link, data={"csrf": "made up", "password": NEW})
    assert refused.status_code == 403
    assert "hub_session" not in refused.headers.get("set-cookie", "")


@pytest.mark.parametrize(("path", "look"), [("/email/any", "email_by"), ("/registration/any", "registration_by")])
async def test_a_link_that_cannot_be_looked_up_now_is_not_said_to_be_dead(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, look: str
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable()

    monkeypatch.setattr(f"web.pages.signing.links.{look}", away)
    async with house.browser() as browser:
        for answer in (await browser.get(path), await browser.post(path, data={"csrf": "any"})):
            assert answer.status_code == 503
            assert "can&#39;t be reached" in answer.text


async def test_without_a_mail_server_the_forgotten_page_says_so(house: House) -> None:
    async with house.browser() as browser:
        assert "send email yet" in (await browser.get("/reset")).text


async def test_a_forgotten_password_gets_one_answer_for_anybody(house: House) -> None:
    async with mail_server() as mail:
        await mail.set_up(house.scene.database)
        async with house.browser() as browser:
            known = await browser.send_form("/reset", "/reset", email=await house.email("ana"))
            unknown = await browser.send_form("/reset", "/reset", email="nobody@nowhere.example")
            said = await browser.get("/reset?sent=1")
    assert known.status_code == unknown.status_code == 303
    assert known.headers["location"] == unknown.headers["location"] == "/reset?sent=1"
    assert "If someone here has this email" in said.text
    async with house.scene.database.reading() as tx:
        assert len(list(await tx.scalars(select(ResetAsk.id)))) >= 2


async def test_a_dead_reset_link_offers_another(house: House) -> None:
    async with house.browser() as browser:
        page = await browser.get("/reset/never-there-was-such-a-one")
    assert page.status_code == 404
    assert 'href="/reset"' in page.text


@pytest.mark.parametrize("who", ["admin", "ana", "client"])
async def test_mail_settings_are_not_there_for_others(house: House, who: str) -> None:
    async with house.browser(who) as browser:
        assert (await browser.get("/installation/mail")).status_code == 404
        assert (await browser.get("/parts/installation/mail")).status_code == 404


async def test_cc10_a_superadmin_sets_the_mail_server(house: House) -> None:
    page = "/installation/mail"
    async with mail_server(users=True) as mail, house.browser("root") as browser:
        mail.answer = "554 No letters today"
        fields = {"command": "mail_settings.change", "server": "127.0.0.1", "port": str(mail.port), "security": "none"}
        fields |= {"username": USER, "password": PASSWORD, "sender_name": "Hub"}
        refused = await browser.send_form(page, page, **fields, sender_email="")
        assert refused.status_code == 422
        assert PASSWORD not in refused.text
        saved = await browser.send_form(page, page, **fields, sender_email="hub@atrium.example")
        assert saved.status_code == 303
        shown = await browser.get(page)
        assert f'value="{mail.port}"' in shown.text
        assert "A password is saved (encrypted)." in shown.text
        assert PASSWORD not in shown.text
        mail.gate.clear()
        sent = await browser.send_form(page, page, command="test_letter.send", email="")
        assert sent.status_code == 303
        assert "On its way to rita@root.example" in (await browser.get(page)).text
        mail.gate.set()
        letter_id = await failed(house.scene.database)
        shown = await browser.get(page)
        assert mail.answer in shown.text
        mail.answer = "250 OK"
        again = await browser.send_form(page, page, command="letter.retry", letter_id=str(letter_id))
        assert again.status_code == 303
        assert (await mail.letter_to("rita@root.example"))["From"] == "Hub <hub@atrium.example>"


_A_FAILED_TEST = (Letter.kind == "mail_test", Letter.state == "failed")


async def failed(database: Database) -> UUID:
    """This is the test letter, as soon as it has failed; what waited for a mail server before may have, too."""
    async with asyncio.timeout(PATIENT_SECONDS):
        while True:
            async with database.reading() as tx:
                letter_id: UUID | None = await tx.scalar(select(Letter.id).where(*_A_FAILED_TEST))
            if letter_id:
                return letter_id
            await asyncio.sleep(0.05)


async def test_a_token_s_page_shows_its_last_day(house: House) -> None:
    page = "/account/tokens"
    async with house.scene.database.transaction() as tx:
        await tx.execute(
            update(Account).where(Account.person_id == house.person("ana").id).values(time_zone="Europe/Bucharest")
        )
    async with house.browser("ana") as browser:
        fields = {
            "command": "api_token.make",
            "name": "Bot",
            "scopes": ["rooms:read"],
            "password": OWN_PASSWORD,
            "expires_on": f"{NEXT_YEAR}-03-30",
        }
        assert (await browser.send_form(page, page, **fields)).status_code == 200
        assert f"until 30 Mar {NEXT_YEAR}" in (await browser.get(page)).text


async def test_a_token_is_made_shown_once_and_revoked(house: House) -> None:
    page = "/account/tokens"
    async with house.browser("ana") as browser:
        await browser.get(page)
        fields = {"command": "api_token.make", "name": "Bot", "scopes": ["rooms:read"], "password": OWN_PASSWORD}
        none = await browser.send_form(page, page, **fields | {"scopes": []})
        assert none.status_code == 422
        wrong = await browser.send_form(page, page, **fields | {"password": "not hers at all"})
        assert "This isn&#39;t your password." in wrong.text
        assert 'value="not hers at all"' not in wrong.text
        made = await browser.send_form(page, page, **fields)
        found = re.search(r"atr_[\w-]{43}", made.text)
        assert found
        assert made.headers["cache-control"] == "no-store"
        later = await browser.get(page)
        assert found[0] not in later.text
        assert "Read rooms" in later.text
        async with browser_at(house.url, headers={"Authorization": f"Bearer {found[0]}"}) as bot:
            assert (await bot.get("/api/v1/rooms")).status_code == 200
            token_id = re.search(r'name="token_id" value="([^"]+)"', later.text)
            assert token_id
            data = {"csrf": csrf_of(later.text), "command": "api_token.revoke", "token_id": token_id[1]}
            assert (await browser.post(page, data=data)).status_code == 303
            assert (await bot.get("/api/v1/rooms")).status_code == 401
    async with house.scene.database.reading() as tx:
        noted = set(await tx.scalars(select(JournalEntry.what).where(JournalEntry.person_id == house.person("ana").id)))
    assert {"token_made", "token_revoked"} <= noted
