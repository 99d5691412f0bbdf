"""The command line: `hub serve`, `demo`, `migrate`, `backup`, `restore`, `rekey`, `doctor`, `person add`."""

import ipaddress
import sys
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
import uvloop
from pydantic import ValidationError
from rich.console import Console

from hub.addresses import served_at
from hub.settings import Settings
from hub.sockets.listeners import AddressUnusable
from store.engines import DataFolderInUse, EngineFailed
from store.errors import Refusal, ToolFailed

if TYPE_CHECKING:
    from hub.operations.bootstrap import Founded
    from hub.operations.doctor import Finding
    from store.files.blobs import Blobs

T = TypeVar("T")

SWITCH_SECONDS = 0.001
"""So long a thread that works may keep the event loop from going on; by itself Python lets it five times as long."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Atrium: every project is a live room.",
)
person_cli = typer.Typer(no_args_is_help=True, help="People who can sign in.")
cli.add_typer(person_cli, name="person")
console = Console(stderr=True, highlight=False, soft_wrap=True)

Host = Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000")]
DataDir = Annotated[Path | None, typer.Option(help="The folder for data.", show_default="./data")]


class PersonKind(StrEnum):
    superadmin = "superadmin"
    admin = "admin"
    staff = "staff"
    client = "client"


@cli.command()
def serve(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Run the hub, with its own PostgreSQL and Valkey unless HUB_DATABASE_URL and HUB_REDIS_URL name others."""
    settings = read_settings(host=host, port=port, data_dir=data_dir)
    from hub import server  # noqa: PLC0415 - what doesn't serve needn't load it

    run(server.serve(settings))


