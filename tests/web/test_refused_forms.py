"""A refused form, however short: what was typed stands in it, what is wrong stands at its field, and there alone."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.houses import House

LONG = "x" * 200
INPUT = re.compile(r"<input[^>]*>")


async def process(house: House) -> dict[str, Any]:
    async with house.bot("admin") as bot:
        found: dict[str, Any] = (await bot.get(f"/api/v1/rooms/{house.room}")).json()["process"]
        return found


async def refused(house: House, page: str, command: str, **fields: Any) -> str:
    """The page as it answers a form that was refused."""
    async with house.browser("admin") as browser:
        answer = await browser.send_form(page, page, command=command, **fields)
    assert answer.status_code == 422, answer.status_code
    return answer.text


def wrong(page: str) -> dict[str, str]:
    """The fields of a page that are marked as wrong, and what stands in each."""
    marked = [field for field in INPUT.findall(page) if 'aria-invalid="true"' in field]
    return {re.findall(r'name="([^"]*)"', field)[0]: re.findall(r'value="([^"]*)"', field)[0] for field in marked}


@pytest.mark.parametrize("command", ["process.change", "stage.change", "stage.add"])
async def test_a_process_s_name_and_those_of_its_stages_stay_as_typed(house: House, command: str) -> None:
    found = await process(house)
    of = {
        "process.change": {"process_id": found["id"]},
        "stage.change": {"stage_id": found["task_stages"][1]["id"]},
        "stage.add": {"process_id": found["id"], "of": "task", "final": "true"},
    }[command]
    page = await refused(house, "/settings/processes", command, name=LONG, **of)
    assert wrong(page) == {"name": LONG}
    assert page.count("This is too long.") == 1
    assert ('value="true" checked' in page) is (command == "stage.add")


async def test_a_day_off_keeps_the_name_that_was_typed_and_stays_open(own_house: House) -> None:
    day = f"{datetime.now(UTC).year}-08-11"
    await own_house.scene.agency.run(own_house.scene.agency.admin, "holiday.add", day=day, name="Founders' day")
    page = await refused(own_house, "/settings/leave", "holiday.rename", day=day, name=LONG, shown_year=day[:4])
    assert wrong(page) == {"name": LONG}
    assert page.count("This is too long.") == 1
    assert re.search(r'<details class="line-more" open>(?:(?!</details>).)*' + LONG, page, re.DOTALL)


@pytest.mark.parametrize(
    ("command", "field"), [("leave_allowance.change", "entitled"), ("leave_allowances.carry", "most")]
)
async def test_days_of_leave_stay_as_typed(house: House, command: str, field: str) -> None:
    async with house.browser("admin") as browser:
        shown = (await browser.get("/settings/leave")).text
    form = re.findall(rf'value="{command}">(.*?)</form>', shown, re.DOTALL)[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    page = await refused(house, "/settings/leave", command, **hidden | {field: "1000"})
    assert wrong(page) == {field: "1000"}


async def test_what_no_field_says_stands_above(house: House) -> None:
    page = await refused(house, "/settings/processes", "stage.change", stage_id="nothing", name="Design")
    assert "identifier" in re.findall(r'class="alert alert-danger".*?</div>\s*</div>', page, re.DOTALL)[0]
