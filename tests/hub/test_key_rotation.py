"""Rekeying: all that is encrypted is encrypted anew with another key, wholly or not at all, and nothing else is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import LargeBinary, select, update

from hub.app import WrongKey, create_app
from hub.engines import prepare
from hub.main import rekeyed
from hub.operations import key_rotation
from hub.operations.key_rotation import FormerKeyUnknown, HubsRun, rekey, sealed_columns
from hub.settings import Settings
from people.profiles import meetings_key
from people.signing import pending_steps
from store.database import Database
from store.engines import EmbeddedEngines
from store.rows import Row
from store.scopes import EVERYWHERE
from store.secrets import ciphers
from store.secrets.ciphers import Cipher, Unreadable, kept_key
from tests.databases import owner_of
from tests.keys import CIPHER_KEY
from tests.people.offices import SERVICE, Office, open_office

NEW = "another one from now on"
SECRET_OF_ANA = "1880101223344"
WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture(autouse=True)
async def own_key() -> AsyncIterator[None]:
    yield
    ciphers.use(CIPHER_KEY.encode())


@pytest.fixture
async def office(settings: Settings, database: Database) -> Office:
    """Where there is something in every column of what is encrypted."""
    async with create_app(settings).running():
        pass
    office = await open_office(database)
    agency, root = office.agency, office.root
    await agency.run(agency.ana, "authenticator.start")
    await agency.run(root, "provider.add", **SERVICE)
    mail = {"server": "mail.example", "username": "atrium", "password": "s", "sender_email": "atrium@mail.example"}
    await agency.run(root, "mail_settings.change", **mail)
    await agency.run(agency.admin, "employee.change", person_id=str(agency.ana.id), tax_number=SECRET_OF_ANA)
    await agency.run(agency.admin, "meetings_key.renew")
    await agency.run(agency.ana, "calendar_feed.renew")
    async with database.transaction(EVERYWHERE) as tx:
        await pending_steps.begin(tx, "second_step", {"person_id": str(agency.ana.id)})
    return office


def with_key(settings: Settings, key: str, former: str | None = None) -> Settings:
    said = {"cipher_key": SecretStr(key), "former_cipher_key": SecretStr(former) if former else None}
    return settings.model_copy(update=said)


async def sealed(url: str) -> dict[str, list[bytes]]:
    """What is in each column of what is encrypted."""
    database = Database(url, within=EVERYWHERE)
    async with database.reading(EVERYWHERE) as tx:
        found = {
            str(column): [bytes(value) for value in await tx.scalars(select(column).where(column.is_not(None)))]
            for column in sealed_columns()
        }
    await database.close()
    return found


async def test_all_is_encrypted_with_the_new_key_and_hubs_run_on_with_it(
    settings: Settings, database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.operations.key_rotation.BATCH", 2)
    url, changed = database.url, with_key(settings, NEW, CIPHER_KEY)
    async with database.reading(EVERYWHERE) as tx:
        known = await meetings_key(tx, office.agency.admin.actor)
    before = await sealed(url)
    assert all(before.values()), "there is nothing in some column, so this shows nothing of it"
    await database.close()
    assert await rekey(changed, url) == sum(map(len, before.values()))
    after = await sealed(url)
    for column, hidden in before.items():
        words = [Cipher(CIPHER_KEY.encode()).decrypt(each) for each in hidden]
        assert sorted(Cipher(NEW.encode()).decrypt(each) for each in after[column]) == sorted(words), column
        for each in after[column]:
            with pytest.raises(Unreadable):
                Cipher(CIPHER_KEY.encode()).decrypt(each)
    assert await rekey(changed, url) == 0, "it is done already"
    async with create_app(with_key(settings, NEW)).running():
        opened = Database(url, within=EVERYWHERE)
        async with opened.reading(EVERYWHERE) as tx:
            assert await meetings_key(tx, office.agency.admin.actor) == known
        await opened.close()
    with pytest.raises(WrongKey):
        async with create_app(settings).running():
            pass


@pytest.mark.usefixtures("office")
async def test_what_is_encrypted_says_so(database: Database) -> None:
    """A column of it that didn't would be left behind."""
    async with database.reading(EVERYWHERE) as tx:
        for table in Row.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary) and column not in set(sealed_columns()):
                    query = select(column).where(column.is_not(None))
                    for value in await tx.scalars(query):
                        assert not bytes(value).startswith(b"gAAAA") or str(column) == "secrets.value", column


