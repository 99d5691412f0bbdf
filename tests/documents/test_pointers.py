"""Documents, comments and docstrings point at what is there, and nowhere outside of the repository."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.documents.texts import DOCUMENTS, PACKAGES, ROOT, files, writings

PACKAGE = "|".join(PACKAGES)
FILE = re.compile(r"(?<![\w./*{}<>-])(?:[\w.-]+/)*[\w-]+\.(?:py|ts|mjs|html|css|po|md)\b(?!\.\w)")
FOLDER = re.compile(rf"(?<![\w./-])(?:(?:{PACKAGE}|docs|deploy)/(?:[\w-]+/)*)(?![\w*<{{…])")
MODULE = re.compile(rf"(?<![\w./@-])(?:{PACKAGE})(?:\.\w+)+\b(?!/)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
OUTSIDE = re.compile(
    r"\.\./shared|/work/\w|\b(?:DESIGN|PRODUCT|STYLE|LOOK|FANOUT|FIELDS|MEDIA|SEARCH)(?:\.md|'s\b|\s+§)"
    r"|\b[Ii]ssues? #?\d|(?<![\w&/])(?<!PKCS )#\d+\b(?!;)"
)
OTHERS_FILES = {"conf.py", "setup.py"}
"""What is named though it is another program's."""


def test_every_file_that_is_named_is_there() -> None:
    assert {
        (name, file) for name, text in writings().items() for file in FILE.findall(text) if lost(name, file)
    } == set()


def lost(name: str, file: str) -> bool:
    """Is there no such file, from the root, from the one that names it, or by the end of its path?"""
    beside = Path(name).parent / file
    known = any(f"/{path}".endswith(f"/{file}") for path in files())
    return not known and not (ROOT / beside).is_file() and file not in OTHERS_FILES


def test_every_folder_that_is_named_is_there() -> None:
    named = {(name, folder) for name, text in writings().items() for folder in FOLDER.findall(text)}
    assert len(named) > 5
    assert {(name, folder) for name, folder in named if not (ROOT / folder).is_dir()} == set()


def test_every_module_that_is_named_is_there() -> None:
    sources = {name: text for name, text in writings().items() if name.endswith((".py", ".md"))}
    named = {(name, module) for name, text in sources.items() for module in MODULE.findall(text)}
    assert len(named) > 10
    assert {(name, module) for name, module in named if not is_there(module)} == set()


def is_there(dotted: str) -> bool:
    """Is it a package or a module, or a name that stands in one?"""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:end])
        module = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if module.is_file():
            return end == len(parts) or re.search(rf"\b{parts[end]}\b", module.read_text()) is not None
    return False


def test_every_test_that_is_named_is_there() -> None:
    named = {named for text in writings().values() for named in TEST.findall(text)}
    assert len(named) > 250
    assert {(file, test) for file, test in named if test not in functions_of(file)} == set()


@cache
def functions_of(file: str) -> set[str]:
    if not (ROOT / file).is_file():
        return set()
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, functions)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text()) if "://" not in link]
    assert {link for link in links if not leads_somewhere(document, link)} == set()


def leads_somewhere(document: Path, link: str) -> bool:
    file, _sign, place = link.partition("#")
    path = document.parent / file if file else document
    return path.exists() and (not place or place in places_of(path))


@cache
def places_of(path: Path) -> set[str]:
    """The addresses of a document's headings, as they are made of their words."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_nothing_points_outside() -> None:
    assert {(name, found) for name, text in writings().items() for found in OUTSIDE.findall(text)} == set()


@pytest.mark.parametrize(
    "words", ["see ../shared/x", "what DESIGN's contract says", "DESIGN §5", "by PRODUCT.md", "issue 11", "as in #42"]
)
def test_what_points_outside_is_seen(words: str) -> None:
    assert OUTSIDE.search(words)


@pytest.mark.parametrize("words", ["&#39;", "PKCS #1", "an issued invoice", "a/b#12", "#0054a6", "the design's idea"])
def test_what_only_looks_so_is_not(words: str) -> None:
    assert not OUTSIDE.search(words)


def test_what_is_not_there_is_seen() -> None:
    assert FILE.findall("`rooms/nowhere.py` and models/nothing.ts.") == ["rooms/nowhere.py", "models/nothing.ts"]
    assert lost("docs/a.md", "rooms/nowhere.py")
    assert not lost("docs/a.md", "tests/documents/test_pointers.py")
    assert FOLDER.findall("in `web/nowhere/`, and in tests/documents/") == ["web/nowhere/", "tests/documents/"]
    assert MODULE.findall("`web.nowhere` or tests.documents.texts.") == ["web.nowhere", "tests.documents.texts"]
    assert not is_there("web.nowhere")
    assert is_there("tests.documents.texts.remarks")
    assert not is_there("tests.documents.texts.nothing_of_that_name")
