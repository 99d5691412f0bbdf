"""Regular expressions whose cost is no more than some times the length of what they look through, whatever it is.

Python's engine tries one way after another. So a pattern is linear if, wherever it repeats, no sign fits two places
that may come next, as in the one-unambiguous expressions of Brüggemann-Klein and Wood (1998): elsewhere there are only
as many ways as the pattern has branches. Where something is searched for, a match is begun at each sign, too: then
only few beginnings may read the same sign. What is possessive (``*+``, ``(?>…)``) is never gone back into, and is
one place. Some patterns that are linear are refused; it is always possible to write them otherwise.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any

Signs = frozenset[str]
Node = tuple[str, Any]
ENDLESS = float("inf")

FEW = 400
"""So many signs may be read at each beginning."""
_SPELLED_OUT = 64
"""What is there so many times exactly is as good as written so often."""
_ONE = ("LITERAL", "NOT_LITERAL", "ANY", "IN")
_LOOKS = ("AT", "ASSERT", "ASSERT_NOT")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_SOME_OF_ALL = (
    *map(chr, range(256)),
    *"ăîșțĂȘабвіїєґЇ\u0301\u0316\u0660\u200b\u2028\u2029\u202a\u2066\u3000中あ가\ufb01\ufdfa\ufeff\U0001f600",
)


class NotLinear(Exception):
    """A pattern isn't linear, or isn't seen to be."""


def must_be_linear(pattern: re.Pattern[Any], *, searched: bool = True) -> None:
    """Judge a pattern; ``searched`` is whether matches are looked for everywhere, not at one place alone.

    Raises:
        NotLinear: it isn't linear, or isn't seen to be.
    """
    tree = _plain(re._parser.parse(pattern.pattern, pattern.flags))  # type: ignore[attr-defined]
    judge = _Judge(_signs_for(pattern, tree), pattern.flags)
    judge.must_go_one_way(tree)
    if searched:
        judge.must_begin_seldom(tree)


@dataclass(frozen=True, eq=False)
class _Place:
    """A place of a pattern, and the signs that fit it; and whether the pattern comes by it time and again."""

    signs: Signs
    repeated: bool


@dataclass
class _Part:
    """A part of a pattern: the places where it begins and ends, whether it may be nothing, and its longest match."""

    first: list[_Place] = field(default_factory=list)
    last: list[_Place] = field(default_factory=list)
    nullable: bool = True
    longest: float = 0


class _Judge:
    def __init__(self, alphabet: Signs, flags: int) -> None:
        self._alphabet, self._flags = alphabet, flags
        self._after: dict[_Place, list[_Place]] = {}
        self._within = 0
        """How many repeats a part stands in."""

    def must_go_one_way(self, tree: list[Node]) -> None:
        self._sequence(tree)
        for place, places in self._after.items():
            if place.repeated:
                _must_differ(places)

    def must_begin_seldom(self, tree: list[Node]) -> None:
        """Few beginnings read the same sign if each reads few before it is sure to fit; or if none of what they read
        can begin another; or if each run of repeated signs comes after a sign that the run can't hold."""
        for way in _ways(tree):
            if not (self._reads(way) <= FEW or self._begins_nowhere_within(way) or self._runs_are_apart(way)):
                raise NotLinear("many beginnings may read far before they fail")

    def _reads(self, tree: list[Node]) -> float:
        """How many signs are read until it is sure to fit."""
        needed = max((at for at, node in enumerate(tree) if self._can_fail(node)), default=-1)
        return self._sequence(tree[:needed]).longest + self._read_of(*tree[needed]) if needed >= 0 else 0

    def _read_of(self, op: str, value: Any) -> float:
        """How many signs of a part are read until it fits, however far it may go on."""
        match op:
            case "SUBPATTERN":
                return self._reads(value[3])
            case "BRANCH":
                return max(map(self._reads, value[1]))
            case name if name in _REPEATS and self._is_one_sign(value[2]):
                return float(value[0])
        return self._one(op, value).longest

    def _can_fail(self, node: Node) -> bool:
        return node[0] in _LOOKS or not self._one(*node).nullable

    def _is_one_sign(self, tree: list[Node]) -> bool:
        return len(tree) == 1 and tree[0][0] in _ONE

    def _begins_nowhere_within(self, tree: list[Node]) -> bool:
        if self._is_at_a_beginning(tree) and not self._flags & re.MULTILINE:
            return True
        begins = frozenset("\n") if self._is_at_a_beginning(tree) else _all_of(self._sequence(tree).first)
        return not begins & self._signs_after_the_first(tree)

    def _is_at_a_beginning(self, tree: list[Node]) -> bool:
        return tree[0][0] == "AT" and "BEGINNING" in str(tree[0][1])

    def _signs_after_the_first(self, tree: list[Node]) -> Signs:
        known = set(self._after)
        begins = set() if self._is_at_a_beginning(tree) else set(self._sequence(tree).first)
        own = set(self._after) - known
        again = {place for follow in own for place in self._after[follow]}
        return _all_of(own - (begins - again) if begins else own)

    def _runs_are_apart(self, tree: list[Node]) -> bool:
        """Whether each endless repeat comes right after a sign that can't be in it."""
        for before, (at, node) in zip([("AT", None), *tree], enumerate(tree), strict=False):
            if self._one(*node).longest > FEW and not self._is_no_sign_of(before, node):
                return self._reads(tree[at:]) <= FEW
        return True

    def _is_no_sign_of(self, node: Node, run: Node) -> bool:
        return node[0] in _ONE and not self._fitting(*node) & self._signs_after_the_first([run])

    def _sequence(self, tree: list[Node]) -> _Part:
        whole = _Part()
        for op, value in tree:
            whole = self._then(whole, self._one(op, value))
        return whole

    def _then(self, one: _Part, other: _Part) -> _Part:
        for place in one.last:
            self._after[place] += other.first
        return _Part(
            one.first + other.first if one.nullable else one.first,
            one.last + other.last if other.nullable else other.last,
            one.nullable and other.nullable,
            one.longest + other.longest,
        )

    def _one(self, op: str, value: Any) -> _Part:
        if op in _ONE:
            return self._place(self._fitting(op, value))
        if op == "AT" or (op in _LOOKS and self._sequence(value[1]).longest <= FEW):
            return _Part()
        match op:
            case "SUBPATTERN":
                return self._sequence(value[3])
            case "BRANCH":
                return self._either([self._sequence(way) for way in value[1]])
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._repeated(*value)
            case "POSSESSIVE_REPEAT" | "ATOMIC_GROUP":
                return self._kept(self._repeated(*value) if op == "POSSESSIVE_REPEAT" else self._sequence(value))
        raise NotLinear(f"{op} is not linear here")

    def _place(self, signs: Signs) -> _Part:
        place = _Place(signs, self._within > 0)
        self._after[place] = []
        return _Part([place], [place], nullable=False, longest=1)

    def _kept(self, body: _Part) -> _Part:
        """A part that is never gone back into, as one place."""
        one = self._place(_all_of(body.first))
        return _Part(one.first, one.last, body.nullable, body.longest)

    def _either(self, ways: list[_Part]) -> _Part:
        first = [place for way in ways for place in way.first]
        if self._within:
            _must_differ(first)
        last = [place for way in ways for place in way.last]
        return _Part(first, last, any(way.nullable for way in ways), max(way.longest for way in ways))

    def _repeated(self, least: int, most: Any, body: list[Node]) -> _Part:
        if least == most <= _SPELLED_OUT and _is_fixed(body):
            return self._sequence(body * least)
        self._within += most > 1
        part = self._sequence(body)
        self._within -= most > 1
        if most > 1 and part.nullable:
            raise NotLinear("it repeats what may be nothing")
        if most > 1:
            for place in part.last:
                self._after[place] += part.first
        longest = ENDLESS if most is re._constants.MAXREPEAT else most * part.longest  # type: ignore[attr-defined]
        return _Part(part.first, part.last, part.nullable or least == 0, longest if part.longest else 0)

    def _fitting(self, op: str, value: Any) -> Signs:
        fits = _test(op, value, bool(self._flags & re.DOTALL))
        if self._flags & re.IGNORECASE:
            return frozenset(sign for sign in self._alphabet if any(map(fits, _cases(sign))))
        return frozenset(filter(fits, self._alphabet))


