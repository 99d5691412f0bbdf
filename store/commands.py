"""Commands: what may be asked, each declared once as a class, and the verbs that carry them out."""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, get_type_hints

from pydantic import BaseModel, ConfigDict, field_validator

from store.errors import _
from store.names import command_name


class Command(BaseModel):
    """Something that a person asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    wire_name: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.wire_name = command_name(cls.__name__)

    @field_validator("*", mode="before")
    @classmethod
    def text(cls, value: Any) -> Any:
        """PostgreSQL keeps no NUL in a text."""
        if isinstance(value, str) and "\x00" in value:
            raise ValueError(_("This holds a sign that no text has."))
        return value

    def given(self) -> dict[str, Any]:
        """These are the fields that were really sent, null among them."""
        return {field: getattr(self, field) for field in self.model_fields_set}


Verb = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Entry:
    """One line of the list of commands: the class, and the verb that carries it out."""

    command: type[Command]
    verb: Verb
    result: Any

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.verb) or ""


def catalogue(verbs: Iterable[Verb]) -> dict[str, Entry]:
    """This is the list of commands by wire name, read from the verbs' own signatures."""
    entries: dict[str, Entry] = {}
    for verb in verbs:
        hints = get_type_hints(verb)
        command = next(hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Command))
        entries[command.wire_name] = Entry(command, verb, hints["return"])
    return entries
