"""The engines that settings name, or else ones of our own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from hub.settings import Settings
from store.addresses.database_addresses import UNREACHED, Address, Unreachable
from store.database import Database
from store.engines import (
    DataFolderInUse,
    EmbeddedEngines,
    EngineFailed,
    has_database,
    is_used,
    running_database_url,
)
from store.migrations import migrate, migrations
from store.scopes import EVERYWHERE


@asynccontextmanager
async def engines(settings: Settings) -> AsyncIterator[Settings]:
    """These are the settings with both addresses in them: those given, else those of engines of our own."""
    if settings.database_url and settings.redis_url:
        yield settings
        return
    embedded = EmbeddedEngines(
        settings.data_dir, postgres=settings.database_url is None, valkey=settings.redis_url is None
    )
    async with embedded:
        yield settings.model_copy(
            update={
                "database_url": settings.database_url or embedded.database_url,
                "redis_url": settings.redis_url or embedded.redis_url,
            }
        )


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Database]:
    """This is the database, up to date, for a command: while the hub runs on this data folder, that hub's."""
    from hub.parts import ANSWERS  # noqa: PLC0415 - all of the hub, which most tools can do without

    async with database_url(settings) as url:
        await prepare(url)
        opened = Database(url, within=EVERYWHERE, answers=ANSWERS)
        try:
            yield opened
        finally:
            await opened.close()


@asynccontextmanager
async def own_database_url(settings: Settings) -> AsyncIterator[str]:
    """This is the database's address, where no hub may run on the data folder meanwhile."""
    if settings.database_url:
        yield settings.database_url
        return
    async with EmbeddedEngines(settings.data_dir, valkey=False) as embedded:
        yield embedded.database_url


@asynccontextmanager
async def examinable(settings: Settings) -> AsyncIterator[Settings]:
    """These are the settings with the addresses of engines to look at: those given, those of the hub that runs on the
    data folder (whose Valkey is its own), else its own while we look. None is made."""
    must_be_there(settings)
    if settings.embeds_engines and not is_used(settings.data_dir):
        yield settings
        return
    try:
        async with engines(settings) as complete:
            yield complete
    except DataFolderInUse:
        url = settings.database_url or running_database_url(settings.data_dir)
        yield settings.model_copy(update={"database_url": url})


@asynccontextmanager
async def database_url(settings: Settings) -> AsyncIterator[str]:
    """This is the address of the database that is there: the given one, the running hub's, or that of a hub at rest.

    Raises:
        NoHubThere: the data folder has no database.
    """
    if settings.database_url:
        yield settings.database_url
        return
    must_be_there(settings)
    engines = EmbeddedEngines(settings.data_dir, valkey=False)
    try:
        await engines.__aenter__()
    except DataFolderInUse:
        if (url := running_database_url(settings.data_dir)) is None:
            raise
        yield url
        return
    try:
        yield engines.database_url
    finally:
        await engines.__aexit__(None, None, None)


class NoHubThere(EngineFailed):
    """A command is for a hub that is there, and there is none: most often its folder was mistyped."""

    def __init__(self, folder: Path, lacking: str) -> None:
        super().__init__(
            f"There is no hub in {folder.absolute()}: it has no {lacking}. Name the hub's data folder with --data-dir, "
            "or start a hub there first: hub serve"
        )


def must_be_there(settings: Settings, *, with_files: bool = False) -> None:
    """Make sure that a command finds the database that it is for, and the files too, and makes none.

    Raises:
        NoHubThere: they would have to be made first.
    """
    folder = settings.data_dir
    if settings.database_url is None and not has_database(folder):
        raise NoHubThere(folder, "database")
    if with_files and settings.blobs_url is None and not (folder / "blobs").exists():
        raise NoHubThere(folder, "files")


async def prepare(url: str, *, migrating: bool = True) -> None:
    """Brings the database up to this version; or only looks whether this version can serve with it as it is.

    Raises:
        Unreachable: it can't be reached, or doesn't let us.
        EngineFailed: it lacks what this version needs.
    """
    try:
        if migrating:
            await migrate(url)
        elif lacking := [step.revision for step in await migrations(url) if step.needed and not step.applied]:
            raise EngineFailed(
                f"The tables lack what this version needs ({', '.join(lacking)}), and HUB_MIGRATE is off. Run hub "
                "migrate, or have a superadmin press Back up and run at Updates, on the hub that still runs."
            )
    except DBAPIError as error:
        raise Unreachable(Address.parse(url), error.__cause__ or error) from error
    except UNREACHED as error:
        raise Unreachable(Address.parse(url), error) from error
