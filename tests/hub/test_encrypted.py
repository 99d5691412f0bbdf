"""A database behind TLS serves, is looked at, backed up and restored; a wrong certificate is refused everywhere."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import asyncpg
import psutil
import pytest

from hub.operations.doctor import examine
from hub.operations.jobs import tasks_of
from hub.operations.worker import Worker
from hub.parts import ANSWERS
from hub.settings import Settings
from store.addresses.database_addresses import Address, Unreachable, connected
from store.bus import Bus
from store.database import Database
from store.engines.programs import run_on
from store.engines.tunnels import tunnel
from store.errors import ToolFailed
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.encrypted import Authority, Encrypted, encrypted, encrypted_bus
from tests.hub.agencies import open_agency
from tests.hub.test_doctor import found
from tests.hub.test_main import PASSWORD, hub
from tests.hub.test_worker import until_sent, write
from tests.hubs import running_hub
from tests.mail import mail_server
from tests.patience import browser_at


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
async def server(database_url: str, authority: Authority) -> AsyncIterator[Encrypted]:
    """The test's database, as localhost and over TLS alone."""
    async with encrypted(database_url, authority.server("localhost")) as server:
        yield server


@pytest.fixture
def verified(server: Encrypted, authority: Authority) -> str:
    """Its address, with what looks at its certificate."""
    return server.url(sslmode="verify-full", sslrootcert=authority.file)


