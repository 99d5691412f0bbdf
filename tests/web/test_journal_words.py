"""The journal says everything that is written into it in words."""

import re
from importlib import import_module
from pathlib import Path

from hub.parts import JOURNAL
from web.pages.journal import GROUPS

ROOT = Path(__file__).parents[2]
FOLDERS = ("people", "clients", "staff", "processes", "rooms", "presence", "web")
WRITTEN = re.compile(r'\bJOURNAL\["(\w+)"\]')


def _written() -> dict[str, set[str]]:
    """The words that are written, by the modules that write them."""
    found = {}
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        if words := set(WRITTEN.findall(path.read_text())):
            found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = words
    return found


def test_what_is_written_has_words() -> None:
    written = _written()
    assert {"people.signing.sign_in", "people.persons.locks", "clients.kept_clients"} <= written.keys()
    for module, words in written.items():
        assert words <= vars(import_module(module))["JOURNAL"].keys(), module


def test_what_is_written_is_said_on_the_page() -> None:
    for module in _written():
        for word, said in vars(import_module(module))["JOURNAL"].items():
            assert JOURNAL[word] is said


def test_what_is_asked_for_is_written() -> None:
    kinds = {each.kind for each in JOURNAL.values()}
    asked = {kind for _label, those in GROUPS.values() for kind in those}
    assert asked <= kinds
    assert kinds - asked == {"accounts"}, "only everything has these"
