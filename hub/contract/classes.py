"""The classes that the contract is derived from, and their JSON Schemas."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

import hub.gateway.control_events  # noqa: F401 - importing these registers all events
import presence.events  # noqa: F401
import rooms.events  # noqa: F401
from clients.forms import CompanyForm, CompanyNoteForm, ContactForm, ServiceForm, SubscriptionForm
from commands.needs import refused_to
from hub.gateway.subscriptions import EnterRoom, EnterStream, LeaveRoom, LeaveStream
from hub.parts import READS, VERBS
from people.forms import (
    AccountForm,
    ApiTokenForm,
    BusinessForm,
    InstallationForm,
    PersonForm,
    RoleForm,
)
from people.installation.forms import AdminForm, ImpersonationForm, PlaceForm, QuotaForm, RegistrationForm, UpdateForm
from people.installation.vocabulary import ImportedWordings
from people.mail.forms import LetterForm, MailSettingsForm
from people.persons.emails import EmailOutcome
from people.persons.invitation_links import InvitationLink
from people.signing.authenticators import AuthenticatorSetup
from people.signing.domains.domain_proofs import DomainCheck
from people.signing.domains.domains import DomainForm
from people.signing.providers import ProviderForm
from people.signing.recovery import RecoveryCodes
from people.signing.tokens import MadeApiToken
from presence.connections import SetPresence
from presence.signals import SendSignal
from processes.forms import ProcessForm
from rooms.files.forms import FileForm
from rooms.forms import MemberForm, MembershipForm, PresenceForm, RoomForm
from rooms.members import EnlistmentForm
from rooms.tasks.forms import TaskForm
from rooms.time.forms import EntryForm, TimerForm
from rooms.wall.forms import MentionForm, MessageForm
from staff.employees.records import CardReadingRef
from staff.leave.forms import AbsenceForm
from store.commands import Command, catalogue
from store.events import Event, Form, Gone, not_there
from store.shapes import Position

Schema = dict[str, Any]

COMMANDS = dict(sorted(catalogue(VERBS).items()))
ASKED: dict[str, type[Command]] = {
    asked.wire_name: asked for asked in (EnterRoom, LeaveRoom, EnterStream, LeaveStream, SendSignal, SetPresence)
}
"""What sockets ask for besides commands: nothing of it is stored."""
EVENTS: dict[str, type[Event]] = dict(sorted(Event.registry.items()))
IN_A_ROOM: tuple[type[Form], ...] = (
    RoomForm, ProcessForm, PersonForm, MemberForm, MessageForm, TaskForm, EntryForm, FileForm, PresenceForm,
)  # fmt: skip
TO_A_PERSON: tuple[type[Form], ...] = (AccountForm, TimerForm, MembershipForm, MentionForm)
TO_A_BUSINESS: tuple[type[Form], ...] = (TimerForm, AbsenceForm)
OF_THE_INSTALLATION: tuple[type[Form], ...] = (
    InstallationForm, AdminForm, PlaceForm, QuotaForm, RegistrationForm, UpdateForm, ImpersonationForm,
    LetterForm, MailSettingsForm,
)  # fmt: skip
OF_A_BUSINESS: tuple[type[Form], ...] = (
    BusinessForm, RoleForm, CompanyForm, ContactForm, CompanyNoteForm, ServiceForm, SubscriptionForm,
)  # fmt: skip
FORMS: tuple[type[Form], ...] = (
    *OF_THE_INSTALLATION, *IN_A_ROOM, *TO_A_PERSON, *OF_A_BUSINESS, AbsenceForm, ApiTokenForm,
)  # fmt: skip
OTHERS: tuple[type[BaseModel], ...] = (
    Gone, ImportedWordings, InvitationLink, CardReadingRef, EnlistmentForm, MadeApiToken,
    EmailOutcome, AuthenticatorSetup, RecoveryCodes, ProviderForm, DomainForm, DomainCheck,
)  # fmt: skip


class Error(BaseModel):
    """Why something was refused."""

    model_config = ConfigDict(extra="forbid")

    code: str
    message: str
    fields: dict[str, str] | None = None
    retry_after_seconds: float | None = None
    challenge: dict[str, Any] | None = None
    """Work that makes up for too many wrong tries to sign in: what `POST /api/v1/session` says of it."""


class Refused(BaseModel):
    """The answer to what is refused."""

    model_config = ConfigDict(extra="forbid")

    ok: Literal[False]
    error: Error


class Me(BaseModel):
    """Who asks, as the room sees them: their lens, and the commands that they may give."""

    person_id: str
    lens: Literal["client", "staff", "manager"]
    may: list[str]


class Counts(BaseModel):
    """How many there are of what a snapshot of some parts may not have whole, as the asker sees it."""

    tasks: int
    open_tasks: int
    files: int


def snapshot(name: str, forms: Iterable[type[Form]], doc: str, **more: Any) -> type[BaseModel]:
    """This is the class of a snapshot made of these forms: lists by their plural names, single ones by their own."""
    fields: dict[str, Any] = {
        form.things: (form if form.thing == form.things else list[form], ...)  # type: ignore[valid-type]
        for form in forms
    }
    return create_model(name, __doc__=doc, **fields, **more)


SNAPSHOTS = (
    snapshot(
        "Snapshot",
        IN_A_ROOM,
        "A room's state, as the asker sees it: whole, or, where parts were asked for, with `counts`.",
        me=(Me, ...),
        earlier_messages=(bool, ...),
        counts=(Counts | None, Field(None, exclude_if=not_there)),
    ),
    snapshot("ProcessSnapshot", (ProcessForm,), "A process with its stages, which all its rooms share."),
    snapshot("PersonSnapshot", TO_A_PERSON, "What concerns one person alone."),
    snapshot("BusinessSnapshot", TO_A_BUSINESS, "What concerns a business's team."),
    snapshot("InstallationSnapshot", (InstallationForm,), "What concerns the whole installation."),
)
COMMON: tuple[type[BaseModel], ...] = (Position, Error, Refused, *SNAPSHOTS)
ANSWERS: tuple[type[BaseModel], ...] = tuple(read.answer for read in READS if not isinstance(read.answer, Mapping))
"""What reads answer."""
THINGS: dict[str, str] = {form.thing: form.things for form in FORMS}


class _Schemas(GenerateJsonSchema):
    """JSON Schema with the wire's names, without titles that only repeat them."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def get_title_from_name(self, name: str) -> str:
        return name