def _is_fixed(tree: list[Node]) -> bool:
    """Whether there is one way to go through a part, of so many signs."""
    return all(op in _ONE or (op == "SUBPATTERN" and _is_fixed(value[3])) or _is_exact(op, value) for op, value in tree)


def _is_exact(op: str, value: Any) -> bool:
    return op in _REPEATS and value[0] == value[1] and _is_fixed(value[2])


def _must_differ(places: Iterable[_Place]) -> None:
    for one, other in combinations(places, 2):
        if both := one.signs & other.signs:
            raise NotLinear(f"it repeats, and there are two ways to go on with {min(both)!r}")


def _ways(tree: list[Node]) -> Iterator[list[Node]]:
    """These are the ways that a pattern chooses from at its outermost."""
    if len(tree) == 1 and tree[0][0] == "BRANCH":
        yield from tree[0][1][1]
    elif tree:
        yield tree


def _all_of(places: Iterable[_Place]) -> Signs:
    return frozenset[str]().union(*(place.signs for place in places))


def _test(op: str, value: Any, dotall: bool) -> Callable[[str], bool]:
    match op:
        case "LITERAL":
            return lambda sign: ord(sign) == value
        case "NOT_LITERAL":
            return lambda sign: ord(sign) != value
        case "ANY":
            return lambda sign: dotall or sign != "\n"
        case "RANGE":
            return lambda sign: value[0] <= ord(sign) <= value[1]
        case "CATEGORY":
            return lambda sign: _category(str(value)).match(sign) is not None
        case "IN":
            negated = value[0][0] == "NEGATE"
            tests = [_test(name, given, dotall) for name, given in value[negated:]]
            return lambda sign: any(test(sign) for test in tests) != negated
    raise NotLinear(f"{op} is unknown")


