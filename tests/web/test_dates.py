"""Dates that somebody enters: the first and the last that there are can't be reckoned with, and are refused by name."""

import inspect
from datetime import date, datetime
from typing import Any, get_args

import pytest

from commands.faults import read_command
from hub.parts import VERBS
from store.commands import Command, catalogue
from store.days import known_moment
from store.errors import Invalid
from tests.web.houses import House

LEAVE = "staff.leave"
"""Leave and holidays have narrower years of their own, which their verbs ask for."""


def dates() -> list[tuple[type[Command], str]]:
    """These are the fields of all commands that hold a date."""
    entries = catalogue(VERBS).values()
    return [
        (entry.command, name)
        for entry in entries
        for name, field in entry.command.model_fields.items()
        if _holds_a_date(field.annotation) and not entry.command.__module__.startswith(LEAVE)
    ]


def _holds_a_date(annotation: Any) -> bool:
    kinds = (annotation, *get_args(annotation), *(kind for each in get_args(annotation) for kind in get_args(each)))
    return any(inspect.isclass(kind) and issubclass(kind, date) for kind in kinds)


@pytest.mark.parametrize(("command", "field"), dates(), ids=lambda of: getattr(of, "wire_name", of))
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_date_out_of_bounds_is_refused(command: type[Command], field: str, day: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_command(command, {field: day})
    assert refused.value.fields[field] == "This must be between 1900 and 2199."


def test_there_are_such_fields() -> None:
    assert {("task.create", "due_on"), ("api_token.make", "expires_on")} <= {
        (command.wire_name, field) for command, field in dates()
    }


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1900-01-01T00:00:00+02:00"])
def test_a_moment_that_has_no_place_in_utc_is_none(at: str) -> None:
    with pytest.raises(ValueError, match="1900"):
        known_moment(datetime.fromisoformat(at))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["since", "until"])
async def test_the_journal_says_which_of_its_days_can_t_be(house: House, name: str, day: str) -> None:
    async with house.browser("admin") as browser:
        assert (await browser.get(f"/journal?{name}={day}")).status_code == 422
        assert (await browser.get(f"/journal?{name}=2026-11-21")).status_code == 200
