"""Commands: what may be asked, each declared once as a class, and the verbs that carry them out."""

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator

from store.errors import _
from store.events import Audience
from store.texts.texts import MOST, Signs, as_kept, must_have, signs_of
from store.wire.names import command_name

if TYPE_CHECKING:
    from store.streams import StoredEvent

Touches = Literal["work", "opinion", "session", "membership", "entry", "installation", "rights", "sign_in"]
"""What a command touches, from which ``people.hands`` has in whose hands it may be:

* ``work``: everyday work;
* ``opinion``: what somebody thinks, which nobody says for them;
* ``session``: in whose name, or in which business, the session itself goes on;
* ``membership``: who is in a room;
* ``entry``: who is asked in, without any rights beyond those of their kind;
* ``installation``: how the installation runs;
* ``rights``: who may do what;
* ``sign_in``: how somebody signs in, and where links and secret addresses by which one comes in go.
"""


class All(frozenset[str]):
    """What a command needs, where it takes all of it."""


Needs = str | tuple[str, ...] | All
"""What a command needs of whoever asks: a permission, a kind of person, ``anyone``; of several, any one of them.
``commands.needs`` knows the words."""


class Command(BaseModel):
    """Something that a person asks for. Its class says what it touches, what it needs, and what covers it::

    class AddContact(Command, touches="work", needs="clients", area="companies"): ...
    class RemoveTask(Command, touches="work", needs="anyone", area="rooms", lens="team", widened_by="projects"): ...
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    wire_name: ClassVar[str]
    registry: ClassVar[dict[str, type["Command"]]] = {}
    """All that are declared, by wire name."""
    _signs: ClassVar[Mapping[str, Signs]] = {}
    withheld: ClassVar[tuple[str, ...]] = ()
    """What of the result is said once only, since it is a secret: told again, these fields are null."""
    touches: ClassVar[Touches | None] = None
    """What it touches; None where nobody has said, and then it takes one's own hands."""
    fields_touch: ClassVar[Mapping[str, Touches]] = {}
    """Fields by which it touches something more."""
    needs: ClassVar[Needs | None] = None
    """What whoever asks must hold, or be; None where nobody has said, and then nobody may."""
    widened_by: ClassVar[tuple[str, ...]] = ()
    """Permissions by which it does more, or for others: its verb looks at them."""
    area: ClassVar[str | None] = None
    """The area of the API tokens that cover it; None where none does."""
    lenses: ClassVar[Audience | None] = None
    """Where it is asked for in a room: through which lenses."""
    offered_in_rooms: ClassVar[bool] = False
    """Whether a room's page offers it, though it is about the business. It is refused before its verb begins, like any
    other."""

    def __init_subclass__(
        cls,
        *,
        touches: Touches | None = None,
        fields_touch: Mapping[str, Touches] | None = None,
        needs: Needs | None = None,
        widened_by: str | tuple[str, ...] | None = None,
        area: str | None = None,
        lens: Audience | None = None,
        offered_in_rooms: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.wire_name = command_name(cls.__name__)
        Command.registry[cls.wire_name] = cls
        said = {
            "touches": touches,
            "fields_touch": fields_touch,
            "needs": needs,
            "widened_by": (widened_by,) if isinstance(widened_by, str) else widened_by,
            "area": area,
            "lenses": lens,
            "offered_in_rooms": offered_in_rooms,
        }
        for name, value in said.items():
            if value is not None:
                setattr(cls, name, value)

    @model_validator(mode="before")
    @classmethod
    def few(cls, fields: Any) -> Any:
        """Each field is answered for, so there can't be any number of them."""
        if isinstance(fields, Mapping) and len(fields) > MOST:
            raise ValueError(_("That's too many."))
        return fields

    @field_validator("*", mode="before")
    @classmethod
    def text(cls, value: Any, field: ValidationInfo) -> Any:
        """Every text has the signs that its field's type allows, and names one form of each letter."""
        if field.field_name is None:
            return value
        signs = cls._signs[field.field_name]
        must_have(signs, value)
        return as_kept(signs, value)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls._signs = {name: signs_of(field) for name, field in cls.model_fields.items()}

    @classmethod
    def touched(cls, fields: Mapping[str, Any]) -> frozenset[Touches | None]:
        """This is all that a command with these fields touches: a field does if it says other than its default."""
        more = (what for name, what in cls.fields_touch.items() if name in fields and cls._says(name, fields[name]))
        return frozenset((cls.touches, *more))

    @classmethod
    def _says(cls, name: str, value: Any) -> bool:
        return bool(value != cls.model_fields[name].get_default(call_default_factory=True))

    def given(self) -> dict[str, Any]:
        """These are the fields that were really sent, null among them, in the order in which they are declared."""
        return {field: getattr(self, field) for field in type(self).model_fields if field in self.model_fields_set}

    def changes(self, *of: str, null: Collection[str] = ()) -> dict[str, Any]:
        """These are the fields that were sent to change something: not those which say what, and null, which leaves a
        field as it was, only where that empties it."""
        return {
            field: value
            for field, value in self.given().items()
            if field not in of and (value is not None or field in null)
        }


Verb = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb that was carried out at once gives, and what it recorded."""

    result: Any
    stored: "list[StoredEvent]"


AtOnce = Callable[..., Awaitable[Done | None]]
"""``at_once(database, actor, command, claim)``: a verb's usual case in one statement, committed when this returns.

None means that it isn't the usual case, and nothing was done: then the verb itself goes on, and refuses what it must.
"""


Prepare = Callable[..., Awaitable[None]]
"""``prepare(database, actor, command)``: what is done before the transaction begins, and kept in the command. Whether
the asker may is for the verb to say, which comes after it."""


@dataclass(frozen=True)
class Prepared:
    """A verb with what is done before its transaction begins, or instead of it."""

    verb: Verb
    prepare: Prepare | None = None
    at_once: AtOnce | None = None
    """For what is asked so often that its usual case has a way of its own."""


@dataclass(frozen=True)
class ListedCommand:
    """One line of the list of commands: the class, and the verb that carries it out."""

    command: type[Command]
    verb: Verb
    result: Any
    prepare: Prepare | None = None
    at_once: AtOnce | None = None

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.verb) or ""


def catalogue(verbs: Iterable[Verb | Prepared]) -> dict[str, ListedCommand]:
    """This is the list of commands by wire name, read from the verbs' own signatures."""
    entries: dict[str, ListedCommand] = {}
    for each in verbs:
        prepared = each if isinstance(each, Prepared) else Prepared(each)
        hints = get_type_hints(prepared.verb)
        command = next(hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Command))
        entries[command.wire_name] = ListedCommand(
            command, prepared.verb, hints["return"], prepared.prepare, prepared.at_once
        )
    return entries
