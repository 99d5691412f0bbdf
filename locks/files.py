"""The files of the locks, and what stands in them. It needs nothing but Python, since nothing is installed before."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

RUN = "requirements.lock"
BUILD = "requirements-build.lock"
EVERYTHING = "requirements-dev.lock"
LOCKS = (RUN, BUILD, EVERYTHING)
"""What a hub runs on; what it is built and installed with; and both with the tools for tests and checks."""

ENTRY = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))?(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})*)"
)


class NoPin(ValueError):
    """A line of a lock is something else, such as an option, an address or a range."""


@dataclass(frozen=True, slots=True)
class PinnedVersion:
    """A library at one version: where it is needed, which files of it are good, and what needs it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    via: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The pin as it stands in a lock."""
        where = f" ; {self.marker}" if self.marker else ""
        return " \\\n    ".join([f"{self.name}=={self.version}{where}", *self.hashes]) + "\n"


def pins(lock: Path) -> list[PinnedVersion]:
    """These are a lock's pins; a library may have several, for different Pythons.

    Raises:
        NoPin: a line is none.
    """
    found: list[PinnedVersion] = []
    for line in lock.read_text().replace("\\\n", " ").splitlines():
        text = " ".join(line.split())
        if text.startswith("# via ") and found:
            found[-1] = replace(found[-1], via=tuple(text.removeprefix("# via ").split(", ")))
        elif text and not text.startswith("#"):
            found.append(_pin(text))
    return found


def _pin(text: str) -> PinnedVersion:
    entry = ENTRY.fullmatch(text)
    if entry is None:
        raise NoPin(text)
    return PinnedVersion(entry["name"], entry["version"], entry["marker"] or "", tuple(entry["hashes"].split()))
