"""Quotas: what a business's files take is counted rightly, and bounded, whoever comes at once."""

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from commands.runner import Commands
from hub.operations.housekeeping import Housekeeping
from people import installations
from people.actors import Actor
from people.installation.deletions import end_businesses
from people.installations import settings_form
from rooms.files.files import RemoveFile, remove_file
from rooms.files.quotas import GB, ChangeQuota, QuotaReached, Usage, change_quota, own_usage, usages
from rooms.files.received_files import begin_upload, receive
from rooms.files.uploads import FORGOTTEN_AT_ONCE, BeginUpload, Upload, end_upload, forget_expired
from store.errors import Forbidden, NotFound, Size
from tests.databases import as_owner
from tests.hub.agencies import Agency, Person
from tests.reads import read_log
from tests.rooms.offices import Office, with_blobs

MB = 1_000_000
RUNS_IT = Actor(id=UUID(int=7), kind="superadmin", business_id=None, name="Rada")


@pytest.fixture
async def office(office: Office) -> Office:
    """An office whose files may take 1 GB."""
    await limit(office, 1)
    return office


async def limit(office: Office, gb: int | None) -> None:
    async with office.database.transaction() as tx:
        await change_quota(tx, RUNS_IT, ChangeQuota(business_id=office.business_id, quota_gb=gb))


async def begin(office: Office, who: Person, size: int, name: str = "film.mp4") -> Upload:
    command = BeginUpload(room_id=office.room_id, name=name, size=size)
    return await begin_upload(office.database, office.blobs, who.actor, command, most_bytes=10**12)


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def send(office: Office, who: Person, content: bytes) -> UUID:
    """Somebody sends a file; this is its id."""
    upload = await begin(office, who, len(content))
    await receive(office.database, office.blobs, who.actor, upload.id, 0, once(content))
    return upload.id


async def used(office: Office) -> int:
    async with office.database.reading() as tx:
        return (await own_usage(tx, office.admin.actor)).used_bytes


async def test_the_last_byte_is_taken_and_the_next_is_refused(office: Office) -> None:
    await begin(office, office.ana, GB)
    assert await used(office) == GB

    with pytest.raises(QuotaReached):
        await begin(office, office.ana, 1)
    assert await used(office) == GB, "what was refused doesn't count"


async def test_two_at_once_do_not_both_have_the_last_megabyte(office: Office) -> None:
    await begin(office, office.ana, GB - 5 * MB)

    people = (office.ana, office.mihai, office.admin, office.client) * 3
    begun = await asyncio.gather(*(begin(office, who, MB) for who in people), return_exceptions=True)

    assert sum(isinstance(each, Upload) for each in begun) == 5
    assert all(isinstance(each, Upload | QuotaReached) for each in begun)
    assert await used(office) == GB


async def test_first_files_at_once_are_all_counted(agency: Agency, tmp_path: Path) -> None:
    """There is no row to count in yet."""
    office = with_blobs(agency, tmp_path / "blobs")

    await asyncio.gather(*(begin(office, who, MB) for who in (office.ana, office.mihai, office.admin) * 3))

    assert await used(office) == 9 * MB


async def test_nobody_waits_for_another_ones_transfer(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    others_are_done = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"12345"
        await others_are_done.wait()
        yield b"67890"

    slow = asyncio.ensure_future(receive(office.database, office.blobs, office.ana.actor, upload.id, 0, slowly()))
    await send(office, office.mihai, b"quick")
    others_are_done.set()
    await slow

    assert await used(office) == 15


async def test_a_file_counts_once_from_its_beginning_to_its_removal(office: Office) -> None:
    upload = await begin(office, office.ana, 10)
    assert await used(office) == 10
    await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, once(b"1234567890"))
    assert await used(office) == 10
    await as_owner(office.database.url, "update uploads set expires_at = now() - interval '1 minute'")
    assert await forget_expired(office.database, office.blobs) == 1
    assert await used(office) == 10, "its upload is forgotten, the file is there"

    async with office.database.transaction() as tx:
        await remove_file(tx, office.ana.actor, RemoveFile(file_id=upload.id))
    assert await used(office) == 0


