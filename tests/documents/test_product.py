"""docs/product.md: whatever bears the id of a statement points to one that is there."""

import re

from tests.documents.texts import ROOT, files, writings

GROUPS = "CC|WO|OC|MC|RV|BY"
STATEMENTS = re.findall(
    rf"^- \*\*((?:{GROUPS})-P?\d+)\*\* (\S.*)$", (ROOT / "docs/product.md").read_text(), re.MULTILINE
)
WRITTEN = re.compile(rf"\b((?:{GROUPS})-P?\d+)\b")
IN_A_NAME = re.compile(rf"def test_({GROUPS})_?(p?)(\d+)_", re.IGNORECASE)


def test_each_statement_has_an_id_of_its_own() -> None:
    ids = [id for id, _sentence in STATEMENTS]
    assert len(ids) > 350
    assert len(set(ids)) == len(ids)


def test_every_id_in_a_document_or_a_comment_is_there() -> None:
    named = {(name, id) for name, text in writings().items() for id in WRITTEN.findall(text)}
    assert len({id for _name, id in named}) > 350
    assert unknown(named) == set()


def test_every_id_in_a_test_s_name_is_there() -> None:
    tests = [name for name in files() if name.startswith("tests/") and name.endswith(".py")]
    named = {(name, id) for name in tests for id in ids_in_names((ROOT / name).read_text())}
    assert len(named) > 100
    assert unknown(named) == set()


def unknown(named: set[tuple[str, str]]) -> set[tuple[str, str]]:
    there = {id for id, _sentence in STATEMENTS}
    return {(name, id) for name, id in named if id not in there}


def ids_in_names(source: str) -> set[str]:
    """`test_mc_p04_…` bears MC-P04."""
    return {f"{group.upper()}-{kind.upper()}{number}" for group, kind, number in IN_A_NAME.findall(source)}


def test_ids_are_found_in_the_names_of_tests() -> None:
    source = f"def test_cc102_sees():\nasync def test_mc_p04_opens():\ndef test_wo{999}_does():\ndef test_wood_burns():"
    assert ids_in_names(source) == {"CC-102", "MC-P04", "WO-999"}
    assert unknown({("a", "CC-102"), ("b", "WO-999")}) == {("b", "WO-999")}
