"""The contract is what the classes give, and what public validators take. (The AsyncAPI one is tried in web/client.)"""

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from hub.contract import openapi
from hub.contract.__main__ import files
from hub.contract.classes import COMMANDS, EVENTS
from hub.contract.typescript import typescript
from hub.parts import READS, VERBS
from store.events import Event
from store.reads import Read
from tests.patience import browser_at


def test_the_committed_files_are_what_the_classes_give() -> None:
    for path, text in files().items():
        assert path.read_text() == text, f"run python -m hub.contract: {path.name}"


def test_the_browser_knows_the_type_of_every_field() -> None:
    unknown = re.findall(r"(\w+)\??: [^;\]\n]*\bunknown\b", typescript())
    assert set(unknown) == {"data"}, "a signal alone carries what it likes"


def test_the_openapi_document_is_valid() -> None:
    validate(openapi("1.0.0"))


def test_every_command_has_its_own_address() -> None:
    paths = openapi("1.0.0")["paths"]
    assert len(COMMANDS) == len(VERBS)
    for name in COMMANDS:
        assert f"/api/v1/commands/{name}" in paths


@pytest.mark.parametrize("read", READS, ids=lambda read: read.name)
def test_every_read_says_what_it_gives(read: Read) -> None:
    said = openapi("1.0.0")["paths"][f"/api/v1{read.path}"]["get"]
    assert said["summary"].endswith(".")
    assert [each["name"] for each in said["parameters"]] == [*read.in_path, *read.in_query]


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.wire_name)
def test_every_event_says_what_happened_in_one_sentence(event: type[Event]) -> None:
    doc = (event.__doc__ or "").strip()
    assert doc.endswith(".")
    assert len(doc.split(". ")) == 1


@pytest.mark.parametrize("name", ["openapi.json", "asyncapi.json"])
async def test_the_hub_serves_it(hub: str, name: str) -> None:
    async with browser_at(hub) as client:
        served: dict[str, Any] = (await client.get(f"/api/v1/{name}")).json()
    committed = next(text for path, text in files().items() if path.name == name)
    assert served == json.loads(committed)