async def test_the_same_bytes_twice_count_twice(office: Office) -> None:
    for _ in range(2):
        await send(office, office.ana, b"the same")
    assert len(office.kept()) == 1
    assert await used(office) == 16


async def test_an_upload_that_is_given_up_makes_room_again(office: Office) -> None:
    upload = await begin(office, office.ana, GB)
    await end_upload(office.database, office.blobs, office.ana.actor, upload.id)
    assert await used(office) == 0
    await begin(office, office.mihai, GB)


async def test_giving_up_what_has_arrived_takes_nothing_off(office: Office) -> None:
    file_id = await send(office, office.ana, b"12345")
    await end_upload(office.database, office.blobs, office.ana.actor, file_id)
    assert await used(office) == 5


async def test_housekeeping_makes_all_room_again_that_expired_uploads_had(office: Office) -> None:
    for _ in range(FORGOTTEN_AT_ONCE + 2):
        await begin(office, office.ana, MB)
    await as_owner(office.database.url, "update uploads set expires_at = now() - interval '1 minute'")

    await Housekeeping(office.database, office.blobs).tidy()

    assert await used(office) == 0


async def test_a_client_learns_nothing_of_what_is_left(office: Office) -> None:
    with pytest.raises(QuotaReached) as refused:
        await begin(office, office.client, GB + 1)
    assert refused.value.params == {}
    assert "people you work with" in refused.value.message
    assert refused.value.fields == {"size": refused.value.message}


async def test_staff_learn_what_is_left_and_whom_to_ask(office: Office) -> None:
    await begin(office, office.ana, GB - 3 * MB)
    with pytest.raises(QuotaReached) as refused:
        await begin(office, office.ana, 4 * MB)
    assert refused.value.params["left"] == Size(3 * MB)
    assert refused.value.params["most"] == Size(GB)
    assert refused.value.params["whom"] == office.admin.actor.name
    assert "ask an admin" in refused.value.fields["size"]


async def test_an_admin_learns_who_runs_the_installation(office: Office) -> None:
    before = installations.current()
    installations.know(settings_form(None).model_copy(update={"support": "help@atrium.example"}), {})
    try:
        with pytest.raises(QuotaReached, match=r"help@atrium\.example"):
            await begin(office, office.admin, GB + 1)
    finally:
        installations.know(before, {})


async def test_who_has_no_number_of_their_own_has_the_installations(office: Office) -> None:
    await limit(office, None)
    before = installations.current()
    try:
        installations.know(before.model_copy(update={"quota_gb": 2}), {})
        with pytest.raises(QuotaReached):
            await begin(office, office.ana, 2 * GB + 1)
        installations.know(before.model_copy(update={"quota_gb": None}), {})
        await begin(office, office.ana, 10**12)
    finally:
        installations.know(before, {})


async def test_a_lower_quota_takes_nothing_away(office: Office) -> None:
    await limit(office, 3)
    upload = await begin(office, office.ana, 2 * GB)
    await limit(office, 1)

    with pytest.raises(QuotaReached) as refused:
        await begin(office, office.ana, 1)
    assert refused.value.params["left"] == Size(0)
    got = await receive(office.database, office.blobs, office.ana.actor, upload.id, 0, once(b"1"))
    assert got.received == 1, "what was begun goes on"


async def test_empty_files_need_no_room(office: Office) -> None:
    await begin(office, office.ana, GB)
    await begin(office, office.ana, 0)
    assert await used(office) == GB


async def test_another_business_has_its_own(office: Office) -> None:
    await begin(office, office.ana, GB)
    agency = office.agency
    theirs = (await agency.run(agency.outsider, "room.open", title="Shop")).result["id"]

    command = BeginUpload(room_id=theirs, name="plan.txt", size=MB)
    await begin_upload(office.database, office.blobs, agency.outsider.actor, command, most_bytes=GB)

    async with office.database.reading() as tx:
        found = await usages(tx, RUNS_IT)
        assert (await own_usage(tx, agency.outsider.actor)).used_bytes == MB
    assert {usage.used_bytes for usage in found.values()} == {GB, MB}


