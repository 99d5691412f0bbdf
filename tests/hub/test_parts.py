"""Parts: each folder that brings something is listed, and brings it once."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from hub.parts import FINDS, IN_ROOMS, LETTERS, NOTICES, PARTS, READS, TABS, VERBS
from people.mail import MailKind
from store.commands import catalogue
from store.parts import Part
from store.rows import Row

ROOT = Path(__file__).parents[2]
FOLDERS = ("people", "processes", "clients", "staff", "rooms", "presence")


def _said() -> Iterator[Part]:
    """The parts that folders say of themselves."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("part.py")):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            yield from (value for value in vars(module).values() if isinstance(value, Part))


def test_every_part_is_listed_once() -> None:
    assert sorted(part.name for part in PARTS) == sorted({part.name for part in _said()})


def test_nothing_is_brought_twice() -> None:
    assert len(catalogue(VERBS)) == len(VERBS)
    assert len({read.path for read in READS}) == len(READS)
    assert len({find.kind for find in FINDS}) == len({find.place for find in FINDS}) == len(FINDS)
    assert len(LETTERS) == sum(len(part.letters) for part in PARTS)


def test_who_says_nothing_of_their_events_is_heard_too() -> None:
    silent = {name for part in PARTS if part.notices is not None for name in part.notices.silent}
    assert {"membership.added", "mention.added", "timer.started"} <= silent
    assert silent == NOTICES.silent


def test_whatever_forgets_is_asked_to() -> None:
    forgetting = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "async def forget_old(tx: Transaction) -> None" in path.read_text()
    }
    asked = {forget.__module__ for part in PARTS for forget in part.upkeep.forgets}
    assert "people.mail.links" in forgetting
    assert forgetting <= asked


def test_whatever_is_posted_is_a_letter_of_a_part() -> None:
    declaring = [
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"= (mail|account)_kind\(", path.read_text())
    ]
    declared = {value for module in declaring for value in vars(module).values() if isinstance(value, MailKind)}
    assert {"invitation", "leave_asked", "mail_test"} <= {kind.name for kind in declared}
    assert declared == set(LETTERS.values())


def test_every_letter_has_its_template() -> None:
    letters = (ROOT / "web" / "templates" / "letters").glob("*.html")
    assert {path.stem for path in letters if "{% extends form %}" in path.read_text()} == LETTERS.keys()


def test_every_table_with_a_description_has_it_drawn() -> None:
    described = {
        mapper.class_ for mapper in Row.registry.mappers if {"description", "html"} <= set(mapper.columns.keys())
    }
    assert described == {table for part in PARTS for table in part.upkeep.described}


def test_what_is_a_part_s_of_a_room_is_what_it_shows_there() -> None:
    assert {part.name: part.lists for part in IN_ROOMS} == {
        "wall": ("messages", "reactions", "pins", "earlier_messages"),
        "tasks": ("tasks", "labels_of_tasks"),  # labels are the process's too
        "time": ("entries",),
        "files": ("files",),
    }


def test_what_is_counted_is_a_part_s_own_and_told_by_its_events() -> None:
    for part in PARTS:
        for count in part.counts:
            assert count.of.things in part.lists
            assert count.of.thing in count.added_by.model_fields
            assert count.without is None or count.without in count.of.model_fields


def test_a_room_s_tabs_are_those_that_its_parts_say() -> None:
    assert [tab.name for tab in TABS.all] == ["overview", "wall", "tasks", "files", "timesheet", "timeline"]
    assert [tab.name for tab in TABS.all if not tab.shares_place] == ["wall", "tasks", "files"]
    assert TABS.needs("files") == frozenset({"wall", "time", "files"})
    assert TABS.needs("timeline") == frozenset({"wall", "time", "tasks"})
    assert TABS.needs("mirror") is None
    assert TABS.by_part == {"wall": "wall", "tasks": "tasks", "time": "timesheet", "files": "files"}
    assert {part for tab in TABS.all for part in tab.needs} <= {part.name for part in PARTS}
