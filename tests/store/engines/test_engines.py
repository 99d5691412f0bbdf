"""The embedded engines, against what kills them: a hub that vanishes, an engine that vanishes, a second hub."""

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import asyncpg
import psutil
import pytest
import redis

from store.engines import DataFolderInUse, EmbeddedEngines
from store.engines.users import world_readable
from tests.patience import PATIENT_SECONDS, promised

SMALL_HUB = """
import sys, threading
from pathlib import Path
from store.engines import EmbeddedEngines

with EmbeddedEngines(Path(sys.argv[1])) as engines:
    print(engines.database_url, engines.redis_url, flush=True)
    threading.Event().wait()
"""


class Hub(NamedTuple):
    process: "subprocess.Popen[str]"
    database_url: str
    redis_url: str

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


StartHub = Callable[..., Hub]


@pytest.fixture
def start_hub(tmp_path: Path) -> Iterator[StartHub]:
    """Starts processes that do nothing but keep engines, and ends those that a test leaves."""
    processes = []

    def start(data_dir: Path = tmp_path, *, before: tuple[str, ...] = (), script: str = SMALL_HUB) -> Hub:
        process = small_hub(data_dir, before=before, script=script)
        processes.append(process)
        assert process.stdout
        return Hub(process, *process.stdout.readline().split())

    yield start
    for process in processes:
        kill(process)


def small_hub(data_dir: Path, *, before: tuple[str, ...] = (), script: str = SMALL_HUB) -> "subprocess.Popen[str]":
    command = [*before, sys.executable, "-c", script, str(data_dir)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


async def remember(database_url: str, word: str) -> None:
    connection = await connect(database_url)
    await connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
    await connection.execute("INSERT INTO words VALUES ($1)", word)
    await connection.close()


async def remembered(database_url: str) -> list[str]:
    connection = await connect(database_url)
    words = [row["word"] for row in await connection.fetch("SELECT word FROM words")]
    await connection.close()
    return words


async def connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url)


def answers(redis_url: str) -> bool:
    try:
        with redis.Redis.from_url(redis_url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def names(processes: list[psutil.Process]) -> set[str]:
    """What processes are called, of those that haven't ended meanwhile, as a closed session's has."""
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found.add(process.name())
    return found


def wait_until(holds: Callable[[], bool], seconds: float = PATIENT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.01)


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[EmbeddedEngines]:
    with EmbeddedEngines(tmp_path, durable=False) as engines:
        yield engines


async def test_a_killed_hub_leaves_no_process_and_starts_again_on_its_data(start_hub: StartHub) -> None:
    hub = start_hub()
    await remember(hub.database_url, "kept")
    family = hub.family()
    assert names(family) >= {"postgres", "valkey-server"}

    kill(hub.process)
    started_at = time.monotonic()
    again = start_hub()

    assert time.monotonic() - started_at < promised(5)  # a tenth or so on a machine that is free
    assert await remembered(again.database_url) == ["kept"]
    assert not [process for process in family if is_alive(process)]


async def test_a_hub_killed_amid_a_long_statement_leaves_no_process(start_hub: StartHub) -> None:
    hub = start_hub()
    connection = await connect(hub.database_url)
    statement = asyncio.create_task(connection.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0)
    family = hub.family()

    kill(hub.process)

    assert not psutil.wait_procs(family, timeout=PATIENT_SECONDS)[1]
    with pytest.raises((asyncpg.PostgresError, ConnectionError)):
        await statement
    connection.terminate()


def test_a_hub_killed_while_it_makes_the_cluster_starts_afresh(start_hub: StartHub, tmp_path: Path) -> None:
    process = small_hub(tmp_path)
    wait_until((tmp_path / "postgres.new" / "PG_VERSION").exists)
    kill(process)

    assert answers(start_hub().redis_url)


def test_a_stopped_hub_leaves_no_process(tmp_path: Path) -> None:
    engines = EmbeddedEngines(tmp_path, durable=False)
    before = set(psutil.Process().children(recursive=True))
    with engines:
        assert set(psutil.Process().children(recursive=True)) - before
    assert not set(psutil.Process().children(recursive=True)) - before


def test_a_killed_valkey_is_started_again_on_its_port(engines: EmbeddedEngines) -> None:
    for _ in range(2):
        pid = engines.valkey.pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda gone=pid: engines.valkey.pid != gone and answers(engines.redis_url))  # type: ignore[misc]


