"""Patterns: no regular expression of the hub's costs more than some times the length of what it looks through."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.linear import NotLinear, must_be_linear

ROOT = Path(__file__).parents[2]
PACKAGES = ("clients", "commands", "hub", "people", "presence", "processes", "rooms", "staff", "store", "web")
OWN_WORDS = ("hub.demo.projects", "web.words.translations.__main__")
"""What looks through the project's own files alone."""
TAKERS = ("compile", "match", "fullmatch", "search", "split", "sub", "subn", "findall", "finditer")
MADE_OF = {"telling": [re.escape(word) for word in ("atrium", "Atelier Nord", "ana@atelier.example")]}
"""Such as what a pattern is made of that isn't its module's own."""
AT_ONE_PLACE = {"match", "fullmatch"}


@dataclass(frozen=True)
class Use:
    """A pattern as it stands somewhere, and whether matches are looked for everywhere."""

    place: str
    pattern: re.Pattern[Any]
    searched: bool


@dataclass(frozen=True)
class Module:
    name: str
    nodes: list[ast.AST]


def modules() -> Iterator[Module]:
    """The hub's modules that ask something of a pattern."""
    asks = re.compile(rf"\.({'|'.join(TAKERS)})\b")
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if "node_modules" not in parts and name not in OWN_WORDS and asks.search(text := path.read_text()):
                yield Module(name, list(ast.walk(ast.parse(text))))


MODULES = list(modules())


def uses() -> Iterator[Use]:
    asked = _methods_by_name()
    for module in MODULES:
        named = {id(node.value): _name(node) for node in module.nodes if isinstance(node, ast.Assign)}
        for node in module.nodes:
            if (taker := _taker(node)) and isinstance(node, ast.Call):
                methods = asked.get(named.get(id(node), ""), {"any"}) if taker == "compile" else {taker}
                yield Use(f"{module.name}:{node.lineno}", _pattern(module, node), not methods <= AT_ONE_PLACE)


def _name(assigned: ast.Assign) -> str:
    return next((target.id for target in assigned.targets if isinstance(target, ast.Name)), "")


def _taker(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name in TAKERS:
            return name
    return ""


def _methods_by_name() -> dict[str, set[str]]:
    """What is asked of each name anywhere, such as ``_WORD.match``."""
    found: dict[str, set[str]] = {}
    for module in MODULES:
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in TAKERS:
                found.setdefault(node.value.id, set()).add(node.attr)
    return found


def _pattern(module: Module, call: ast.Call) -> re.Pattern[Any]:
    """A pattern as it is made where it stands, out of what its module names."""
    words = MADE_OF | vars(import_module(module.name))
    flags = [part for part in (*call.args[1:], *(word.value for word in call.keywords)) if "re." in ast.unparse(part)]
    return re.compile(_value(call.args[0], words), *(_value(part, words) for part in flags))


def _value(node: ast.expr, words: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "pattern", "eval"), words)


@pytest.mark.parametrize("use", list(uses()), ids=lambda use: use.place)
def test_patterns_are_linear(use: Use) -> None:
    try:
        must_be_linear(use.pattern, searched=use.searched)
    except NotLinear as reason:
        pytest.fail(f"{use.place} {use.pattern.pattern!r}: {reason}")


@pytest.mark.parametrize(
    "pattern",
    [
        r"<(?:[^>]|<!--.*?-->)*>", r"(a+)+b", r"(a|a)*b", r"(\w|\d)*x", r"a*a*b", r"(a*)*", r".*\.txt", r"(?:a|ab)*c",
        r"(?:a?){30}b", r"\s+$", r"a+b", r"\[[^\]]*\]", r"\w*(?=x)", r"x(?=.*y)", r"(a)\1", r"(?m)^.*;[^x]*y",
    ],
)  # fmt: skip
def test_what_isn_t_linear_is_known(pattern: str) -> None:
    with pytest.raises(NotLinear):
        must_be_linear(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        r"[\W_]+", r"\[[^\[\]]*\]", r"@[0-9]{1,6}x", r"\s*", r"(?:a|b)*c?", r"=\?[^?]*\?[bq]\?", r"(?:[a-z]+;)*+x?",
        r"(html|head|h1)[\s/>]", r"(?m)^[^\S\n]*>", r"(?<![\w@])@(?!\s)", r"a++(?:b|c)?",
    ],
)  # fmt: skip
def test_what_is_linear_is_known(pattern: str) -> None:
    must_be_linear(re.compile(pattern))
