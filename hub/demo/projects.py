"""The projects of the demo, read from ``scripts``: what was to be done, when, by whom, and what was said about it.

Days are working days counted from today (``workdays``). A talk is written as it is spoken:

    -42 10:30
    ana: Bună dimineața! [[homepage-v1.docx]]
    mihai!: An exclamation mark is for the team only.
    +90 elena: Ninety minutes later.
    ~elena: Ninety minutes later, and corrected.
      A line that is set in goes on with the message.

    now -25
    ana: Said 25 minutes ago.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

STUDIO = ("website", "packaging", "shop", "catalogue", "booking", "campaign", "portal", "recall", "label",
          "brand", "studio", "hiring")  # fmt: skip
OTHER = ("report", "intranet")


class Script(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TaskScript(Script):
    """A task: worked on from a day to a day; done then, unless it is still in review."""

    title: str
    who: str | None = None
    helpers: list[str] = Field([], alias="with")
    first: int = Field(alias="from")
    last: int = Field(alias="to")
    made: int | None = None
    due: int | None = None
    review: int | None = None
    open: bool = False
    """Not done although its days are over: it is late, or waits."""
    done_ago: int | None = None
    """Done today, so many minutes ago."""
    share: float = 1.0
    audience: Literal["all", "team"] | None = None
    text: str = ""
    labels: list[str] = []

    @property
    def done(self) -> bool:
        return self.last < 0 and not self.open and self.review is None


class FileScript(Script):
    """A file: its words, or the name of the drawing that it is."""

    text: str = ""
    drawing: str = ""
    task: str | None = None


class ProjectScript(Script):
    key: str
    title: str
    description: str
    company: str | None = None
    default_audience: Literal["all", "team"] = "all"
    lead: str
    members: list[str]
    opened: int
    stages: list[tuple[int, str]] = []
    archived: int | None = None
    general: list[str] = []
    """What is worked on when it isn't a task."""
    tasks: list[TaskScript]
    files: dict[str, FileScript] = {}
    talk: str = ""

    def works_on(self, day: int) -> bool:
        """Whether work goes on in the project on a day."""
        return self.opened < day and (self.archived is None or day < self.archived)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Something said."""

    who: str
    text: str
    team_only: bool
    attached: tuple[str, ...]
    reactions: tuple[tuple[str, str], ...]
    """Emojis, and who gave each."""
    after_minutes: int | None
    corrects: bool
    """It stands in place of what this person said last."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: when it began, and its lines. On day 0 it began some minutes ago."""

    day: int
    clock: time | None
    minutes_ago: int
    lines: tuple[SpokenLine, ...]


@cache
def scripts(keys: tuple[str, ...]) -> tuple[ProjectScript, ...]:
    """These are the scripts of the projects with the given keys."""
    folder = files(__package__) / "scripts"
    read = (tomllib.loads((folder / f"{key}.toml").read_text("utf-8")) | {"key": key} for key in keys)
    return tuple(ProjectScript.model_validate(script) for script in read)


_LINE = re.compile(r"(?:\+(?P<after>\d+) )?(?P<corrects>~)?(?P<who>[a-z]+)(?P<team>!)?: (?P<text>.*)", re.DOTALL)
_ATTACHED = re.compile(r"\s*\[\[([^\]]+)\]\]")
_REACTED = re.compile(r"\s*\{\{(\S+) ([a-z ]+)\}\}")


def talks(script: ProjectScript) -> Iterator[Talk]:
    """These are a project's conversations, in the order in which they are written."""
    for block in re.split(r"\n\s*\n", script.talk.strip()):
        if block:
            head, _, spoken = block.strip().partition("\n")
            yield _talk(head, tuple(_line(line) for line in re.split(r"\n(?! )", spoken)))


def _talk(head: str, lines: tuple[SpokenLine, ...]) -> Talk:
    day, _, moment = head.partition(" ")
    if day == "now":
        return Talk(0, None, -int(moment), lines)
    return Talk(int(day), time.fromisoformat(moment), 0, lines)


def _line(line: str) -> SpokenLine:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"Nobody says: {line}")
    text = found["text"].replace("\n  ", "\n")
    after = int(found["after"]) if found["after"] else None
    attached = tuple(_ATTACHED.findall(text))
    reactions = tuple((emoji, who) for emoji, people in _REACTED.findall(text) for who in people.split())
    return SpokenLine(
        who=found["who"],
        text=_REACTED.sub("", _ATTACHED.sub("", text)).strip(),
        team_only=found["team"] is not None,
        attached=attached,
        reactions=reactions,
        after_minutes=after,
        corrects=found["corrects"] is not None,
    )
