"""Declared pages: what a page says of itself is what it does, wherever it is asked, posted to or offered."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from clients.services import AddService
from hub.contract.classes import COMMANDS
from people.signing.tokens import MakeApiToken
from tests.web.houses import House
from web.declared import Form, Page
from web.pages.account import tokens
from web.pages.routes import OF_THEIR_OWN, PAGES, ROUTES
from web.pages.settings import services

PLACES = re.compile(r'class="place" href="(/[^"]*)"')
DECLARED = [each for each in PAGES if isinstance(each, Page)]


async def get(house: House, who: str, path: str) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.get(path)


async def send(house: House, who: str, page: str, action: str, **fields: Any) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.send_form(page, action, **fields)


def forms() -> Iterator[tuple[Page, Form]]:
    for page in DECLARED:
        for form in page.forms:
            yield page, form if isinstance(form, Form) else Form(form)


def test_each_form_of_a_page_runs_a_command_that_there_is() -> None:
    assert {form.name for _page, form in forms()} <= set(COMMANDS)


def test_a_page_leaves_out_the_forms_name_only_where_it_has_one() -> None:
    assert [page.url for page, form in forms() if not form.named and len(page.forms) > 1] == []


def test_no_two_pages_have_one_address() -> None:
    addresses = [(route.path, method) for route in ROUTES for method in route.methods or ()]  # type: ignore[attr-defined]
    assert len(addresses) == len(set(addresses))
    assert len(OF_THEIR_OWN) < len(ROUTES) / 3


@pytest.mark.parametrize("who", ["admin", "ana", "client", "root"])
async def test_menus_offer_just_the_pages_that_open(house: House, who: str) -> None:
    first = await get(house, who, "/")
    offered = set(PLACES.findall(first.text))
    assert offered, "there is no menu"
    for address in offered:
        shown = await get(house, who, address)
        assert shown.status_code in (200, 303), address
    for address in {"/people", "/companies", "/settings", "/installation"} - offered:
        assert (await get(house, who, address)).status_code in (403, 404), address


@pytest.mark.parametrize(("who", "status"), [("admin", 303), ("ana", 403), ("client", 404), ("root", 404)])
async def test_a_page_takes_a_form_only_from_whom_it_opens_to(own_house: House, who: str, status: int) -> None:
    form = {"command": AddService.wire_name, "name": "Hosting"}
    answer = await send(own_house, who, "/account", services.PAGE.url, **form)
    assert answer.status_code == status
    listed = await get(own_house, "admin", services.PAGE.url)
    assert ("Hosting" in listed.text) == (who == "admin")


async def test_a_page_runs_no_command_of_another_page(house: House) -> None:
    form = {"command": MakeApiToken.wire_name, "name": "Mine"}
    answer = await send(house, "admin", "/account", services.PAGE.url, **form)
    assert answer.status_code == 404
    assert "Mine" not in (await get(house, "admin", tokens.PAGE.url)).text


async def test_one_comes_back_to_the_page_with_its_query_and_what_was_done(own_house: House) -> None:
    form = {"command": AddService.wire_name, "name": "Hosting"}
    answer = await send(own_house, "admin", "/account", f"{services.PAGE.url}?kept=1&done=before", **form)
    assert answer.headers["location"] == f"{services.PAGE.url}?kept=1&done=service.add"


async def test_a_part_is_drawn_by_itself_for_whom_the_page_opens_to(house: House) -> None:
    part = await get(house, "admin", f"/parts{services.PAGE.url}")
    assert part.status_code == 200
    assert "<html" not in part.text
    assert part.text.strip() in (await get(house, "admin", services.PAGE.url)).text
    assert (await get(house, "ana", f"/parts{services.PAGE.url}")).status_code == 403