def schemas() -> dict[str, Schema]:
    """These are the schemas of all classes, by wire name; they refer to each other as ``#/components/schemas/…``.

    What a read answers isn't among them: it is drawn where the read is.
    """
    answers = {answer.__name__ for answer in ANSWERS}
    return {name: schema for name, schema in _all_schemas().items() if name not in answers}


def answers() -> dict[str, Schema]:
    """These are the schemas of what the reads answer beside ``ok``, by the reads' names."""
    found = _all_schemas()
    return {
        read.name: dict(read.answer) if isinstance(read.answer, Mapping) else found[read.answer.__name__]
        for read in sorted(READS, key=lambda read: read.name)
    }


def asked_with(query: type[BaseModel]) -> dict[str, Schema]:
    """These are the schemas of what a read may be asked with, by field."""
    fields: dict[str, Schema] = query.model_json_schema(schema_generator=_Schemas)["properties"]
    return {name: _with_names(schema) for name, schema in fields.items()}


def _all_schemas() -> dict[str, Schema]:
    given: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "serialization") for model in (*FORMS, *OTHERS, *COMMON, *ANSWERS)),
        *((event, "serialization") for event in EVENTS.values()),
        *((entry.command, "validation") for entry in COMMANDS.values()),
        *((asked, "validation") for asked in ASKED.values()),
    ]
    _refs, top = models_json_schema(given, ref_template="#/components/schemas/{model}", schema_generator=_Schemas)
    found: dict[str, Schema] = {}
    for key, schema in top["$defs"].items():
        assert _renamed(key) not in found, f"two classes are called {_renamed(key)}"
        found[_renamed(key)] = _with_names(schema)
    return dict(sorted(found.items()))


def _renamed(key: str) -> str:
    if key == "FileForm":
        return key
    return {"CompanyRef": "CompanyName"}.get(key, key.removesuffix("Form"))


def _with_names(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _ref(value) if key == "$ref" else _with_names(value)
            for key, value in schema.items()
            if key != "title" or not isinstance(value, str)
        }
    if isinstance(schema, list):
        return [_with_names(part) for part in schema]
    return schema


def _ref(path: str) -> str:
    head, _, key = path.rpartition("/")
    return f"{head}/{_renamed(key)}"


def sentence(model: type[BaseModel]) -> str:
    """This is what a class says of itself in its first line."""
    return (inspect.getdoc(model) or "").partition("\n")[0]


def described(command: type[Command]) -> tuple[str, str]:
    """These are a command's summary and its whole description, as its verb says them; what it needs says its class."""
    doc = COMMANDS[command.wire_name].doc
    return doc.partition("\n")[0], _with_needs(doc, refused_to(command))


def _with_needs(doc: str, refused: str) -> str:
    if not refused:
        return doc
    said, raises, others = doc.partition("\n\nRaises:\n")
    return "\n".join((f"{said}\n\nRaises:", f"    Forbidden: {refused}.", *([others] if raises else [])))
