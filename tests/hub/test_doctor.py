"""The doctor names what is wrong, and what to do about it."""

import platform
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from hub.app import create_app
from hub.operations.doctor import Finding, examine
from hub.settings import Settings
from people.actors import Actor
from people.mail import send_letter
from people.mail.mail_settings import ChangeMailSettings, change_mail_settings
from people.persons.emails import EMAIL_KNOWN
from store.database import Database
from store.scopes import ROLE
from tests.hub.agencies import open_agency
from tests.hub.test_main import hub


def found(findings: list[Finding], words: str) -> Finding:
    return next(finding for finding in findings if words in finding.what)


async def test_a_healthy_hub_is_fine(settings: Settings, database: Database) -> None:
    await open_agency(database)
    findings = await examine(settings)
    # The tests' own PostgreSQL runs without fsync, which the doctor rightly calls wrong.
    assert [finding.what for finding in findings if finding.level == "fails"] == ["PostgreSQL runs without fsync"]
    assert found(findings, "Logs").level == "fine"


async def test_a_partition_that_somebody_made_by_hand_is_found(settings: Settings, database: Database) -> None:
    assert not any("asked by that name" in finding.what for finding in await examine(settings))
    try:
        await _as_owner(
            database,
            "create table events_2031 partition of events for values from ('2031-01-01') to ('2032-01-01')",
            f"grant select on events_2031 to {ROLE}",
        )
        finding = found(await examine(settings), "asked by that name")
        assert (finding.level, "events_2031" in finding.what) == ("look", True)
    finally:
        await _as_owner(database, "drop table events_2031")


async def _as_owner(database: Database, *statements: str) -> None:
    async with database.engine.begin() as connection:
        for statement in ("reset role", *statements):
            await connection.execute(text(statement))


async def test_a_hole_in_a_log_is_found(settings: Settings, database: Database) -> None:
    await open_agency(database)
    async with database.transaction() as tx:
        await tx.execute(text("delete from events where name = 'room.opened' and \"offset\" = 1"))
    assert found(await examine(settings), "holes").level == "fails"


async def test_a_python_whose_mail_headers_can_be_bent_is_named(settings: Settings) -> None:
    tried = EmailMessage(policy=default)
    tried["To"] = Address("=?utf-8?q?Nord=0d=0aBcc:_all=40firm.example=0d=0a?=", addr_spec="ion@nord.example")
    bent = any(line.startswith(b"Bcc:") for line in tried.as_bytes().splitlines())
    assert found(await examine(settings), f"Python {platform.python_version()}").level == ("look" if bent else "fine")


async def test_what_is_exposed_is_said(settings: Settings) -> None:
    exposed = settings.model_copy(update={"host": "0.0.0.0", "limits": False})
    findings = await examine(exposed)
    assert found(findings, "HTTPS").level == "look"
    assert found(findings, "Limits").level == "look"


async def test_a_data_folder_that_others_can_look_into_is_found(settings: Settings) -> None:
    settings.data_dir.mkdir(mode=0o755)
    settings.data_dir.chmod(0o755)
    assert f"chmod 700 {settings.data_dir}" in found(await examine(settings), "Other accounts").advice
    settings.data_dir.chmod(0o700)
    assert not any("Other accounts" in finding.what for finding in await examine(settings))


async def test_the_key_of_another_folder_is_asked_for(settings: Settings, database: Database) -> None:
    async with create_app(settings).running():
        pass
    mistyped = settings.model_copy(update={"cipher_key": None})
    assert "--data-dir" in found(await examine(mistyped), "encrypted with isn't in").advice
    assert not (settings.data_dir / "cipher.key").exists()


async def test_tables_of_an_older_version_are_found(settings: Settings, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("update alembic_version set version_num = '0001'"))
    assert "hub migrate" in found(await examine(settings), "older").advice


async def test_letters_that_wait_are_told_of_with_what_they_wait_for(settings: Settings, database: Database) -> None:
    agency = await open_agency(database)
    assert found(await examine(settings), "No letters wait").level == "fine"
    async with database.transaction() as tx:
        for _number in range(2):
            await send_letter(tx, EMAIL_KNOWN, to_person_id=agency.ana.id)
    assert "no mail server" in found(await examine(settings), "2 letters wait").what
    await set_up_mail(database)
    assert "HUB_WORKER" in found(await examine(settings), "no worker runs").advice
    async with database.transaction() as tx:
        await tx.execute(text("insert into procrastinate_workers default values"))
    assert found(await examine(settings), "2 letters are on their way").level == "fine"
    async with database.transaction() as tx:
        await tx.execute(text("update letters set queued_at = now() - interval '1 hour'"))
    assert "log" in found(await examine(settings), "the oldest for 60 min").advice
    async with database.transaction() as tx:
        await tx.execute(text("update letters set tries = 1, error = '550 no', tried_at = now()"))
    assert "550 no" in found(await examine(settings), "2 were tried in vain").what
    async with database.transaction() as tx:
        await tx.execute(text("update letters set state = 'failed'"))
    assert "Try again" in found(await examine(settings), "2 letters couldn't be sent").advice


async def set_up_mail(database: Database) -> None:
    async with database.transaction() as tx:
        command = ChangeMailSettings(server="mail.example", sender_email="atrium@mail.example")
        await change_mail_settings(tx, Actor(uuid4(), "superadmin", None, "Rada"), command)


def test_engines_that_are_away_make_it_fail(tmp_path: Path) -> None:
    away = hub(
        "doctor",
        *("--data-dir", str(tmp_path)),
        HUB_DATABASE_URL="postgresql://atrium:secret@127.0.0.1:1/atrium",
        HUB_REDIS_URL="redis://127.0.0.1:1",
    )
    assert away.returncode == 1
    assert "PostgreSQL can't be reached" in away.stderr
    assert "secret" not in away.stderr
