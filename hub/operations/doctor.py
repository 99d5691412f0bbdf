"""The doctor: looks at what a hub stands on, and says what to do about what isn't right."""

import platform
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hub.operations.outbox import OutboxState, outbox
from hub.settings import Settings
from store.addresses.database_addresses import Address, Unreachable, connected
from store.errors import Refusal
from store.files.blobs import Blobs
from store.files.folders import is_open
from store.migrations import newer, pending
from store.scopes import ROLE
from store.secrets.ciphers import Cipher, Unreadable
from web import assets

POSTGRESQL_AT_LEAST = 160000
REDIS_AT_LEAST = 7
EXTENSIONS = {"btree_gist", "citext", "pg_trgm"}
DISK_LOW_BYTES, DISK_FULL_BYTES = 5_000_000_000, 500_000_000
CLOCK_APART_SECONDS = 2.0

Level = Literal["fine", "look", "fails"]
_STYLES: dict[Level, str] = {"fine": "green", "look": "yellow", "fails": "red"}
_MARKS: dict[Level, str] = {"fine": "✓", "look": "!", "fails": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``advice`` says what to do when it isn't fine."""

    level: Level
    what: str
    advice: str = ""

    @property
    def line(self) -> str:
        return f"{_MARKS[self.level]} {self.what}" + (f"\n  {self.advice}" if self.advice else "")

    @property
    def style(self) -> str:
        return _STYLES[self.level]


async def examine(settings: Settings) -> list[Finding]:
    """These are the findings on all that a hub with these settings stands on."""
    looks: tuple[Callable[[Settings], AsyncIterator[Finding]], ...] = (
        _python, _database, _redis, _folder, _disk, _files, _settings, _pages,
    )  # fmt: skip
    return [finding for look in looks async for finding in look(settings)]


async def _python(_settings: Settings) -> AsyncIterator[Finding]:
    """Whether Python's own mail headers can be bent (CVE-2024-6923): known by trying, as some distributions mend it."""
    bent = EmailMessage(policy=SMTP)
    bent["Subject"] = "=?utf-8?q?x=0d=0aX-Bent:_yes?="
    if b"\nX-Bent:" in bent.as_bytes():
        yield Finding(
            "look",
            f"Python {platform.python_version()} lets a text bring mail headers of its own (CVE-2024-6923)",
            "Atrium writes its letters' headers itself; update Python all the same, to the latest of its series.",
        )
    else:
        yield Finding("fine", f"Python {platform.python_version()}")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    url = settings.database_url or ""
    address = Address.parse(url)
    try:
        connection = await connected(address, patience_seconds=10)
    except Unreachable as error:
        yield Finding("fails", f"PostgreSQL can't be reached. {error}", "Start it, or mend HUB_DATABASE_URL.")
        return
    try:
        async for finding in _of_postgresql(connection):
            yield finding
        if address.sslmode == "require" and not address.is_verified:
            yield Finding(
                "look",
                "The connection to PostgreSQL is encrypted, but nobody looks who answers",
                "Set sslmode=verify-full in HUB_DATABASE_URL, and sslrootcert=… to the certificate of its authority.",
            )
        if await pending(url):
            yield Finding("look", "Tables are of an older version", "Back up, then run hub migrate or start the hub.")
            return
        if await newer(url):
            yield Finding("look", "Tables are of a newer version", "Bring this hub up to it, too, when you can.")
        else:
            yield Finding("fine", "Tables are up to date")
        yield await _rows(connection)
        yield await _cipher(connection, settings)
        yield await _logs(connection)
        for finding in _letters(await outbox(connection)):
            yield finding
    finally:
        await connection.close()


async def _of_postgresql(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Finding]:
    number = int(await connection.fetchval("show server_version_num"))
    name = f"PostgreSQL {await connection.fetchval('show server_version')}"
    if number < POSTGRESQL_AT_LEAST:
        yield Finding("fails", f"{name} is too old", "Atrium needs PostgreSQL 16 or newer.")
    else:
        yield Finding("fine", f"{name} answers")
    offered = {row["name"] for row in await connection.fetch("select name from pg_available_extensions")}
    if missing := EXTENSIONS - offered:
        yield Finding(
            "fails",
            f"PostgreSQL lacks {', '.join(sorted(missing))}",
            "Install its contrib package (postgresql-contrib).",
        )
    if await connection.fetchval("show fsync") != "on":
        yield Finding("fails", "PostgreSQL runs without fsync", "Set fsync = on: without it a power cut loses data.")
    apart = abs((await connection.fetchval("select clock_timestamp()") - datetime.now(UTC)).total_seconds())
    if apart > CLOCK_APART_SECONDS:
        yield Finding("look", f"This machine's clock and PostgreSQL's are {apart:.0f} s apart", "Run NTP on both.")
    else:
        yield Finding("fine", "Clocks agree")


async def _rows(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    """Whether PostgreSQL itself keeps businesses apart: the hub can work as a role for whom policies hold."""
    taken_up = await connection.fetchval(
        "select exists (select from pg_roles where rolname = $1 and pg_has_role(session_user, oid, 'set'))", ROLE
    )
    if taken_up and (open_ones := [row["name"] for row in await connection.fetch(_OPEN_PARTITIONS, ROLE)]):
        return Finding(
            "look",
            f"PostgreSQL keeps businesses apart, but not in {', '.join(open_ones)}, asked by that name",
            "Run hub migrate; who made such a partition by hand enables row security on it.",
        )
    if taken_up:
        return Finding("fine", "PostgreSQL keeps businesses apart")
    return Finding(
        "look",
        f"There is no role {ROLE} that the hub may take up, so that PostgreSQL doesn't keep businesses apart itself",
        f"As its administrator: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO the hub's user. Then run hub migrate.",
    )


_OPEN_PARTITIONS = """
select relname as name from pg_class
where relispartition and relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relrowsecurity
    and has_table_privilege($1, oid, 'select')
order by relname
"""


async def _cipher(connection: "asyncpg.Connection[asyncpg.Record]", settings: Settings) -> Finding:
    known = await connection.fetchval("select value from secrets where name = 'cipher'")
    if known is not None and not settings.cipher_key and not settings.own_cipher_key:
        return Finding(
            "fails",
            f"The key that the database's secrets were encrypted with isn't in {settings.data_dir.absolute()}",
            "Name the hub's data folder with --data-dir, or set HUB_CIPHER_KEY.",
        )
    try:
        if known is not None:
            Cipher(settings.encryption_key).decrypt(known)
    except Unreadable:
        return Finding(
            "fails",
            "The database's secrets were encrypted with another key",
            "Set HUB_CIPHER_KEY to it, or put its file cipher.key into the data folder.",
        )
    return Finding("fine", "Encrypted columns can be read")


async def _logs(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    """Whether every log ends where it says, without a hole: looked at for the hundred that changed last."""
    holes = await connection.fetchval(
        """
        select count(*) from (select stream, head from logs order by head desc limit 100) l
        where l.head <> (select count(*) from events e where e.stream = l.stream)
           or l.head <> (select coalesce(max(e."offset"), 0) from events e where e.stream = l.stream)
        """
    )
    if holes:
        return Finding("fails", f"{holes} logs have holes", "Restore the last backup, and report what came before.")
    return Finding("fine", "Logs are whole")


def _letters(letters: OutboxState) -> Iterator[Finding]:
    """Whether letters go out, and what keeps those that wait."""
    if letters.waiting:
        yield _waiting(letters)
    elif not letters.failed:
        yield Finding("fine", "No letters wait")
    if letters.failed:
        yield Finding(
            "look",
            f"{letters.failed} letters couldn't be sent in the last seven days",
            "The installation's page Mail says why; mend that, then choose Try again beside each.",
        )


def _waiting(letters: OutboxState) -> Finding:
    said = f"{letters.waiting} letters wait, the oldest for {letters.oldest_seconds / 60:.0f} min"
    if not letters.has_server:
        return Finding("look", f"{said}: no mail server is set up", "Name one on the installation's page Mail.")
    if not letters.has_worker:
        return Finding("look", f"{said}: no worker runs", "Run hub worker, or leave HUB_WORKER on for a hub.")
    if letters.refused:
        return Finding(
            "look",
            f"{said}: {letters.refused} were tried in vain, at last with: {letters.error}",
            "Mend the mail settings, or the mail server. Each is tried for a day, and at once when settings are saved.",
        )
    if letters.late:
        return Finding("look", said, "A worker runs, but doesn't come to them: look into its log.")
    return Finding("fine", f"{letters.waiting} letters are on their way")


async def _redis(settings: Settings) -> AsyncIterator[Finding]:
    if settings.redis_url is None:
        yield Finding("fine", "Valkey is the hub's own")
        return
    try:
        async with Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            told = await client.info("server")
    except (RedisError, OSError) as error:
        yield Finding(
            "look",
            f"Redis can't be reached: {error}",
            "Start it, or mend HUB_REDIS_URL. Meanwhile events come up to a second late, and presence is each node's.",
        )
        return
    version = str(told.get("valkey_version") or told.get("redis_version") or "0")
    if int(version.partition(".")[0]) < REDIS_AT_LEAST:
        yield Finding("look", f"Redis {version} is old", "Atrium is tested with Redis 7 and Valkey 8, or newer.")
    else:
        yield Finding("fine", f"Redis or Valkey {version} answers")


async def _folder(settings: Settings) -> AsyncIterator[Finding]:
    if is_open(settings.data_dir):
        yield Finding(
            "look",
            f"Other accounts of this machine can look into {settings.data_dir.absolute()}",
            f"People's files and the keys are below it: chmod 700 {settings.data_dir.absolute()}",
        )


async def _disk(settings: Settings) -> AsyncIterator[Finding]:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB are free where the data folder is"
    if free < DISK_FULL_BYTES:
        yield Finding("fails", said, "Make room: uploads and the database fail when the disk is full.")
    elif free < DISK_LOW_BYTES:
        yield Finding("look", said, "Make room before it is needed.")
    else:
        yield Finding("fine", said)


async def _files(settings: Settings) -> AsyncIterator[Finding]:
    place = settings.blobs_url or settings.data_dir / "blobs"
    if isinstance(place, Path) and not place.exists():
        yield Finding("look", f"There are no files in {place.absolute()}", "The hub makes the folder when it starts.")
        return
    try:
        await Blobs.at(place).forget_abandoned()
    except (Refusal, OSError, ValueError) as error:
        yield Finding("fails", f"Files can't be kept: {error}", "Mend HUB_BLOBS_URL, or the data folder's permissions.")
    else:
        yield Finding("fine", "The file store answers")


async def _settings(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.limits:
        yield Finding("look", "Limits are off", "HUB_LIMITS=off is for measurements: passwords can be guessed fast.")
    if not _is_loopback(settings.host) and not settings.is_secure and settings.certificate is None:
        yield Finding(
            "look",
            f"The hub listens on {settings.host} without HTTPS",
            "Put a proxy with TLS before it, and set HUB_PUBLIC_URL=https://… so that cookies are secure.",
        )
    if settings.public_url and not settings.trusted_proxies and settings.is_secure:
        yield Finding(
            "look",
            "No proxy is trusted",
            "Set HUB_TRUSTED_PROXIES, so that limits count people's addresses, not the proxy's.",
        )


async def _pages(_settings: Settings) -> AsyncIterator[Finding]:
    if assets.asset("app.js").endswith("app.js"):
        yield Finding("fails", "The front end isn't built", "Run make setup, or install Atrium by pip install.")
    else:
        yield Finding("fine", "The front end is built")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
