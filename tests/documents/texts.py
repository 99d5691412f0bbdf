"""What is written for people: the documents, and the comments and docstrings of the sources."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOT_OURS = {"node_modules", "static", "__pycache__"}
REMARKS = {
    ".ts": re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".html": re.compile(r"\{#.*?#\}", re.DOTALL),
}


@cache
def files() -> frozenset[str]:
    """The paths of all that is ours, from the root."""
    looked_in = [*PACKAGES, ".ci", ".githooks", "deploy", "docs"]
    below = [path for folder in looked_in for path in (ROOT / folder).rglob("*") if not NOT_OURS & set(path.parts)]
    return frozenset(str(path.relative_to(ROOT)) for path in [*below, *ROOT.glob("*.*")] if path.is_file())


@cache
def writings() -> dict[str, str]:
    """What each file says to people, by its path."""
    said = {str(path.relative_to(ROOT)): path.read_text() for path in DOCUMENTS}
    for name in sorted(files()):
        path = ROOT / name
        if path.suffix == ".py":
            said[name] = "\n".join(remarks(path.read_text()))
        elif path.suffix in REMARKS:
            said[name] = "\n".join(REMARKS[path.suffix].findall(path.read_text()))
    return said


def remarks(source: str) -> Iterator[str]:
    """The comments and docstrings of a module in Python; a string that stands alone counts as a docstring."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
