"""The journal says everything that is written into it in words."""

import re
from importlib import import_module
from pathlib import Path

from hub.parts import JOURNAL
from people.installation import sentences as installation
from people.signing import sentences as signing
from store.sentences import LATEST, joined
from web.pages.journal import ALL, asked_for, kinds

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
    offered = {kind: set(asked_for(kind, JOURNAL)) for kind in kinds(JOURNAL) if kind != ALL}
    assert all(offered.values())
    for kind in JOURNAL.kinds.keys() - {LATEST}:
        assert {JOURNAL[name].kind for name in offered[kind]} == {kind}
    assert {"sign_in", "sign_in_failed", "impersonation_begun"} <= offered[LATEST]
    assert "password_changed" not in offered[LATEST]
    assert offered[LATEST] == set(asked_for("no such kind", JOURNAL))


def test_kinds_are_offered_in_their_order() -> None:
    offered = [LATEST, "failed", "factors", "acting", ALL]
    assert [*kinds(JOURNAL)] == offered
    assert [*kinds(joined(installation.JOURNAL, signing.JOURNAL))] == offered


def test_a_kind_is_shown_unasked_as_a_whole_or_not_at_all() -> None:
    unasked = {JOURNAL[name].kind for name in JOURNAL.latest}
    assert set(JOURNAL.of(*unasked)) == set(JOURNAL.latest)
