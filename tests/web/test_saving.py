"""Every form saves as it was drawn: who opens a page and presses its button has changed nothing, and isn't refused."""

import re
from urllib.parse import urljoin

import pytest

from tests.web.drawn_forms import drawn_forms
from tests.web.houses import House

PAGES = {
    "root": [
        "/", "/account", "/account/security", "/account/tokens", "/installation", "/installation/general",
        "/installation/mail", "/installation/security", "/installation/admins", "/installation/businesses",
        "/installation/vocabulary", "/installation/updates",
    ],
    "admin": [
        "/", "/account", "/account/security", "/account/tokens", "/settings", "/settings/business", "/settings/leave",
        "/settings/processes", "/settings/roles", "/settings/rights", "/settings/services", "/settings/security",
        "/settings/first-steps", "/people", "/companies", "/departments", "/leave", "/rooms", "/group",
    ],
    "ana": ["/", "/account", "/account/security", "/account/tokens", "/leave", "/rooms"],
    "client": ["/", "/account", "/account/security", "/rooms"],
}  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
async def test_every_form_saves_as_it_was_drawn(own_house: House, who: str) -> None:
    house, tried = own_house, []
    async with house.browser(who) as browser:
        pages = list(PAGES[who])
        if who == "admin":
            pages += [f"/rooms/{house.room}", f"/people/{house.person('ana').id}", f"/companies/{house.scene.company}"]
        for page in pages:
            shown = await browser.get(page, follow_redirects=True)
            if shown.status_code == 404:
                continue
            assert shown.status_code == 200, page
            for form in drawn_forms(shown.text):
                if form.needs or form.asks_password or not form.command.endswith(".change"):
                    continue
                action = urljoin(str(shown.url), form.action)
                answer = await browser.post(action, data=form.data())
                why = re.findall(r"invalid-feedback[^>]*>([^<]+)|alert-danger[^>]*>\s*([^<]+)", answer.text)
                tried.append((answer.status_code, f"{page} {form.command}: {why} {form.data()}"))
    assert tried
    refused = [what for status, what in tried if status != 303]
    assert not refused, "\n".join(refused)
