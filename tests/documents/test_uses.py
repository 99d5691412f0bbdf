"""What stands in the product is called by the product: what tests alone call stands with them."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache

import pytest

from tests.documents.texts import PACKAGES, ROOT, files

NOT_THE_PRODUCT = {"tests", "bench"}
KEPT = {"web.words.zones.CONTINENTS"}
"""Nobody calls it: it says which texts are to be translated."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


def test_what_the_product_defines_it_uses() -> None:
    trees = product()
    assert len(trees) > 300
    used = {use for tree in trees.values() for use in outside_uses(tree)}
    drawn = set(re.findall(r"\w+", "".join(path.read_text() for path in (ROOT / "web/templates").rglob("*.html"))))
    unused = {f"{module}.{name}" for module, tree in trees.items() for name in unused_in(module, tree, used | drawn)}
    assert unused - KEPT == set()


@cache
def product() -> dict[str, ast.Module]:
    """The modules of the product, by their dotted names."""
    ours = [file for file in sorted(files()) if file.endswith(".py") and file.split("/")[0] in PACKAGES]
    return {
        file.removesuffix(".py").removesuffix("/__init__").replace("/", "."): ast.parse((ROOT / file).read_text())
        for file in ours
        if file.split("/")[0] not in NOT_THE_PRODUCT
    }


def unused_in(module: str, tree: ast.Module, used: Set[str]) -> Iterator[str]:
    """The names that a module defines and nothing uses, itself included. A migration's are read by its library."""
    if ".versions." in module:
        return
    beside = uses(tree)
    for node in tree.body:
        if isinstance(node, Definition) and not called_by_itself(node):
            for name in names_of(node):
                if not {f"{module}.{name}", name} & used and beside[name] <= uses(node)[name]:
                    yield name


def called_by_itself(node: Definition) -> bool:
    """A decorator, or the class above it, may have it called: a row, an event, a model of another's library."""
    return bool(getattr(node, "decorator_list", ())) or bool(getattr(node, "bases", ()))


def names_of(node: Definition) -> list[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [each.id for each in targets if isinstance(each, ast.Name) and not each.id.startswith("__")]
    return [node.name]


def uses(tree: ast.AST) -> Counter[str]:
    """How often each name is said, outside of docstrings. An annotation may be a string."""
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found[node.id] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            found.update(re.findall(r"\w+", node.value))
    return found


def outside_uses(tree: ast.Module) -> Iterator[str]:
    """What a module uses of others, by dotted names."""
    called: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            called |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            called |= {each.asname or each.name: each.name for each in node.names}
    yield from called.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in called:
            yield f"{called[node.value.id]}.{node.attr}"


@pytest.mark.parametrize("source", ["def hours(): return hours()", "HOURS = 1", "HOURS: int = 1", "class Hours: ..."])
def test_what_nothing_uses_is_seen(source: str) -> None:
    assert len(list(unused_in("rooms.hours", ast.parse(source), {"rooms.days.hours"}))) == 1


@pytest.mark.parametrize("source", ["HOURS = 1\nDAYS = HOURS", "class Event(Model): ...", "@route\ndef hours(): ..."])
def test_what_is_used_is_not(source: str) -> None:
    assert list(unused_in("rooms.hours", ast.parse(source), {"rooms.hours.DAYS"})) == []