async def commanded(*arguments: str, url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    variables = {"HUB_DATABASE_URL": url, "HUB_DATA_DIR": str(folder), "HUB_CIPHER_KEY": "a key"}
    return await asyncio.to_thread(hub, *arguments, **variables)


async def test_a_hub_and_its_worker_serve_over_tls(settings: Settings, verified: str, server: Encrypted) -> None:
    database = Database(verified, within=EVERYWHERE, answers=ANSWERS)
    async with mail_server() as mail:
        await mail.set_up(database)
        agency = await open_agency(database)
        encrypted_settings = settings.model_copy(update={"database_url": verified})
        async with running_hub(encrypted_settings) as url, browser_at(url) as client:
            assert (await client.get("/readyz")).status_code == 200
            client.cookies.set("hub_session", agency.ana.token)
            assert (await client.get("/api/v1/session")).json()["person"]["name"] == "Ana"
        worker = Worker(verified, tasks_of(database, "https://hub.example"), concurrency=1, drain_seconds=1)
        worker.start()
        try:
            await until_sent(database, await write(database, agency))
        finally:
            await worker.stop()
    await database.close()
    assert server.taken > 2


async def test_every_command_comes_to_a_database_over_tls(
    verified: str, server: Encrypted, template: Template, authority: Authority, tmp_path: Path
) -> None:
    folder, archive = tmp_path / "data", tmp_path / "atrium.tar"
    ana = ("--name", "Ana", "--email", "ana@atrium.example", "--password", PASSWORD)
    (folder / "blobs").mkdir(parents=True)
    added = await commanded("person", "add", *ana, url=verified, folder=folder)
    assert added.returncode == 0, added.stderr
    looked = await commanded("doctor", url=verified, folder=folder)
    assert "answers" in looked.stderr
    assert "Tables are up to date" in looked.stderr
    backed_up = await commanded("backup", str(archive), url=verified, folder=folder)
    assert backed_up.returncode == 0, backed_up.stderr
    async with template.copy() as url, encrypted(url, authority.server("localhost")) as other:
        restored = await commanded(
            "restore", str(archive), url=other.url(sslmode="verify-full", sslrootcert=authority.file), folder=folder
        )
        assert restored.returncode == 0, restored.stderr
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("select email from parties") == "ana@atrium.example"
        await connection.close()
        assert other.taken > 1
    assert server.taken > 3


@pytest.mark.parametrize(
    ("mode", "host", "said"),
    [
        ("verify-full", "localhost", None),
        ("verify-ca", "localhost", None),
        ("require", "localhost", None),
        ("verify-full", "127.0.0.1", "is for another name"),
        ("verify-ca", "127.0.0.1", None),
    ],
)
async def test_a_certificate_counts_for_its_name(
    server: Encrypted, authority: Authority, mode: str, host: str, said: str | None
) -> None:
    address = Address.parse(server.url(host, sslmode=mode, sslrootcert=authority.file))
    assert (
        await why_not(address) == (None, None) if said is None else all(said in why for why in await refused(address))
    )


async def refused(address: Address) -> list[str]:
    """Why an address doesn't do, to a command and to PostgreSQL's programs."""
    connection, program = await why_not(address)
    assert connection
    assert program
    return [connection, program]


async def why_not(address: Address) -> tuple[str | None, str | None]:
    connection = program = None
    try:
        await (await connected(address)).close()
    except Unreachable as error:
        connection = str(error)
    try:
        await run_on(address, "psql", "--no-psqlrc", "--command=select 1")
    except ToolFailed as error:
        program = str(error)
    return connection, program


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_a_certificate_of_another_authority_is_refused(server: Encrypted, tmp_path: Path, mode: str) -> None:
    other = Authority(tmp_path).file
    address = Address.parse(server.url(sslmode=mode, sslrootcert=other))
    for why in await refused(address):
        assert "isn't of an authority that is trusted" in why
    assert server.taken == 0


async def test_without_an_authority_whoever_answers_is_believed_where_that_is_said(server: Encrypted) -> None:
    for mode in ("require", "prefer"):
        assert await why_not(Address.parse(server.url(sslmode=mode))) == (None, None)
    assert server.taken == 4


async def test_a_server_that_wants_tls_is_not_come_to_without(server: Encrypted) -> None:
    for why in await refused(Address.parse(server.url(sslmode="disable"))):
        assert "no encryption" in why


async def test_a_server_without_tls_is_not_come_to_where_it_is_wanted(database_url: str, authority: Authority) -> None:
    for mode in ("require", f"verify-full&sslrootcert={authority.file}"):
        address = Address.parse(f"{database_url}?sslmode={mode}")
        connection, program = await refused(address)
        assert "rejected SSL" in connection
        assert "speaks no TLS" in program
    assert await why_not(Address.parse(f"{database_url}?sslmode=prefer")) == (None, None)


async def test_a_wrong_certificate_is_told_at_the_start(
    server: Encrypted, authority: Authority, tmp_path: Path
) -> None:
    wrong = {
        "is for another name": server.url("127.0.0.1", sslmode="verify-full", sslrootcert=authority.file),
        "isn't of an authority": server.url(sslmode="verify-full", sslrootcert=Authority(tmp_path).file),
        "no encryption": server.url(sslmode="disable"),
        "HUB_DATABASE_URL: There is no parameter sslmod": server.url(sslmod="require"),
    }
    (tmp_path / "blobs").mkdir()
    commands = cycle([("migrate",), ("backup", str(tmp_path / "atrium.tar"))])
    for (said, url), arguments in zip(wrong.items(), commands, strict=False):
        told = await commanded(*arguments, url=url, folder=tmp_path)
        assert told.returncode == 1
        assert said in told.stderr
        assert "Traceback" not in told.stderr
        assert str(server.inner.password) not in told.stderr
    assert not (tmp_path / "atrium.tar").exists()


async def test_a_client_shows_its_own_certificate(database_url: str, settings: Settings, authority: Authority) -> None:
    certificate, key = authority.client("atrium")
    async with encrypted(database_url, authority.server("localhost", asks=True)) as server:
        unknown = server.url(sslmode="verify-full", sslrootcert=authority.file)
        assert await why_not(Address.parse(f"{unknown}&sslcert={certificate}&sslkey={key}")) == (None, None)
        assert all(await refused(Address.parse(unknown)))


async def test_the_first_of_several_hosts_that_answers_is_taken(server: Encrypted, authority: Authority) -> None:
    one = Address.parse(server.url(sslmode="verify-full", sslrootcert=authority.file))
    gone = one.url.replace("@localhost:", "@localhost:1,localhost:")
    address = Address.parse(gone)
    assert len(address.hosts) == 2
    async with asyncio.timeout(20):
        await (await connected(address)).close()
        database = Database(gone, within=EVERYWHERE)
        async with database.reading():
            pass
        await database.close()


async def test_a_password_is_on_no_command_line(verified: str) -> None:
    address = Address.parse(verified)
    assert address.password
    running = asyncio.create_task(run_on(address, "psql", "--no-psqlrc", "--command=select pg_sleep(60)"))
    connection = await connected(address)
    try:
        async with asyncio.timeout(20):
            while not await connection.fetchval(  # noqa: ASYNC110 - PostgreSQL tells nobody
                "select exists (select from pg_stat_activity where application_name = 'psql')"
            ):
                await asyncio.sleep(0.02)
        lines = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
        assert any("pg_sleep" in line for line in lines)
        assert not any(address.password in line for line in lines)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await connection.close()


async def test_programs_are_let_in_by_a_server_that_offers_what_takes_tls(
    database_url: str, authority: Authority
) -> None:
    async with encrypted(database_url, authority.server("localhost"), binding=True) as server:
        address = Address.parse(server.url(sslmode="verify-full", sslrootcert=authority.file))
        assert await why_not(address) == (None, None)


async def test_a_tunnel_is_for_its_own_account_and_gone_at_the_end(verified: str) -> None:
    async with tunnel(Address.parse(verified)) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


async def test_the_bus_is_verified_too(
    settings: Settings, redis_url: str, authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path).file
    async with encrypted_bus(redis_url, authority.server("localhost")) as address:
        for url, up in (
            (f"{address}?ssl_ca_certs={authority.file}", True),
            (f"{address}?ssl_ca_certs={other}", False),
            (f"{address.replace('localhost', '127.0.0.1')}?ssl_ca_certs={authority.file}", False),
        ):
            bus = Bus(url)
            await bus.start()
            assert bus.up == up, url
            await bus.stop()
            findings = await examine(settings.model_copy(update={"redis_url": url}))
            assert found(findings, "Redis or Valkey" if up else "certificate verify failed").level == (
                "fine" if up else "look"
            )