async def test_a_quota_is_told_to_who_runs_it_and_to_the_admins(office: Office) -> None:
    await limit(office, 7)
    await limit(office, 7)
    async with office.database.reading() as tx:
        for stream in ("installation:00000000-0000-0000-0000-000000000001", f"business:{office.business_id}"):
            told = [event for event in await read_log(tx, stream, 0) if event.name == "quota.changed"]
            assert [event.body["quota"]["quota_gb"] for event in told] == [1, 7], "the same again is nothing new"
            assert stream.startswith("installation") or {event.audience for event in told} == {"managers"}


async def test_nobody_else_sets_or_sees_quotas(office: Office) -> None:
    commands, fields = (
        Commands(office.database, [change_quota]),
        {"business_id": str(office.business_id), "quota_gb": 9},
    )
    async with office.database.transaction() as tx:
        for who in (office.admin, office.ana, office.client):
            with pytest.raises(Forbidden):
                await commands.run(who.actor, ChangeQuota.wire_name, fields)
            with pytest.raises(Forbidden):
                await usages(tx, who.actor)
        for who in (office.ana, office.client):
            with pytest.raises(Forbidden):
                await own_usage(tx, who.actor)
        with pytest.raises(NotFound):
            await change_quota(tx, RUNS_IT, ChangeQuota(business_id=office.room_id, quota_gb=9))


@pytest.mark.parametrize("number", ["0", "1000001", "1.5", "much", -1])
def test_a_quota_is_a_whole_number_of_gigabytes(number: Any) -> None:
    with pytest.raises(ValueError, match="whole number of GB"):
        ChangeQuota.model_validate({"business_id": "01890000-0000-7000-8000-000000000000", "quota_gb": number})


def test_a_bar_turns_red_before_it_is_full() -> None:
    assert not Usage(900 * MB - 1, own_gb=1).is_nearly_full
    assert Usage(900 * MB, own_gb=1).is_nearly_full
    assert not Usage(GB - 1, own_gb=1).is_full
    assert Usage(GB, own_gb=1).is_full


async def test_what_a_version_before_does_is_counted_too(office: Office) -> None:
    """It knows of no quota: it adds and deletes rows, and the counting is the database's."""
    await send(office, office.ana, b"12345")
    upload = await begin(office, office.ana, 10)
    url = office.database.url
    await as_owner(
        url,
        "insert into uploads"
        " (id, business_id, room_id, person_id, name, size, received, pieces, created_at, expires_at)"
        " select gen_random_uuid(), business_id, room_id, person_id, name, 100, 0, '{}', now(), now() from uploads"
        f" where id = '{upload.id}'",
    )
    assert await used(office) == 115
    await as_owner(url, "delete from uploads")
    assert await used(office) == 5
    await as_owner(url, "delete from files")
    assert await used(office) == 0


async def test_what_was_there_before_is_counted_and_stops_nobody(office: Office) -> None:
    await send(office, office.ana, b"12345")
    await begin(office, office.ana, 10)
    count_all = import_module("store.migrations.versions.0022_bytes_are_counted").COUNT_ALL
    await as_owner(office.database.url, "delete from quotas")
    await as_owner(office.database.url, count_all)
    assert await used(office) == 15

    await as_owner(office.database.url, "update files set size = 70000000001")
    await as_owner(office.database.url, "delete from quotas")
    await as_owner(office.database.url, count_all)
    async with office.database.reading() as tx:
        assert (await own_usage(tx, office.admin.actor)).own_gb == 141


async def test_a_business_that_ends_takes_its_quota_along(office: Office) -> None:
    await send(office, office.ana, b"12345")
    await begin(office, office.ana, 10)
    await office.agency.run(Person(RUNS_IT, ""), "admin.delete", person_id=str(office.admin.id), typed="Atelier")
    await end_businesses(office.database)
    async with office.database.reading() as tx:
        assert await tx.scalar(text("select count(*) from quotas")) == 0