@cache
def _category(name: str) -> re.Pattern[str]:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
    return re.compile("\\" + (letter.upper() if "_NOT_" in name else letter))


def _cases(sign: str) -> set[str]:
    return {case for case in (sign, sign.lower(), sign.upper()) if len(case) == 1}


def _plain(parsed: Any) -> Any:
    """This is a parse in lists, tuples, names and numbers alone."""
    if hasattr(parsed, "data"):
        return [_plain(part) for part in parsed.data]
    if isinstance(parsed, (list, tuple)):
        return type(parsed)(_plain(part) for part in parsed)
    return parsed if parsed is re._constants.MAXREPEAT or not hasattr(parsed, "name") else parsed.name  # type: ignore[attr-defined]


def _signs_for(pattern: re.Pattern[Any], tree: list[Node]) -> Signs:
    """Signs that tell a pattern's places apart: what it names, what is next to it, and some of every kind."""
    near = (value + step for value in _numbers(tree) for step in (-1, 0, 1))
    signs = {*_SOME_OF_ALL, *(chr(value) for value in near if 0 <= value < 0x110000)}
    return frozenset(sign for sign in signs if isinstance(pattern.pattern, str) or ord(sign) < 256)


def _numbers(tree: Any) -> Iterator[int]:
    if isinstance(tree, (list, tuple)):
        for part in tree:
            yield from _numbers(part)
    elif type(tree) is int:
        yield tree
