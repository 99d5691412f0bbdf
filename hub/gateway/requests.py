"""What clients ask over their sockets: commands, subscriptions, signals. A refusal is an answer too."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import structlog

from commands.faults import read_command
from commands.pace import Pace
from commands.runner import Commands
from commands.token_scopes import must_cover_stream
from hub import metrics
from hub.gateway.admission import Stopping
from hub.gateway.fanout import Client, Fanout
from hub.gateway.revocations import Rights
from hub.gateway.streams import Acknowledgement, Streams, stream_of
from hub.gateway.subscriptions import EnterRoom, EnterStream, LeaveRoom, LeaveStream
from hub.relay import Relay
from hub.settings import Settings
from hub.sockets.packets import PackedEvent, event_data
from people.installation.hierarchy import EnterBusiness
from people.signing.tokens import must_cover
from presence.connections import Connections, SetPresence
from presence.signals import SIGNAL_SENT, SendSignal
from rooms.lenses import audience_for
from store.commands import Command
from store.errors import Malformed, NotFound, Refusal, TooMany
from store.streams import signature
from web.refusals import Broken, translate

NAME_LENGTH = 100
NOTED_AT_ONCE, NOTED_PER_SECOND = 20, 1
"""So many refusals of a person go into the log."""

Ask = Callable[[Client, Any], Awaitable[Acknowledgement]]
AskAtOnce = Callable[[Client, Any], None]

logger = structlog.get_logger(__name__)


class ClientRequests:
    """Does what clients ask."""

    def __init__(
        self,
        commands: Commands,
        settings: Settings,
        *,
        streams: Streams,
        fanout: Fanout,
        relay: Relay,
        presence: Connections,
        rights: Rights,
    ) -> None:
        self._commands = commands
        self._settings = settings
        self._streams = streams
        self._fanout = fanout
        self._relay = relay
        self._presence = presence
        self._rights = rights
        self._signals = Pace(int(settings.limit_signals_per_second * 3), settings.limit_signals_per_second)
        self._noted = Pace(NOTED_AT_ONCE, NOTED_PER_SECOND)
        self.running = 0
        """So many are being done."""
        self.stopping = False
        """Nothing more is begun."""
        self._asks: dict[str, tuple[type[Command], Ask]] = {
            ask.wire_name: (ask, self._enter) for ask in (EnterRoom, EnterStream)
        }
        self._asks_at_once: dict[str, tuple[type[Command], AskAtOnce]] = {
            LeaveRoom.wire_name: (LeaveRoom, self._leave),
            LeaveStream.wire_name: (LeaveStream, self._leave),
            SendSignal.wire_name: (SendSignal, self._signal),
            SetPresence.wire_name: (SetPresence, self._set_presence),
        }

    def received(self, client: Client, id: int | None, name: Any, args: list[Any]) -> Coroutine[Any, Any, None] | None:
        """Handle one packet, at once (then this is None) or by what has to be awaited before the next one comes."""
        ask = self._asks_at_once.get(name) if isinstance(name, str) else None
        if ask is None:
            return self._carry_out(client, id, name, args)
        answer = self._answer_at_once(client, ask, args)
        if id is not None:
            client.connection.answer(id, answer)
        return None

    def _answer_at_once(self, client: Client, ask: tuple[type[Command], AskAtOnce], args: list[Any]) -> dict[str, Any]:
        command, act = ask
        try:
            act(client, read_command(command, self._fields(args)))
        except Refusal as refusal:
            return _refused(client, refusal)
        except Exception:
            logger.exception("ask_failed", ask=command.wire_name, person_id=str(client.actor.id))
            return _refused(client, Broken())
        return {"ok": True}

    async def _carry_out(self, client: Client, id: int | None, name: Any, args: list[Any]) -> None:
        """Do what a packet asks, acknowledge it, and do what follows an acknowledgement at once."""
        began = time.monotonic()
        self.running += 1
        try:
            answer = await self._answer(client, name, args)
        finally:
            self.running -= 1
        if id is not None:
            client.connection.answer(id, answer.answer if isinstance(answer, Acknowledgement) else answer)
        if isinstance(answer, Acknowledgement):
            answer.join()
        metrics.command_seconds.observe(time.monotonic() - began)

    async def _answer(self, client: Client, name: Any, args: list[Any]) -> dict[str, Any] | Acknowledgement:
        about = {"request_id": uuid4().hex, "command": str(name)[:NAME_LENGTH], "person_id": str(client.actor.id)}
        with structlog.contextvars.bound_contextvars(**about):
            try:
                answer = await self._do(client, name, args)
                logger.debug("command_done")
                return answer
            except Refusal as refusal:
                self._note(client, refusal)
                return _refused(client, refusal)
            except Exception:
                logger.exception("command_failed")
                return _refused(client, Broken())

    def _note(self, client: Client, refusal: Refusal) -> None:
        """Write down what was refused to somebody, but not all of it to who insists."""
        with suppress(TooMany):
            self._noted.take(client.actor.id)
            logger.info("command_refused", refusal=refusal.code, address=client.address)

    async def _do(self, client: Client, name: Any, args: list[Any]) -> dict[str, Any] | Acknowledgement:
        fields = self._fields(args)
        if not isinstance(name, str):
            raise Malformed()
        if name in self._asks:
            command, act = self._asks[name]
            return await act(client, read_command(command, fields))
        key = fields.pop("key", None)
        if key is not None and not isinstance(key, str):
            raise Malformed()
        answer = await self._commands.run(client.actor, name, fields, key)
        if name == EnterBusiness.wire_name:
            await self._rights.look_at([client])  # what they send next, they send from there
        return answer.wire()

    def _fields(self, args: list[Any]) -> dict[str, Any]:
        fields = args[0] if args else {}
        if not isinstance(fields, dict) or len(args) > 1:
            raise Malformed()
        if self.stopping:
            raise Stopping()
        return fields

    async def _enter(self, client: Client, ask: EnterRoom | EnterStream) -> Acknowledgement:
        must_cover_stream(client.actor, ask.stream if isinstance(ask, EnterStream) else None)
        return await self._streams.enter(client, ask)

    def _leave(self, client: Client, ask: LeaveRoom | LeaveStream) -> None:
        self._streams.leave(client, stream_of(client.actor, ask))

    def _signal(self, client: Client, ask: SendSignal) -> None:
        must_cover(client.actor, "rooms:write")
        stream = f"room:{ask.room_id}"
        subscription = client.subscription(stream)
        if subscription is None:
            raise NotFound()
        if self._settings.limits:
            self._signals.take(client.actor.id)
        default: Any = self._streams.default_audiences.get(stream, "all")
        audience = audience_for(subscription.lens, ask.audience, default)
        payload = {
            "at": None,
            "stream": stream,
            "room_id": ask.room_id,
            **signature(client.actor.id, client.actor.hand).wire(),
            "recorded_at": datetime.now(UTC),
            **ask.body,
        }
        event = PackedEvent(stream, None, None, SIGNAL_SENT, audience, event_data(SIGNAL_SENT, payload))
        self._fanout.deliver(event, but=client)
        self._relay.tell_others(event)

    def _set_presence(self, client: Client, ask: SetPresence) -> None:
        must_cover(client.actor, "account:write")
        self._presence.set_state(client.actor.id, client.connection, ask.state)


def _refused(client: Client, refusal: Refusal) -> dict[str, Any]:
    return {"ok": False, "error": translate(client.actor.language, refusal)}
