"""The composition root: builds the parts, connects them, starts and stops them. It reads top to bottom."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import cache

from starlette.types import Receive, Scope, Send

from commands.pace import Pace, UploadPace
from commands.runner import Commands
from hub.contract import asyncapi, openapi
from hub.gateway.gateway import Gateway
from hub.installation import Knowledge
from hub.operations.doctor import Finding, examine
from hub.operations.housekeeping import Housekeeping
from hub.operations.jobs import tasks_of
from hub.operations.outbox import measure
from hub.operations.release import on_disk
from hub.operations.updates import Updates
from hub.operations.watch import Watch
from hub.operations.worker import Worker
from hub.parts import ANSWERS, FOLDING, JOURNAL, LETTERS, READS, ROOM_PARTS, TABS, TIMELINE, VERBS
from hub.settings import Settings
from people.signing.domains.dns_lookups import ask_servers
from people.signing.sessions import keep_sessions_for
from people.signing.throttling import SignInLimits
from rooms.files.senders import Senders
from rooms.files.uploads import UploadLimits
from rooms.pictures import Pictures
from store.bus import Bus
from store.database import Database
from store.errors import ToolFailed
from store.files.blobs import Blobs
from store.sandboxes import sandboxes
from store.scopes import EVERYWHERE
from store.secrets import ciphers
from store.secrets.secrets import shared_secret
from web.app import create_web
from web.body_limits import Bodies
from web.security import SecurityHeaders
from web.site import Site

FINDINGS_SECONDS = 60.0
MEASURED_SECONDS = 5.0


class WrongKey(ToolFailed):
    """The cipher's key is another one than the database's secrets were encrypted with."""

    def __init__(self) -> None:
        super().__init__(
            "The database's secrets were encrypted with another key. Set HUB_CIPHER_KEY to it, the same on all hubs, "
            "or put its file cipher.key into the data folder."
        )


class Hub:
    """One node: an ASGI application."""

    def __init__(self, settings: Settings, *, demo: bool = False) -> None:
        assert settings.database_url, "the engines come first"
        assert settings.redis_url, "the engines come first"
        settle(settings)
        self.database = Database(settings.database_url, answers=ANSWERS)
        self.bus = Bus(settings.redis_url)
        self.blobs = blobs_of(settings)
        self.commands = Commands(self.database, VERBS, pace(settings), sign_in_limits(settings))
        pictures = Pictures(self.database, ROOM_PARTS, FOLDING)
        self.gateway = Gateway(self.database, self.bus, self.commands, pictures, settings)
        self.knowledge = Knowledge(self.database, self.gateway.relay)
        self.updates = Updates(self.database, self.blobs, settings)
        self.gateway.listeners += [self.knowledge.heard, self.updates.heard]
        self.housekeeping = Housekeeping(self.database, self.blobs, journal_kept=settings.journal_kept)
        self.worker = worker_of(settings, self.database)
        self.settings = settings
        self._measured = -MEASURED_SECONDS
        self._found: tuple[float, list[Finding]] | None = None
        keep_sessions_for(settings.session_lifetime, timedelta(days=settings.session_most_days))
        self.site = Site(
            database=self.database,
            commands=self.commands,
            blobs=self.blobs,
            timeline=TIMELINE,
            journal=JOURNAL,
            letters=LETTERS,
            tabs=TABS,
            public_url=settings.public_url or None,
            demo=demo,
            data_dir=str(settings.data_dir),
            sign_in_limits=sign_in_limits(settings),
            body_bytes=settings.limit_body_bytes,
            file_bytes=settings.limit_upload_bytes,
            journal_days=settings.journal_days,
            upload_limits=upload_limits(settings),
            upload_pace=upload_pace(settings),
            senders=senders(settings),
            bodies=Bodies() if settings.limits else Bodies(None),
            engines=self.engines,
            documents=documents,
            pictures=pictures,
            presences=self.gateway.presences,
            know_installation=self.knowledge.refresh,
            standing=self.updates.standing,
            findings=self.findings,
            measure=self.measure,
            session_lifetime=settings.session_lifetime,
            metrics_from=settings.metrics_networks,
        )
        self.app = SecurityHeaders(self.gateway.asgi(create_web(self.site, READS)), https=settings.is_secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self.running())
            except BaseException as error:
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                raise
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The parts run while the block does; they stop in the opposite order."""
        async with AsyncExitStack() as stack:
            watch = Watch()
            watch.start()
            stack.callback(watch.stop)
            stack.push_async_callback(self.database.close)
            stack.push_async_callback(sandboxes.close)
            self.site.secret = await self._secret()
            await self._check_cipher()
            await self.bus.start()
            stack.push_async_callback(self.bus.stop)
            await self.gateway.start()
            stack.push_async_callback(self.gateway.stop)
            await self.knowledge.start()
            stack.push_async_callback(self.knowledge.stop)
            stack.push_async_callback(self.updates.stop)
            self.housekeeping.start()
            stack.push_async_callback(self.housekeeping.stop)
            if self.settings.worker:
                self.worker.start()
                stack.push_async_callback(self.worker.stop)
            yield

    async def _secret(self) -> bytes:
        if self.settings.secret is not None:
            return self.settings.secret.get_secret_value().encode()
        async with self.database.transaction(EVERYWHERE) as tx:
            return await shared_secret(tx, "forms")

    async def _check_cipher(self) -> None:
        """Refuse to run with a key that can't read what was encrypted before, before anything is encrypted with it."""
        async with self.database.transaction(EVERYWHERE) as tx:
            known = await shared_secret(tx, "cipher", ciphers.cipher().encrypt("atrium"))
        try:
            ciphers.cipher().decrypt(known)
        except ciphers.Unreadable as error:
            raise WrongKey() from error

    async def engines(self) -> dict[str, bool]:
        """Which engines beside PostgreSQL can be reached."""
        return {"redis": self.bus.up}

    async def findings(self) -> list[Finding]:
        """What the doctor finds, looked at once a minute at most."""
        if self._found is None or self._found[0] < time.monotonic() - FINDINGS_SECONDS:
            self._found = time.monotonic(), await examine(self.settings)
        return self._found[1]

    async def measure(self) -> None:
        """Bring the figures up to date that stand in the database, every few seconds at most."""
        if self._measured < time.monotonic() - MEASURED_SECONDS:
            self._measured = time.monotonic()
            await measure(self.database)

    async def drain(self) -> None:
        """Finish what runs and send everyone to another node; the server calls this before it closes connections."""
        await self.gateway.drain()


