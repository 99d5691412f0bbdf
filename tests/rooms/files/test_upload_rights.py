"""Who may upload, which is looked at again with each piece."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from people.actors import Actor
from people.signing.tokens import ScopeMissing, actor_by
from rooms.access import RoomIsArchived
from rooms.files.attachments import File
from rooms.files.received_files import receive
from rooms.files.uploads import end_upload
from rooms.members import AddMember, RemoveMember, add_member, remove_member
from rooms.rooms import ArchiveRoom, archive_room
from store.errors import NotFound, NotSignedIn, Refusal
from store.files.blobs import PIECE_BYTES
from tests.hub.agencies import Person, another_token
from tests.people.offices import PASSWORD, with_password
from tests.reads import actor_of
from tests.rooms.files.drops import begin, chunks, do, files_of, send
from tests.rooms.offices import Office


async def test_an_upload_is_its_beginners_alone(office: Office) -> None:
    upload = await begin(office, office.ana, 5)

    for other in (office.mihai, office.admin, office.client):
        with pytest.raises(NotFound):
            await send(office, other, upload, 0, b"12345")
        with pytest.raises(NotFound):
            await end_upload(office.database, office.blobs, other.actor, upload.id)
    await send(office, office.ana, upload, 0, b"12345")


async def test_an_upload_ends_with_its_beginners_place_in_the_room(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")
    await do(office, remove_member, office.admin, RemoveMember(room_id=office.room_id, person_id=office.ana.actor.id))

    with pytest.raises(NotFound):
        await send(office, office.ana, upload, 5, b"67890")
    await do(office, add_member, office.admin, AddMember(room_id=office.room_id, person_id=office.ana.actor.id))
    await send(office, office.ana, upload, 5, b"67890")


async def test_rights_are_looked_at_again_at_the_very_end(office: Office) -> None:
    async def cut_off_meanwhile() -> AsyncIterator[bytes]:
        yield b"123"
        leave = RemoveMember(room_id=office.room_id, person_id=office.ana.actor.id)
        await do(office, remove_member, office.admin, leave)
        yield b"45"

    upload = await begin(office, office.ana, 5)
    with pytest.raises(NotFound):
        await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, cut_off_meanwhile())
    assert await files_of(office, office.admin) == {}


async def test_a_session_that_ends_meanwhile_adds_nothing(office: Office) -> None:
    async def signed_out_meanwhile() -> AsyncIterator[bytes]:
        yield b"12345"
        async with office.database.transaction() as tx:
            await tx.execute(text("update sessions set ended_at = now()"))

    upload = await begin(office, office.ana, 5)
    with pytest.raises(NotSignedIn):
        await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, signed_out_meanwhile())


ENDED: dict[str, tuple[str, type[Refusal]]] = {
    "revoked": ("update api_tokens set revoked_at = now()", NotSignedIn),
    "expired": ("update api_tokens set expires_at = now()", NotSignedIn),
    "of somebody locked": ("update accounts set active = false", NotSignedIn),
    "for less": ("update api_tokens set scopes = '{rooms:read}'", ScopeMissing),
    "for less than that": ("update api_tokens set scopes = '{people:write}'", ScopeMissing),
}  # fmt: skip


@pytest.mark.parametrize("before", [PIECE_BYTES, PIECE_BYTES + 5])
@pytest.mark.parametrize("end", ENDED)
async def test_a_token_that_ends_meanwhile_sends_nothing_more(office: Office, end: str, before: int) -> None:
    """Neither the piece that is on its way nor the last one, whichever of them comes next."""
    statement, refusal = ENDED[end]
    program = await by_token(office, office.ana, "rooms:write")

    async def ended_meanwhile() -> AsyncIterator[bytes]:
        yield bytes(PIECE_BYTES)
        async with office.database.transaction() as tx:
            await tx.execute(text(statement))
        yield bytes(PIECE_BYTES)
        yield bytes(5)

    upload = await begin(office, office.ana, PIECE_BYTES + before)
    with pytest.raises(refusal):
        await receive(office.database, office.blobs, program, upload.id, 0, ended_meanwhile())
    assert await files_of(office, office.admin) == {}
    assert len(office.pieces()) == 1


async def test_a_token_sends_what_it_may(office: Office) -> None:
    program = await by_token(office, office.ana, "rooms:write")
    upload = await begin(office, office.ana, PIECE_BYTES + 5)
    content = chunks(bytes(PIECE_BYTES), bytes(5))
    await receive(office.database, office.blobs, program, upload.id, 0, content)
    assert len(await files_of(office, office.ana)) == 1


async def by_token(office: Office, who: Person, scope: str) -> Actor:
    """This is somebody as a program of theirs asks."""
    await with_password(office.database, who)
    fields = {"name": "Bot", "scopes": [scope], "password": PASSWORD}
    made = await office.agency.run(who, "api_token.make", **fields)
    actor = await actor_by(office.database, made.result["secret"])
    assert actor
    return replace(actor, address="127.0.0.1")


async def test_a_session_that_ends_meanwhile_leaves_no_piece(office: Office) -> None:
    async def signed_out_meanwhile() -> AsyncIterator[bytes]:
        async with office.database.transaction() as tx:
            await tx.execute(text("update sessions set ended_at = now()"))
        yield bytes(PIECE_BYTES)

    upload = await begin(office, office.ana, PIECE_BYTES + 5)
    with pytest.raises(NotSignedIn):
        await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, signed_out_meanwhile())
    assert office.pieces() == []


async def test_nothing_is_uploaded_into_an_archived_room(office: Office) -> None:
    upload = await begin(office, office.ana, 5)
    await do(office, archive_room, office.admin, ArchiveRoom(room_id=office.room_id))

    with pytest.raises(RoomIsArchived):
        await begin(office, office.ana, 5)
    with pytest.raises(RoomIsArchived):
        await send(office, office.ana, upload, 0, b"12345")


async def test_a_room_of_others_is_a_room_that_is_not_there(office: Office) -> None:
    elsewhere = await office.open_room("Internal", office.ana)

    await begin(office, office.ana, 5, room_id=elsewhere)
    for who in (office.client, office.mihai, office.outsider):
        with pytest.raises(NotFound):
            await begin(office, who, 5, room_id=elsewhere)
    with pytest.raises(NotFound):
        await begin(office, office.ana, 5, room_id=uuid4())


async def test_a_person_signed_in_twice_goes_on_with_their_upload(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    await send(office, office.ana, upload, 0, b"12345")

    token = await another_token(office.database, office.ana)
    async with office.database.reading() as tx:
        again = await actor_of(tx, token)
    assert again
    await send(office, Person(again, token), upload, 5, b"67890")

    async with office.database.reading() as tx:
        assert (await tx.scalar(select(File.size).where(File.id == upload.id))) == 10
