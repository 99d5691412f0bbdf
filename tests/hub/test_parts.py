"""Parts: each folder that brings something is listed, and brings it once."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from hub.parts import FINDS, IN_ROOMS, IN_SNAPSHOTS, LETTERS, NOTICES, PARTS, READS, TABS, VERBS
from people.mail import MailKind
from store.commands import catalogue
from store.events import WireForm
from store.parts import Part, Shown, tabs_of
from store.rows import Row
from store.tabs import Tab

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
    assert silent
    assert silent == NOTICES.silent


def test_whatever_forgets_is_asked_to() -> None:
    forgetting = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "async def forget_old(tx: Transaction) -> None" in path.read_text()
    }
    asked = {forget.__module__ for part in PARTS for forget in part.upkeep.forgets}
    assert forgetting
    assert forgetting <= asked


def test_whatever_is_posted_is_a_letter_of_a_part() -> None:
    declaring = [
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"= (mail|account)_kind\(", path.read_text())
    ]
    declared = {value for module in declaring for value in vars(module).values() if isinstance(value, MailKind)}
    assert declared == set(LETTERS.values())


def test_every_letter_has_its_template() -> None:
    letters = (ROOT / "web" / "templates" / "letters").glob("*.html")
    assert {path.stem for path in letters if "{% extends form %}" in path.read_text()} == LETTERS.keys()


def test_every_table_with_a_description_has_it_drawn() -> None:
    described = {
        mapper.class_ for mapper in Row.registry.mappers if {"description", "html"} <= set(mapper.columns.keys())
    }
    assert described == {table for part in PARTS for table in part.upkeep.described}


class PotForm(WireForm):
    things: ClassVar[str] = "pots"


class RecipeForm(WireForm):
    things: ClassVar[str] = "recipes"


def test_what_is_a_part_s_of_a_room_is_what_it_shows_there_alone() -> None:
    shown: Mapping[Shown, Any] = {"room": (PotForm, RecipeForm), "process": (RecipeForm,), "person": (PotForm,)}
    assert Part("kitchen", shown=shown, beside={"more_pots": bool}).lists == ("pots", "more_pots")


def test_what_is_done_in_rooms_shows_lists_of_its_own() -> None:
    assert all(part.lists for part in IN_ROOMS)
    lists = [name for part in PARTS for name in part.lists]
    assert len(set(lists)) == len(lists)


def test_what_speaks_of_a_thing_that_a_glance_may_lack_says_so() -> None:
    """Else a kept picture goes on without it."""
    lists = {form.thing: form.things for part in IN_ROOMS for form in part.shown.get("room", ())}
    speaking = {
        (form, name, lists[thing])
        for form in IN_SNAPSHOTS["room"]
        for name in form.model_fields
        if (thing := re.sub(r"_ids?$", "", name)) in lists and thing != name
    }
    assert {(form.thing, name) for form, name, _things in speaking} >= {
        ("entry", "task_id"),
        ("reaction", "message_id"),
    }
    silent = {(form.thing, name) for form, name, things in speaking if form.speaks_of.get(name) != things}
    # A pin has its words with it, a file is shown without its task, and labels are always there.
    assert silent == {("pin", "message_id"), ("file", "task_id"), ("task_labels", "label_ids")}


def test_what_is_counted_is_a_part_s_own_and_told_by_its_events() -> None:
    for part in PARTS:
        for count in part.counts:
            assert count.of.things in part.lists
            assert count.of.thing in count.added_by.model_fields
            assert count.without is None or count.without in count.of.model_fields


def test_a_room_s_tabs_are_those_that_its_parts_say() -> None:
    kitchen = Part("kitchen", tabs=(Tab("stove", 3, needs=("kitchen",), icon="flame"),))
    cellar = Part("cellar", tabs=(Tab("wines", 2, icon="bottle"), Tab("stairs", 4)), at_every_tab=True)
    garden = Part("garden", tabs=(Tab("lawn", 1),), at_tabs=("stove",))
    tabs = tabs_of((kitchen, cellar, garden))
    assert [tab.name for tab in tabs.all] == ["lawn", "wines", "stove", "stairs"]
    assert [tab.name for tab in tabs.all if tab.shares_place] == ["lawn", "stairs"]
    assert tabs.by_part == {"kitchen": "stove", "garden": "lawn"}, "of the cellar's two neither is the one"
    assert tabs.needs("lawn") == frozenset({"cellar"})
    assert tabs.needs("stove") == frozenset({"cellar", "kitchen", "garden"})
    assert tabs.needs("mirror") is None


def test_a_room_s_tabs_are_told_apart_and_need_what_there_is() -> None:
    names, parts = {tab.name for tab in TABS.all}, {part.name for part in PARTS}
    assert len(names) == len({tab.place for tab in TABS.all}) == len(TABS.all) > 1
    assert {part for tab in TABS.all for part in tab.needs} <= parts
    assert {name for part in PARTS for name in part.at_tabs} <= names