def create_app(settings: Settings, *, demo: bool = False) -> Hub:
    """This is the application; ``demo`` offers the demo's people on the sign-in page."""
    return Hub(settings, demo=demo)


def settle(settings: Settings) -> None:
    """Let the process know by which key it encrypts, and which name servers it asks; a hub's as well as a worker's."""
    ciphers.use(settings.encryption_key)
    ask_servers(settings.asked_servers)


def worker_of(settings: Settings, database: Database) -> Worker:
    return Worker(
        database.url,
        tasks_of(database, settings.site),
        concurrency=settings.worker_concurrency,
        drain_seconds=settings.drain_seconds,
    )


def blobs_of(settings: Settings) -> Blobs:
    return Blobs.at(settings.blobs_url or settings.data_dir / "blobs", spools=settings.data_dir)


def pace(settings: Settings) -> Pace | None:
    if not settings.limits:
        return None
    return Pace(settings.limit_commands_burst, settings.limit_commands_per_second)


def upload_limits(settings: Settings) -> UploadLimits | None:
    if not settings.limits:
        return None
    return UploadLimits(settings.limit_uploads_at_once, settings.limit_uploads_at_once_bytes)


def senders(settings: Settings) -> Senders:
    return Senders(settings.limit_uploads_sending if settings.limits else None)


def upload_pace(settings: Settings) -> UploadPace | None:
    if not settings.limits:
        return None
    return UploadPace(settings.limit_uploads_burst, settings.limit_uploads_per_minute / 60)


def sign_in_limits(settings: Settings) -> SignInLimits | None:
    if not settings.limits:
        return None
    return SignInLimits(
        per_account=settings.limit_sign_ins_per_account,
        per_address=settings.limit_sign_ins_per_address,
        window=timedelta(minutes=settings.limit_sign_in_minutes),
    )


@cache
def documents() -> dict[str, bytes]:
    """These are the contract's documents, by file name."""
    number = on_disk()
    made = {"openapi.json": openapi(number), "asyncapi.json": asyncapi(number)}
    return {name: json.dumps(document).encode() for name, document in made.items()}
