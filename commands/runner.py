"""Running a command, for whichever transport brought it: page, API or socket.

A command is read into its class, held to its person's pace, and given to its verb in one transaction together with its
idempotency key. When this returns, what was done is on disk.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter
from pydantic import BaseModel

from commands.faults import read_command
from commands.needs import may_begin, must_begin
from commands.pace import Pace
from commands.token_scopes import must_cover_command
from people.actors import Actor
from people.hands import may_be_done, must_be_ones_own
from people.parties import NamesParty
from people.persons.emails import learning_of_few
from people.signing.factors import SETTING_UP, SecondFactorNeeded
from people.signing.reauthentication import ProvesWho, counted
from people.signing.throttling import SignInLimits
from store.clashes import despite_clashes
from store.commands import Command, ListedCommand, Prepared, Verb, catalogue
from store.database import Database, Transaction
from store.errors import Invalid, NotFound, Refusal, _
from store.keys import claim, claim_of, keep_answer
from store.streams import StoredEvent

KEY_LENGTH = 200
USUAL_TRIES = SignInLimits()

RUN = Counter("atrium_commands_total", "Commands run", ["name", "outcome"])


class UnknownCommand(NotFound):
    code = "unknown_command"
    message = _("There is no such command.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gives: its verb's result, and where in the log it stands, as JSON."""

    result: Any
    at: dict[str, Any] | None

    def wire(self) -> dict[str, Any]:
        return {"ok": True, "result": self.result, "at": self.at}


class Commands:
    """Every command, by wire name, and how it is run."""

    def __init__(
        self,
        database: Database,
        verbs: Iterable[Verb | Prepared],
        pace: Pace | None = None,
        tries: SignInLimits | None = USUAL_TRIES,
    ) -> None:
        self.database = database
        self.tries = tries
        self.catalogue: Mapping[str, ListedCommand] = catalogue(verbs)
        self.pace = pace

    def __contains__(self, name: object) -> bool:
        return name in self.catalogue

    def may_be_done(self, actor: Actor | None, name: str, *fields: str) -> bool:
        """Whether somebody may ask for what has this name, and fill in these fields, in the name that they do it in."""
        entry = self.catalogue.get(name)
        return may_be_done(actor, None if entry is None else entry.command, *fields)

    async def run(self, actor: Actor, name: str, fields: Mapping[str, Any], key: str | None = None) -> Answer:
        """Run a command for someone; under a key that was used before, the first answer again.

        Raises:
            UnknownCommand: there is none of this name.
            Invalid: the fields don't fit the command; it names each that doesn't.
            TooMany: they command faster than a person may.
            KeyReused: the key was used for something else.
            Refusal: whatever the verb refuses.
        """
        try:
            answer = await self._run(actor, name, fields, key)
        except Refusal as refusal:
            RUN.labels(name if name in self.catalogue else "unknown", refusal.code).inc()
            raise
        RUN.labels(name, "ok").inc()
        return answer

    async def _run(self, actor: Actor, name: str, fields: Mapping[str, Any], key: str | None) -> Answer:
        entry = self.catalogue.get(name)
        if entry is None:
            raise UnknownCommand()
        if actor.second_factor_needed and name not in SETTING_UP:
            raise SecondFactorNeeded()
        must_cover_command(actor, entry.command, fields)
        must_be_ones_own(actor, entry.command, fields)
        if self.pace is not None:
            self.pace.take(actor.id)
        command = read_command(entry.command, fields)
        checked = read_key(key)
        if (answer := await self._ahead(actor, entry, command, checked)) is not None:
            return answer
        async with self._proof_counted(actor, command), self._learning_counted(actor, command):
            return await despite_clashes(lambda: self._once(actor, entry, command, checked), name=name)

    async def _ahead(self, actor: Actor, entry: ListedCommand, command: Command, key: str | None) -> Answer | None:
        if not may_begin(actor, entry.command):
            return None
        if entry.prepare is not None:
            await entry.prepare(self.database, actor, command)
        return await self._at_once(actor, entry, command, key)

    def _proof_counted(self, actor: Actor, command: Command) -> AbstractAsyncContextManager[None]:
        return counted(self.database, actor, self.tries) if isinstance(command, ProvesWho) else nullcontext()

    def _learning_counted(self, actor: Actor, command: Command) -> AbstractAsyncContextManager[None]:
        names_one = isinstance(command, NamesParty) and getattr(command, "email", None) is not None
        limited = self.pace is not None and names_one
        return learning_of_few(self.database, actor) if limited else nullcontext()

    async def _at_once(self, actor: Actor, entry: ListedCommand, command: Command, key: str | None) -> Answer | None:
        if entry.at_once is None:
            return None
        claim = None if key is None else claim_of(key, command.wire_name, given(command))
        done = await entry.at_once(self.database, actor, command, claim)
        if done is None:
            return None
        self.database.tell(done.stored)
        return Answer(done.result, place_of(done.stored, actor))

    async def _once(self, actor: Actor, entry: ListedCommand, command: Command, key: str | None) -> Answer:
        async with self.database.asked_by(actor) as tx:
            if key is None:
                return await carry_out(tx, actor, entry, command)
            before = await claim(tx, actor.id, actor.business_id, key, command.wire_name, given(command))
            if before is not None:
                return Answer(before["result"], before["at"])
            answer = await carry_out(tx, actor, entry, command)
            await keep_answer(tx, actor.id, key, {"result": without(answer.result, entry.command), "at": answer.at})
            return answer


async def carry_out(tx: Transaction, actor: Actor, entry: ListedCommand, command: Command) -> Answer:
    """Let a command's verb do it, unless it is known not to be for the asker. A key's first answer comes before that:
    what was done by rights that have been lost since was done.

    Raises:
        Refusal: whatever the verb refuses.
    """
    must_begin(actor, entry.command)
    result = await entry.verb(tx, actor, command)
    await tx.append()
    return Answer(as_json(result), place_of(tx.stored, actor))


def without(result: Any, command: type[Command]) -> Any:
    """This is a result as it may be kept: without what is said once only."""
    if not command.withheld:
        return result
    return result | dict.fromkeys(command.withheld)


def given(command: Command) -> dict[str, Any]:
    """These are the fields that were really sent, as JSON: what a key is claimed for."""
    return command.model_dump(mode="json", exclude_unset=True)


def as_json(result: Any) -> Any:
    return result.model_dump(mode="json") if isinstance(result, BaseModel) else result


def place_of(stored: list[StoredEvent], actor: Actor) -> dict[str, Any] | None:
    """Where a command stands in the log: its last event in the first stream that it was recorded in, rooms first.

    Another person's own stream is none of the asker's business.
    """
    own = f"person:{actor.id}"
    streams = [event.stream for event in stored if event.stream == own or not event.stream.startswith("person:")]
    stream = next((name for name in streams if name.startswith("room:")), streams[0] if streams else None)
    positions = [event.position for event in stored if event.stream == stream and event.position]
    return positions[-1].wire() if positions else None


def read_key(key: str | None) -> str | None:
    if key is not None and not (0 < len(key) <= KEY_LENGTH and key.isprintable()):
        raise Invalid(fields={"key": _("A key has 1 to 200 printable characters.")})
    return key
