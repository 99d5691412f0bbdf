"""Every form saves as it was drawn: who opens a page and presses its button has changed nothing, and isn't refused."""

import re
from html import unescape
from pathlib import Path

import httpx

from hub.contract.classes import COMMANDS
from hub.parts import TABS
from tests.rights.asking import addresses
from tests.rights.worlds import names_of
from tests.web.drawn_forms import DrawnForm, drawn_forms
from tests.web.houses import PASSWORD, Browser, House
from web.app import PAGES
from web.pages.people.person_acts import ACTS

TEMPLATES = Path("web/templates")
WHO = ("root", "admin", "ana", "client")
CLOSED = (401, 403, 404)
ALIKE = 3
"""So many rows of one list on a page are saved."""
ASKING = {f"/people/{{person_id}}/{act}" for act in ACTS}
"""Pages that ask before something is done; none saves anything."""
NOBODYS = {
    "/group",
    "/logo/{digest}",
    "/sign-in/logo/{digest}",
    "/calendar/{token}.ics",
    "/invitation/{secret}",
    "/email/{secret}",
    "/registration/{secret}",
    "/reset/{secret}",
    "/sign-in/with/back",
    "/sign-in/with/{provider_id}",
    "/{path:path}",
}
"""What a letter, another service or a child business opens; none saves anything. All else opens for somebody."""
PROVIDER = {
    "name": "Realm",
    "issuer": "https://realm.example",
    "client_id": "atrium",
    "client_secret": "a secret",
    "password": PASSWORD,
}
NEVER_AS_DRAWN = {"password.change", "email.change", "provider.change"}
"""These ask for something new each time, or for the password."""


async def test_every_form_saves_as_it_was_drawn(own_house: House) -> None:
    await _fill(own_house)
    opened: set[str] = set()
    saved: set[str] = set()
    faults: list[str] = []
    pages = _pages(own_house)
    for who in WHO:
        async with own_house.browser(who) as browser:
            for address, path in pages.items():
                shown = await browser.get(address, follow_redirects=True)
                if shown.status_code in CLOSED:
                    continue
                opened.add(path)
                faults += [f"{who} {address}: {shown.status_code}"] * (shown.status_code != 200)
                if forms := _kept_forms(shown):
                    saved |= {form.command for form in forms}
                    faults += [f"{who} {address} {fault}" for fault in await _faults(browser, shown, forms)]
    assert not faults, "\n".join(faults)
    assert set(pages.values()) - opened == NOBODYS
    assert _offered() - saved == NEVER_AS_DRAWN


async def _fill(house: House) -> None:
    """Let the lists have rows, and let what a form draws not be what it would be anyway."""
    agency = house.scene.agency
    ana = {"person_id": str(agency.ana.id)}
    await agency.run(agency.admin, "employee_week.change", **ana, days=["day"] * 5 + ["off"] * 2)
    part_time = ["day"] * 2 + ["morning"] + ["off"] * 4
    await agency.run(agency.admin, "employee_week.change", **ana, since="2026-12-01", days=part_time)
    await agency.run(agency.admin, "contact.add", company_id=house.scene.company, name="Vera", role="Buyer")
    await agency.run(agency.admin, "service.add", name="Hosting", note="Day and night")
    await agency.run(agency.admin, "provider.add", **PROVIDER)


def _pages(house: House) -> dict[str, str]:
    """These are all pages with their routes: each of some people, each tab of the room, and a department's own form."""
    people = [{"person_id": str(house.person(who).id)} for who in ("client", "admin", "ana")]
    names = [*people, *(people[-1] | {"tab": tab.name} for tab in TABS.all)]
    return {f"/departments?department={house.scene.department}": "/departments"} | {
        address.plain: address.path
        for some in names
        for address in addresses(PAGES, names_of(house.scene) | some)
        if address.method == "GET" and address.path not in ASKING
    }


def _offered() -> set[str]:
    """These are the commands that a page may have a form for."""
    drawn = " ".join(template.read_text() for template in TEMPLATES.rglob("*.html"))
    return set(re.findall(r"\b\w+\.change\b", drawn)) & set(COMMANDS)


def _kept_forms(shown: httpx.Response) -> list[DrawnForm]:
    forms = [
        form
        for form in drawn_forms(shown.text if "html" in shown.headers["content-type"] else "")
        if form.command.endswith(".change") and not form.needs and not form.asks_password
    ]
    return [form for nr, form in enumerate(forms) if [one.command for one in forms[:nr]].count(form.command) < ALIKE]


async def _faults(browser: Browser, shown: httpx.Response, forms: list[DrawnForm]) -> list[str]:
    found = []
    for form in forms:
        answer = await browser.post(str(shown.url.join(form.action)), data=form.data())
        if answer.status_code != 303:
            why = re.findall(r"invalid-feedback[^>]*>([^<]+)|alert-danger[^>]*>\s*([^<]+)", answer.text)
            found.append(f"{form.command}: {answer.status_code} {why} {form.data()}")
    before, after = _read(shown), _read(await browser.get(str(shown.url)))
    return found + [f"changed: {before ^ after}"] * (before != after)


def _read(shown: httpx.Response) -> set[str]:
    """This is what a page says and what its forms hold."""
    words = {unescape(text).strip() for text in re.findall(r">([^<]+)<", shown.text)}
    return words | {f"{form.command} {form.data() | {'csrf': []}}" for form in drawn_forms(shown.text)}
