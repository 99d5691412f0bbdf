"""An agency with what its files need: its database, and a store of blobs."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from store.database import Database
from store.files.blobs import Blobs
from tests.hub import agencies
from tests.hub.agencies import Person


@dataclass(frozen=True)
class Office:
    """Ana, Mihai, an admin and a client around the *Website* room; the outsider is another business's admin."""

    database: Database
    blobs: Blobs
    folder: Path
    agency: agencies.Agency

    @property
    def admin(self) -> Person:
        return self.agency.admin

    @property
    def ana(self) -> Person:
        return self.agency.ana

    @property
    def mihai(self) -> Person:
        return self.agency.mihai

    @property
    def client(self) -> Person:
        return self.agency.client

    @property
    def outsider(self) -> Person:
        return self.agency.outsider

    @property
    def room_id(self) -> UUID:
        return UUID(self.agency.room_id)

    @property
    def business_id(self) -> UUID:
        assert self.admin.actor.business_id
        return self.admin.actor.business_id

    async def open_room(self, title: str, *members: Person) -> UUID:
        return UUID(await agencies.open_room(self.agency, title, [str(person.id) for person in members]))

    async def bytes_of(self, digest: str) -> bytes:
        return b"".join([chunk async for chunk in await self.blobs.get(self.business_id, digest)])

    def pieces(self) -> list[Path]:
        """These are the pieces of unfinished uploads that lie on the disk."""
        return [path for path in (self.folder / "uploads").rglob("*") if path.is_file()]

    def kept(self) -> list[Path]:
        """These are the business's blobs that lie on the disk."""
        return [path for path in (self.folder / str(self.business_id)).glob("*") if path.is_file()]


def with_blobs(agency: agencies.Agency, folder: Path) -> Office:
    """An agency with its files in a folder."""
    return Office(agency.commands.database, Blobs.at(folder), folder, agency)