@pytest.mark.usefixtures("office")
async def test_nothing_changes_while_somebody_is_connected(settings: Settings, database: Database) -> None:
    before = await sealed(database.url)
    async with database.reading(EVERYWHERE):
        with pytest.raises(HubsRun):
            await rekey(with_key(settings, NEW, CIPHER_KEY), database.url)
    assert await sealed(database.url) == before


@pytest.mark.usefixtures("office")
async def test_a_hub_that_begins_meanwhile_waits_and_learns_that_its_key_is_the_former_one(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, goes_on, column_anew = asyncio.Event(), asyncio.Event(), key_rotation._column_anew

    async def slowly(*given: Any) -> int:
        reached.set()
        await goes_on.wait()
        return await column_anew(*given)

    monkeypatch.setattr("hub.operations.key_rotation._column_anew", slowly)
    await database.close()
    encrypting = asyncio.create_task(rekey(with_key(settings, NEW, CIPHER_KEY), database.url))
    await reached.wait()
    hub = create_app(settings)
    beginning = asyncio.create_task(hub._check_cipher())
    async with owner_of(database.url) as owner:
        while not await owner.fetchval(f"select exists ({WAITING})"):
            assert not beginning.done()
    goes_on.set()
    assert await encrypting > 0
    with pytest.raises(WrongKey):
        await beginning
    await hub.database.close()


@pytest.mark.usefixtures("office")
async def test_with_a_wrong_former_key_nothing_changes(settings: Settings, database: Database) -> None:
    url, before = database.url, await sealed(database.url)
    await database.close()
    for former in ("not this one", None):
        with pytest.raises(FormerKeyUnknown):
            await rekey(with_key(settings, NEW, former), url)
    assert await sealed(url) == before


@pytest.mark.usefixtures("office")
async def test_what_nobody_could_read_before_stays_as_it_is(settings: Settings, database: Database) -> None:
    lost = Cipher(b"a key of long ago").encrypt("lost")
    async with database.transaction(EVERYWHERE) as tx:
        await pending_steps.begin(tx, "provider", {})
        await tx.flush()
        of_then = update(pending_steps.PendingStep).where(pending_steps.PendingStep.kind == "provider")
        await tx.execute(of_then.values(hidden=lost))
    url, before = database.url, await sealed(database.url)
    await database.close()
    assert await rekey(with_key(settings, NEW, CIPHER_KEY), url) == sum(map(len, before.values())) - 1
    assert lost in (await sealed(url))["ceremonies.hidden"]


async def test_a_data_folder_gets_a_fresh_key_and_what_was_interrupted_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "data", port=0, worker=False)
    async with EmbeddedEngines(settings.data_dir) as engines:
        complete = settings.model_copy(update={"database_url": engines.database_url, "redis_url": engines.redis_url})
        await prepare(engines.database_url)
        async with create_app(complete).running():
            pass
    first = kept_key(settings.data_dir)

    def killed(_folder: Path, _key: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hub.operations.key_rotation.keep_key", killed)
        with pytest.raises(KeyboardInterrupt):
            await rekeyed(settings)
    assert kept_key(settings.data_dir) == first, "all is encrypted anew, and the folder keeps the former key"
    await rekeyed(settings)
    second = kept_key(settings.data_dir)
    assert second != first
    assert not (settings.data_dir / "cipher.key.next").exists()
    assert (settings.data_dir / "cipher.key").stat().st_mode & 0o777 == 0o600
    async with EmbeddedEngines(settings.data_dir) as engines:
        complete = settings.model_copy(update={"database_url": engines.database_url, "redis_url": engines.redis_url})
        async with create_app(complete).running():
            pass