async def test_a_killed_postgres_is_started_again_on_its_port(engines: EmbeddedEngines) -> None:
    await remember(engines.database_url, "kept")
    pid = engines.postgres.pid
    assert pid

    os.kill(pid, signal.SIGKILL)

    wait_until(lambda: engines.postgres.pid != pid and engines.postgres.is_ready())
    assert await remembered(engines.database_url) == ["kept"]


def test_a_second_hub_on_the_same_folder_is_refused_by_name(engines: EmbeddedEngines) -> None:
    with pytest.raises(DataFolderInUse, match=f"process {os.getpid()}"):
        EmbeddedEngines(engines.data_dir).start()
    assert answers(engines.redis_url)


def test_the_engines_are_closed_to_who_has_no_password(engines: EmbeddedEngines) -> None:
    with redis.Redis(port=engines.valkey.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    assert (engines.data_dir / "postgres.password").stat().st_mode & 0o077 == 0
    assert engines.data_dir.stat().st_mode & 0o077 == 0


async def test_postgres_asks_for_its_password(engines: EmbeddedEngines) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host="127.0.0.1", port=engines.postgres.port, user="atrium", password="wrong", database="atrium"
        )


async def test_the_database_knows_the_extensions_and_three_languages(engines: EmbeddedEngines) -> None:
    connection = await connect(engines.database_url)
    for extension in ("btree_gist", "citext", "pg_trgm", "unaccent"):
        await connection.execute(f"CREATE EXTENSION {extension}")
    assert await connection.fetchval("SELECT lower('ȘTEFAN ЇЖАК')") == "ștefan їжак"
    assert await connection.fetchval("SELECT unaccent('Ștefan țară')") == "Stefan tara"
    assert await connection.fetchval("SELECT similarity('привіт', 'Привіт')") == 1
    await connection.close()


def test_without_a_death_signal_a_watcher_ends_the_engines(start_hub: StartHub) -> None:
    """As on macOS, where the kernel has none."""
    hub = start_hub(script="from store.engines import servers; servers.HAS_DEATH_SIGNAL = False\n" + SMALL_HUB)
    family = hub.family()

    kill(hub.process)

    assert not psutil.wait_procs(family, timeout=PATIENT_SECONDS)[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
class TestAsRoot:
    def test_the_engines_run_as_nobody_in_a_folder_that_nobody_can_reach(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        with EmbeddedEngines(closed / "data", durable=False) as engines:
            nobody = pwd.getpwnam("nobody").pw_uid
            for pid in (engines.postgres.pid, engines.valkey.pid):
                assert psutil.Process(pid).uids().real == nobody
            assert answers(engines.redis_url)
        assert closed.stat().st_mode & 0o777 == 0o700

    async def test_programs_that_nobody_can_read_are_copied(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("store.engines.users.world_readable", lambda path: False)
        monkeypatch.setattr("store.engines.users.shared_folder", lambda: opened(tmp_path / "shared"))
        with EmbeddedEngines(tmp_path / "data", durable=False) as engines:
            programs = Path(psutil.Process(engines.postgres.pid).exe())
            assert programs.is_relative_to(tmp_path / "shared")
            assert answers(engines.redis_url)

    def test_an_ordinary_user_needs_no_root(self, start_hub: StartHub, tmp_path: Path) -> None:
        home = opened(tmp_path / "home")
        user = pwd.getpwnam("daemon")
        os.chown(home, user.pw_uid, user.pw_gid)
        become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        if not world_readable(Path(sys.executable)):
            # This Python lies where no other account can reach it: the user is given leave to read, and no more.
            become += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        hub = start_hub(home / "data", before=tuple(become))
        assert {process.uids().real for process in hub.family()} == {user.pw_uid}


def opened(folder: Path) -> Path:
    """Makes a folder that everyone can reach."""
    folder.mkdir(exist_ok=True)
    for path in (folder, *folder.parents):
        if path.owner() == "root" and path.is_relative_to("/tmp"):
            path.chmod(path.stat().st_mode | 0o055)
    return folder
