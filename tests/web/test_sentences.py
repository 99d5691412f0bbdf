"""Sentences: what is said of an event is declared once, and said alike on the server and in the browser."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from hub.parts import FINDS, JOURNAL, NOTICES, TIMELINE
from people.sentences import HISTORY
from staff.employees.sentences import READINGS
from store.events import Event
from store.sentences import BLANK, FromEvent, Otherwise, Said, Sentences, joined, sentence
from web.assets import FOLDER, manifest, words
from web.timelines import room_readings, timeline_lines
from web.words.excerpts import plain
from web.words.formatting import Reader, reading_as
from web.words.sentences import in_markup, in_words
from web.words.signatures import bearer
from web.words.translations import translated

TABLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "shared" / "sentences.json").read_text())
"""What the browser says too: web/client/tests/sentences.test.ts reads it."""
READER = Reader("en", UTC, datetime(2026, 11, 29, tzinfo=UTC))


def _forms(names: dict[str, str], word: str) -> list[dict[str, str]]:
    return [{"id": id, word: name} for id, name in names.items()]


def _room() -> dict[str, Any]:
    room = TABLE["room"]
    return {
        "tasks": _forms(room["tasks"], "title"),
        "files": _forms(room["files"], "name"),
        "process": {name: _forms(room[name], "name") for name in ("room_stages", "task_stages")},
    }


def test_the_timeline_says_what_is_expected() -> None:
    for case in TABLE["timeline"]:
        event = {"actor_id": "ana"} | case["event"]
        with reading_as(READER):
            lines = [line.text for line in timeline_lines(TIMELINE, [event], _room(), TABLE["room"]["persons"])]
        assert lines == ([] if case["said"] is None else [case["said"]])


def test_a_line_of_what_clients_don_t_see_says_so() -> None:
    forms: list[dict[str, Any]] = [{"audience": "team"}, {"audience": "all"}, {"gone": True}]
    told = [
        {"name": "message.posted", "actor_id": "ana", "message": {"id": "m", "body": "Hello"} | form} for form in forms
    ]
    with reading_as(READER):
        lines = timeline_lines(TIMELINE, told, _room(), TABLE["room"]["persons"])
        assert [line.for_team for line in lines] == [True, False, False]


def test_a_fact_stands_in_what_its_event_tells_of() -> None:
    facts = {name: each.fact for name, each in TIMELINE.items() if each.fact}
    assert facts
    for name, fact in facts.items():
        assert fact.of.thing in Event.registry[name].model_fields
        assert {fact.at, fact.by} - {""} <= fact.of.model_fields.keys()
        assert "audience" in fact.of.model_fields


def test_notices_say_what_is_expected() -> None:
    for case in TABLE["notices"]:
        said = NOTICES.said(case["event"] | {"language": "en"}, {})
        assert (said and in_words(said, "en"), said and said.kind) == (case["said"], case["kind"])


def test_every_pattern_is_said_once_at_least() -> None:
    readings = room_readings(_room(), TABLE["room"]["persons"], "en")
    told = [{"actor_id": "ana"} | case["event"] for case in TABLE["timeline"]]
    said = [TIMELINE.said(event | {"bearer": bearer(event)}, readings) for event in told]
    assert [each and each.icon for each in said] == [case["icon"] for case in TABLE["timeline"]]
    said += [NOTICES.said(case["event"] | {"language": "en"}, {}) for case in TABLE["notices"]]
    patterns = {say.pattern for table in (TIMELINE, NOTICES) for each in table.values() for say in each.says}
    missing = patterns - {each.pattern for each in said if each}
    assert not missing, f"add an event to tests/shared/sentences.json of which this is said: {missing}"


def test_what_was_written_stands_in_a_line_without_signs() -> None:
    assert [plain(markdown) for markdown, _line in TABLE["plain"]] == [line for _markdown, line in TABLE["plain"]]


@pytest.mark.parametrize("language", ["ro", "uk"])
def test_every_sentence_is_said_in_every_language(language: str) -> None:
    for table in (TIMELINE, NOTICES, HISTORY, READINGS, JOURNAL):
        for each in table.values():
            for pattern in each.patterns:
                blanks = BLANK.findall(pattern)
                said = Said(pattern, {blank: f"<{blank}>" for blank in blanks}, "", "")
                text = in_words(said, language)
                assert text != in_words(said, "en")
                assert all(f"<{blank}>" in text for blank in blanks)
        for called in (*table.details.values(), *table.kinds.values()):
            assert translated(language, called) != called


def test_the_browser_has_the_words_and_the_icons() -> None:
    learned = {text for text in words() if isinstance(text, str)}
    said = {pattern for table in (TIMELINE, NOTICES) for each in table.values() for pattern in each.patterns}
    assert said | set(TIMELINE.kinds.values()) <= learned
    sprite = (FOLDER / manifest()["icons.svg"]).read_text()
    tables = (TIMELINE, NOTICES, HISTORY, READINGS)
    icons = {say.icon or each.icon for table in tables for each in table.values() for say in each.says}
    icons |= {find.icon for find in FINDS}
    assert not [icon for icon in icons if f'id="{icon}"' not in sprite]


def test_every_kind_can_be_asked_for() -> None:
    assert list(TIMELINE.kinds) == list(dict.fromkeys(each.kind for each in TIMELINE.values()))
    assert [name for kind in TIMELINE.kinds for name in TIMELINE.of(kind)] == list(TIMELINE)


def test_what_fills_a_blank_is_only_text() -> None:
    said = Said("{who} wrote: {words}", {"who": "{words} <i>", "words": "<b>{who}"}, "message", "wall")
    assert in_words(said, "en") == "{words} <i> wrote: <b>{who}"
    assert in_markup(said, "en") == "<b>{words} &lt;i&gt;</b> wrote: &lt;b&gt;{who}"
    assert in_markup(said, "en", who=Markup("<a>Ana</a>")) == "<a>Ana</a> wrote: &lt;b&gt;{who}"
    nobody = Said("{name} signed in", {"name": Otherwise("Unknown person")}, "", "sign_ins")
    assert in_words(nobody, "ro") == "Persoană necunoscută s-a conectat"


def test_each_folder_says_where_its_own_fillings_are() -> None:
    said = sentence("pot.boiled", "{what} boiled", kind="kitchen")
    pots = Sentences(said, blanks={"what": (FromEvent("pot.name"),)})
    pans = Sentences(blanks={"what": (FromEvent("pan.name"), Otherwise("Something"))})
    told = {"name": "pot.boiled", "pan": {"name": "The pan"}}
    assert (found := joined(pots, pans).said(told, {})) is not None
    assert found.params == {"what": "The pan"}
    assert (found := joined(pots, pans).said(told | {"pot": {"name": "The pot"}}, {})) is not None
    assert found.params == {"what": "The pot"}
    assert pots.said(told, {}) is None


def test_nothing_is_listed_twice() -> None:
    blanks = {"who": (FromEvent("", "doer"),)}
    once = Sentences(sentence("room.opened", "{who} opened the room", kind="room"), blanks=blanks)
    with pytest.raises(ValueError, match=r"listed twice: room\.opened"):
        joined(once, once)
    with pytest.raises(ValueError, match=r"listed twice: room\.opened"):
        joined(once, Sentences(blanks=blanks, silent=["room.opened"]))
    with pytest.raises(ValueError, match="always filled before: who"):
        joined(Sentences(blanks={"who": (Otherwise("Somebody"),)}), once)
    with pytest.raises(ValueError, match="declared nowhere: whose"):
        Sentences(sentence("room.opened", "{whose} opened the room", kind="room"), blanks=blanks)