@cli.command()
def demo(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Run the hub with a demo business in it, for this machine alone."""
    settings = read_settings(host=host, port=port, data_dir=data_dir)
    if not is_loopback(settings.host):
        fail("The demo's passwords are public, so it listens on this machine alone: --host 127.0.0.1")
    from hub import server  # noqa: PLC0415

    run(server.serve(settings, demo=True))


@cli.command()
def worker(data_dir: DataDir = None) -> None:
    """Do jobs, such as sending letters, and nothing else: beside hubs that are told not to by HUB_WORKER=off."""
    settings = read_settings(data_dir=data_dir)
    from hub import server  # noqa: PLC0415

    run(server.work(settings))


@cli.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database's tables up to this version. Serving does so by itself."""
    run(migrated(read_settings(data_dir=data_dir)))


@cli.command()
def backup(
    archive: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Also in the place of a file that is there.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Back up the database and the files, as of one moment, into one file. The hub may be running."""
    manifest = run(backed_up(read_settings(data_dir=data_dir), archive.absolute(), force=force))
    console.print(f"{archive}: {manifest['events']} events, {len(manifest['blobs'])} files' contents.", markup=False)


@cli.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Also when there is data already.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Put a backup in place of what is there. Hubs on it are to be stopped first."""
    manifest = run(restored(read_settings(data_dir=data_dir), archive.absolute(), replace=replace))
    console.print(f"Restored what was backed up at {manifest['made_at']}.", markup=False)


@cli.command()
def rekey(data_dir: DataDir = None) -> None:
    """Encrypt anew, with another key, what a copy of the database must not show. Hubs are to be stopped first."""
    count = run(rekeyed(read_settings(data_dir=data_dir)))
    console.print(f"Everything is encrypted with the new key, {count} values anew.", markup=False)


@cli.command()
def doctor(data_dir: DataDir = None) -> None:
    """Look at engines, tables, disk, clock and settings, and say what to do. Status 1 when the hub can't run."""
    findings = run(examined(read_settings(data_dir=data_dir)))
    for finding in findings:
        console.print(finding.line, style=finding.style, markup=False)
    if any(finding.level == "fails" for finding in findings):
        raise typer.Exit(1)


@person_cli.command("add")
def add_person(
    name: Annotated[str, typer.Option(prompt=True)],
    email: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)],
    kind: Annotated[PersonKind, typer.Option(help="A superadmin belongs to no business.")] = PersonKind.superadmin,
    business: Annotated[
        str | None, typer.Option(help="The business's name, or its id; one that isn't there is opened.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Add a person, as the first ones of an installation must be. The hub may be running."""
    if (business is None) != (kind == PersonKind.superadmin):
        fail("A superadmin belongs to no business; everyone else to one: --business NAME")
    settings = read_settings(data_dir=data_dir)
    founded = run(person_added(settings, kind, business, {"name": name, "email": email, "password": password}))
    if founded is not None:
        console.print(f"{'Opened' if founded.opened else 'Found'} the business {founded.name}.", markup=False)
    console.print(f"{name.strip()} can sign in as {email.strip()}.", markup=False)


@person_cli.command("reset")
def reset_person(
    email: Annotated[str, typer.Argument(help="With which they sign in.")],
    data_dir: DataDir = None,
) -> None:
    """Make a link by which someone chooses a new password within an hour, where no mail can be sent."""
    settings = read_settings(data_dir=data_dir)
    site, path = run(person_reset(settings, email))
    if not site:
        console.print(
            "It isn't known where people reach the hub: name it by HUB_PUBLIC_URL, or at Installation → General. "
            "The link is that address, and then:",
            markup=False,
        )
    console.print(f"{site}{path}", markup=False)


async def migrated(settings: Settings) -> None:
    from hub import engines  # noqa: PLC0415

    async with engines.database(settings):
        pass  # opening it has done so


async def backed_up(settings: Settings, archive: Path, *, force: bool) -> dict[str, Any]:
    from hub import engines  # noqa: PLC0415
    from hub.operations import backups  # noqa: PLC0415

    engines.must_be_there(settings, with_files=True)
    async with engines.database_url(settings) as url:
        return await backups.back_up(url, blobs_of(settings), archive, settings.own_cipher_key, force=force)


async def restored(settings: Settings, archive: Path, *, replace: bool) -> dict[str, Any]:
    from hub import engines  # noqa: PLC0415
    from hub.operations import backups  # noqa: PLC0415
    from store.migrations import migrate  # noqa: PLC0415
    from store.secrets.ciphers import keep_key  # noqa: PLC0415

    async with engines.own_database_url(settings) as url:
        manifest = await backups.restore(url, blobs_of(settings), archive, replace=replace)
        if (key := backups.kept_key(archive)) is not None:
            keep_key(settings.data_dir, key)
        await migrate(url)
        return manifest


async def rekeyed(settings: Settings) -> int:
    from hub import engines  # noqa: PLC0415
    from hub.operations import key_rotation  # noqa: PLC0415

    engines.must_be_there(settings)
    async with engines.own_database_url(settings) as url:
        await engines.prepare(url)
        return await key_rotation.rekey(settings, url)


async def examined(settings: Settings) -> "list[Finding]":
    from hub import engines  # noqa: PLC0415
    from hub.operations import doctor  # noqa: PLC0415

    async with engines.examinable(settings) as complete:
        return await doctor.examine(complete)


def blobs_of(settings: Settings) -> "Blobs":
    from store.files.blobs import Blobs  # noqa: PLC0415

    return Blobs.at(settings.blobs_url or settings.data_dir / "blobs")


async def person_added(
    settings: Settings, kind: PersonKind, business: str | None, fields: dict[str, str]
) -> "Founded | None":
    from hub import engines  # noqa: PLC0415
    from hub.operations import bootstrap  # noqa: PLC0415
    from store.sandboxes import sandboxes  # noqa: PLC0415

    async with engines.database(settings) as database:
        try:
            if business is None:
                await bootstrap.add_superadmin(database, **fields)
                return None
            return await bootstrap.add_to_business(database, business, {"kind": kind.value} | fields)
        finally:
            await sandboxes.close()  # of who judges passwords


async def person_reset(settings: Settings, email: str) -> tuple[str, str]:
    """The address by which people reach the hub, if it is known, and the path of a link."""
    from hub import engines  # noqa: PLC0415
    from people.installations import installation  # noqa: PLC0415
    from people.persons.resets import reset_on_console  # noqa: PLC0415
    from store.scopes import EVERYWHERE  # noqa: PLC0415

    async with engines.database(settings) as database, database.transaction(EVERYWHERE) as tx:
        set_there = (await installation(tx)).address
        return set_there or settings.public_url or served_at(settings.data_dir), await reset_on_console(tx, email)


def read_settings(**flags: Any) -> Settings:
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        fail(described(error, "HUB_"))


def run(work: Coroutine[Any, Any, T]) -> T:
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        return uvloop.run(work)
    except (AddressUnusable, DataFolderInUse, EngineFailed, ToolFailed) as error:
        fail(str(error))
    except Refusal as error:
        fail("\n".join(f"{field}: {reason}" for field, reason in error.fields.items()) or str(error))
    except ValidationError as error:
        from commands.faults import faults_of  # noqa: PLC0415

        fail("\n".join(f"{field}: {reason}" for field, reason in faults_of(error).items()))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def described(error: ValidationError, prefix: str = "") -> str:
    faults = (
        (".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")) for fault in error.errors()
    )
    return "\n".join(f"{prefix}{name.upper() if prefix else name}: {reason}" for name, reason in faults)


def fail(reason: str) -> NoReturn:
    console.print(reason, style="red", markup=False)
    raise typer.Exit(1)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    cli()
