"""Uploads that are refused: too large, forged, unreadable, or somebody else's."""

import httpx
import pytest

from tests.hub.agencies import Agency, open_room
from tests.web.files.drops import files
from tests.web.tus import PATH, Tus, metadata, speaking


async def test_another_version_of_the_protocol_is_refused(client: httpx.AsyncClient, agency: Agency) -> None:
    headers = speaking(agency.ana) | {"tus-resumable": "0.2.0"}

    assert (await client.post(PATH, headers=headers)).status_code == 412
    assert (await client.head(f"{PATH}/x", headers=headers)).status_code == 412


async def test_a_file_larger_than_the_limit_is_refused(ana: Tus) -> None:
    refused = await ana.create(81_000_000)

    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")
    assert refused.json()["error"]["message"] == "Files can be at most 50 MB. This one is 81 MB."
    assert (await ana.create(50_000_000)).status_code == 201


async def test_more_bytes_than_were_announced_are_refused(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]

    assert (await ana.patch(location, 0, b"123456")).status_code == 413
    assert await files(ana.client, agency.ana, agency.room_id) == []


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"upload-length": ""}, 400, "malformed"),
        ({"upload-length": "-5"}, 400, "malformed"),
        ({"upload-length": "5.0"}, 400, "malformed"),
        ({"upload-length": "٥"}, 400, "malformed"),
        ({"upload-length": "9" * 30}, 400, "malformed"),
        ({"upload-metadata": ""}, 422, "invalid"),
        ({"upload-metadata": "filename cGxhbi50eHQ="}, 422, "invalid"),
        ({"upload-metadata": "filename ***"}, 400, "malformed"),
        ({"upload-metadata": "filename /w=="}, 400, "malformed"),
    ],
)
async def test_a_creation_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, agency: Agency, headers: dict[str, str], status: int, code: str
) -> None:
    good = speaking(agency.ana, upload_length="5", upload_metadata=metadata(room_id=agency.room_id, filename="a.txt"))
    said = {name.encode(): value.encode() for name, value in (good | headers).items()}

    refused = await client.post(PATH, headers=said)

    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert (await client.post(PATH, headers=good)).status_code == 201


@pytest.mark.parametrize(
    "said",
    [
        {"room_id": "nonsense"},
        {"filename": ".."},
        {"filename": ""},
        {"audience": "everyone"},
        {"task_id": "nonsense"},
    ],
)
async def test_metadata_that_cannot_be_so_is_refused(ana: Tus, said: dict[str, str]) -> None:
    refused = await ana.create(5, **said)

    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid")


async def test_bytes_of_another_kind_are_refused(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]
    headers = speaking(agency.ana, upload_offset="0", content_type="text/plain")

    assert (await ana.client.patch(location, headers=headers, content=b"12345")).status_code == 415
    assert (await ana.head(location)).headers["upload-offset"] == "0"


async def test_who_may_not_see_the_room_uploads_nothing(client: httpx.AsyncClient, agency: Agency) -> None:
    elsewhere = await open_room(agency, "Internal", [str(agency.ana.id)])

    for person in (agency.client, agency.mihai, agency.outsider):
        refused = await Tus(client, person, elsewhere).create(5)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not_found")
    assert (await Tus(client, agency.ana, elsewhere).create(5)).status_code == 201


async def test_a_stranger_uploads_nothing(client: httpx.AsyncClient, agency: Agency) -> None:
    headers = speaking(None, upload_length="5", upload_metadata=metadata(room_id=agency.room_id, filename="a.txt"))

    assert (await client.post(PATH, headers=headers)).status_code == 401


async def test_another_site_makes_no_browser_upload(client: httpx.AsyncClient, agency: Agency) -> None:
    fields = metadata(room_id=agency.room_id, filename="a.txt")
    headers = {"tus-resumable": "1.0.0", "upload-length": "5", "upload-metadata": fields}
    cookies = {"cookie": f"hub_session={agency.ana.token}"}
    own = str(client.base_url).rstrip("/")

    assert (await client.post(PATH, headers=headers | cookies | {"origin": "https://evil.example"})).status_code == 403
    assert (await client.post(PATH, headers=headers | cookies | {"origin": own})).status_code == 201


async def test_an_upload_of_others_is_an_upload_that_is_not_there(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]
    nowhere = f"{PATH}/01890000-0000-7000-8000-000000000000"

    for person in (agency.mihai, agency.admin, agency.client, agency.outsider):
        other = Tus(ana.client, person, agency.room_id)
        assert (await other.head(location)).status_code == (await other.head(nowhere)).status_code == 404
        theirs, nobodys = await other.patch(location, 0, b"12345"), await other.patch(nowhere, 0, b"12345")
        assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json())
        assert theirs.status_code == 404
        assert (await other.delete(location)).status_code == 404
    assert (await ana.head(f"{PATH}/nonsense")).status_code == 404
    assert (await ana.patch(location, 0, b"12345")).status_code == 204


async def test_a_room_archived_meanwhile_takes_no_file(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]
    await agency.run(agency.admin, "room.archive", room_id=agency.room_id)

    refused = await ana.patch(location, 0, b"12345")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "room_archived")
    assert await files(ana.client, agency.admin, agency.room_id) == []
