"""Whether the locks fit `pyproject.toml` and each other, as far as that can be told without a network."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from locks.files import BUILD, EVERYTHING, LOCKS, RUN, NoPin, PinnedVersion, pins

Installed = Callable[[str], tuple[str, list[Requirement]] | None]


def project(root: Path) -> dict[str, Any]:
    """This is what the project says of itself, by its ``pyproject.toml``."""
    return tomllib.loads((root / "pyproject.toml").read_text())


def requirements(root: Path) -> dict[str, list[Requirement]]:
    """This is what each lock must fulfil, by the lock's name."""
    said = project(root)
    run = said["project"]["dependencies"]
    build = [*said["build-system"]["requires"], *said["dependency-groups"]["build"]]
    tools = said["project"]["optional-dependencies"]["dev"]
    asked = {RUN: run, BUILD: build, EVERYTHING: [*run, *build, *tools]}
    return {lock: [Requirement(text) for text in texts] for lock, texts in asked.items()}


def installed(name: str) -> tuple[str, list[Requirement]] | None:
    """This is a library's version in this environment, and what it needs; none when it isn't here."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    return found.version, [Requirement(text) for text in found.requires or ()]


def faults(root: Path, installed: Installed = installed) -> list[str]:
    """These are the reasons why the locks don't fit, each as a line that says what to do."""
    try:
        locked = {lock: pins(root / lock) for lock in LOCKS}
    except (NoPin, FileNotFoundError) as error:
        return [f"The locks hold pins and hashes alone, and this is none: {error}"]
    found = [fault for lock in LOCKS for fault in _of(lock, locked[lock], requirements(root)[lock], installed)]
    found += _differing(locked)
    return [*found, "Run: make lock"] if found else []


def _of(lock: str, held: list[PinnedVersion], asked: list[Requirement], installed: Installed) -> Iterator[str]:
    for requirement in asked:
        yield from _unfulfilled(lock, "pyproject.toml", requirement, held)
    for pin in held:
        if not pin.hashes:
            yield f"{lock}: {pin.name} has no hash"
        if _left_over(pin, held, asked):
            yield f"{lock}: {pin.name} is needed by nothing"
        for requirement in _needs(pin, asked, installed):
            yield from _unfulfilled(lock, pin.name, requirement, held)


def _unfulfilled(lock: str, who: str, requirement: Requirement, held: Iterable[PinnedVersion]) -> Iterator[str]:
    pinned = [pin for pin in held if pin.name == canonicalize_name(requirement.name)]
    if not pinned:
        yield f"{lock}: {who} needs {requirement}, and it isn't there"
    for pin in pinned:
        if not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{lock}: {who} needs {requirement}, and {pin.version} is there"


def _left_over(pin: PinnedVersion, held: Iterable[PinnedVersion], asked: Iterable[Requirement]) -> bool:
    names = {canonicalize_name(requirement.name) for requirement in asked}
    return pin.name not in names and not {*pin.via} & {pin.name for pin in held}


def _needs(pin: PinnedVersion, asked: Iterable[Requirement], installed: Installed) -> Iterator[Requirement]:
    """What a library needs here, if it is here at the version of its pin."""
    here = installed(pin.name)
    if here is None or here[0] != pin.version:
        return
    wanted = {"", *(extra for each in asked if canonicalize_name(each.name) == pin.name for extra in each.extras)}
    for requirement in here[1]:
        marker: Marker | None = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in wanted):
            yield requirement


def _differing(locked: dict[str, list[PinnedVersion]]) -> Iterator[str]:
    everything = {pin.name: set[str]() for pin in locked[EVERYTHING]}
    for pin in locked[EVERYTHING]:
        everything[pin.name].add(pin.version)
    for lock in (RUN, BUILD):
        for pin in locked[lock]:
            if pin.version not in everything.get(pin.name, ()):
                yield f"{lock}: {pin.name} {pin.version} is another one than in {EVERYTHING}"
