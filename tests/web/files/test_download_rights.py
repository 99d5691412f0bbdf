"""Who may download: those who see the file, as long as they do."""

from uuid import uuid4

from tests.hub.agencies import Agency
from tests.web.files.downloads import get, picture
from tests.web.tus import Tus


async def test_a_teams_file_is_for_the_client_a_file_that_is_not_there(ana: Tus, agency: Agency) -> None:
    ours, shared = await ana.upload(picture(), "a.png", audience="team"), await ana.upload(b"1", audience="all")
    nowhere = await get(ana, uuid4(), person=agency.client, accept="application/json")

    assert (await get(ana, shared, person=agency.client)).status_code == 200
    for name in ("a.png", "preview"):
        for method in ("GET", "HEAD"):
            answer = await get(ana, ours, name, agency.client, method)
            assert answer.status_code == 404
        answer = await get(ana, ours, name, agency.client, accept="application/json")
        assert (answer.status_code, answer.json()) == (nowhere.status_code, nowhere.json())
        assert (await get(ana, ours, name, agency.client, range="bytes=0-1", if_none_match="*")).status_code == 404
        assert (await get(ana, ours, name, agency.mihai)).status_code == 200


async def test_a_file_of_another_business_is_not_there(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    assert (await get(ana, file_id, person=agency.outsider)).status_code == 404
    assert (await get(ana, "nonsense")).status_code == 404


async def test_a_stranger_gets_no_file(ana: Tus) -> None:
    file_id = await ana.upload(b"1", audience="all")

    asked = f"/files/{file_id}/a"
    assert (await ana.client.get(asked, headers={"accept": "application/json"})).status_code == 401
    assert (await ana.client.get(asked, headers={"accept": "text/html"})).status_code == 303


async def test_what_is_taken_back_is_gone_at_once(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")
    etag = (await get(ana, file_id, person=agency.client)).headers["etag"]

    await agency.run(agency.ana, "file.change", file_id=str(file_id), audience="team")

    assert (await get(ana, file_id, person=agency.client, if_none_match=etag)).status_code == 404
    await agency.run(agency.ana, "file.change", file_id=str(file_id), audience="all")
    assert (await get(ana, file_id, person=agency.client, if_none_match=etag)).status_code == 304


async def test_who_left_the_room_gets_no_file(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=str(agency.client.id))

    assert (await get(ana, file_id, person=agency.client)).status_code == 404
    assert (await get(ana, file_id, person=agency.mihai)).status_code == 200


async def test_a_removed_file_is_gone_at_once(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    await agency.run(agency.ana, "file.remove", file_id=str(file_id))

    assert (await get(ana, file_id)).status_code == 404


async def test_an_archived_rooms_files_are_still_read(ana: Tus, agency: Agency) -> None:
    file_id = await ana.upload(b"1", audience="all")

    await agency.run(agency.admin, "room.archive", room_id=agency.room_id)

    assert (await get(ana, file_id)).content == b"1"
