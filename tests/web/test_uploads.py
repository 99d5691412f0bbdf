"""Uploading over real HTTP, by tus: cut, killed, doubled, forged."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.settings import Settings
from store.database import Database
from store.engines import EmbeddedEngines
from store.files.blobs import PIECE_BYTES
from tests.databases import Template
from tests.hub.agencies import Agency, Person, open_agency, open_room
from tests.hub.clients import Client, in_room
from tests.hubs import HubProcess
from tests.patience import browser_at
from tests.web.tus import BYTES, PATH, Desk, Tus, metadata, open_desk, speaking


@pytest.fixture(scope="module")
async def open_desk_once(
    template: Template, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    async with open_desk(template, engines, tmp_path_factory.mktemp("data")) as desk:
        yield desk


@pytest.fixture
async def desk(open_desk_once: Desk) -> Desk:
    """A hub, and a room of this test's own."""
    return await open_desk_once.with_a_room()


@pytest.fixture
def agency(desk: Desk) -> Agency:
    return desk.agency


@pytest.fixture
def client(desk: Desk) -> httpx.AsyncClient:
    return desk.client


@pytest.fixture
def ana(desk: Desk) -> Tus:
    return desk.uploads_of(desk.agency.ana)


async def files(client: httpx.AsyncClient, person: Person, room_id: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/rooms/{room_id}", headers=speaking(person))
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


async def content_of(client: httpx.AsyncClient, person: Person, file: dict[str, Any]) -> bytes:
    return (await client.get(f"/files/{file['id']}/{file['name']}", headers=speaking(person))).content


async def test_a_file_goes_up_and_comes_down_the_same(ana: Tus, agency: Agency) -> None:
    content = os.urandom(PIECE_BYTES + 70_000)

    created = await ana.create(len(content), "Фото.bin", audience="all")
    assert created.status_code == 201
    assert created.headers["upload-offset"] == "0"
    assert "upload-expires" in created.headers
    location = created.headers["location"]
    patched = await ana.patch(location, 0, content)

    assert (patched.status_code, patched.headers["upload-offset"]) == (204, str(len(content)))
    assert "upload-expires" not in patched.headers
    [file] = await files(ana.client, agency.client, agency.room_id)
    assert (file["id"], file["name"], file["size"]) == (location.rpartition("/")[2], "Фото.bin", len(content))
    assert await content_of(ana.client, agency.client, file) == content


async def test_the_server_says_what_it_can_do(client: httpx.AsyncClient) -> None:
    answer = await client.options(PATH)

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == "50000000"
    assert set(answer.headers["tus-extension"].split(",")) >= {"creation", "termination", "expiration"}


async def test_every_answer_names_the_protocols_version(ana: Tus) -> None:
    location = (await ana.create(5)).headers["location"]

    for answer in (await ana.head(location), await ana.patch(location, 3, b"45"), await ana.create(-1)):
        assert answer.headers["tus-resumable"] == "1.0.0"


async def test_another_version_of_the_protocol_is_refused(client: httpx.AsyncClient, agency: Agency) -> None:
    headers = speaking(agency.ana) | {"tus-resumable": "0.2.0"}

    assert (await client.post(PATH, headers=headers)).status_code == 412
    assert (await client.head(f"{PATH}/x", headers=headers)).status_code == 412


async def test_an_upload_goes_on_after_its_line_was_cut(ana: Tus, agency: Agency) -> None:
    content = os.urandom(2 * PIECE_BYTES)
    location = (await ana.create(len(content))).headers["location"]

    async def cut() -> AsyncIterator[bytes]:
        yield content[: PIECE_BYTES + 1000]
        await arrived(ana, location, PIECE_BYTES)
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await ana.patch(location, 0, cut())
    assert await files(ana.client, agency.ana, agency.room_id) == []
    assert (await go_on(ana, location, content)).status_code == 204

    [file] = await files(ana.client, agency.ana, agency.room_id)
    assert await content_of(ana.client, agency.ana, file) == content


async def arrived(tus: Tus, location: str, least: int) -> None:
    while int((await tus.head(location)).headers["upload-offset"]) < least:  # noqa: ASYNC110 - asks the hub
        await asyncio.sleep(0.01)


async def go_on(tus: Tus, location: str, content: bytes) -> httpx.Response:
    """Send the rest, as clients do: anew while the hub is still putting away what came before."""
    while True:
        offset = int((await tus.head(location)).headers["upload-offset"])
        answer = await tus.patch(location, offset, content[offset:])
        if answer.status_code != 409:
            return answer


async def test_an_upload_goes_on_after_the_hub_was_killed(
    settings: Settings, tmp_path: Path, database: Database
) -> None:
    content = os.urandom(3 * PIECE_BYTES)
    agency = await open_agency(database)
    assert settings.database_url
    assert settings.redis_url
    engines = {"HUB_DATABASE_URL": settings.database_url, "HUB_REDIS_URL": settings.redis_url}
    async with (
        HubProcess(tmp_path / "data", **engines) as hub,
        browser_at(hub.url) as client,
    ):
        ana = Tus(client, agency.ana, agency.room_id)
        location = (await ana.create(len(content))).headers["location"]

        async def killed() -> AsyncIterator[bytes]:
            yield content[: PIECE_BYTES + 1000]
            await arrived(ana, location, PIECE_BYTES)
            hub.kill()
            yield content[PIECE_BYTES + 1000 :]

        with pytest.raises(httpx.TransportError):
            await ana.patch(location, 0, killed())
        hub.start()
        await hub.wait_until_ready()

        assert (await ana.head(location)).headers["upload-offset"] == str(PIECE_BYTES)
        assert await files(client, agency.ana, agency.room_id) == []
        assert (await ana.patch(location, PIECE_BYTES, content[PIECE_BYTES:])).status_code == 204
        [file] = await files(client, agency.ana, agency.room_id)
        assert await content_of(client, agency.ana, file) == content


async def test_a_wrong_offset_is_a_conflict(ana: Tus) -> None:
    location = (await ana.create(10)).headers["location"]
    await ana.patch(location, 0, b"12345")

    for offset in (0, 4, 6, 10):
        answer = await ana.patch(location, offset, b"x")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "wrong_offset")
    assert (await ana.head(location)).headers["upload-offset"] == "5"


async def test_of_two_patches_at_once_one_conflicts(ana: Tus, agency: Agency) -> None:
    content = os.urandom(30_000)
    location = (await ana.create(len(content))).headers["location"]

    answers = await asyncio.gather(*(ana.patch(location, 0, content) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409, 409]
    [file] = await files(ana.client, agency.ana, agency.room_id)
    assert await content_of(ana.client, agency.ana, file) == content


async def test_a_last_answer_that_was_lost_leads_to_one_file(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]
    await ana.patch(location, 0, b"12345")

    assert (await ana.patch(location, 0, b"12345")).status_code == 409
    standing = await ana.head(location)
    assert (standing.headers["upload-offset"], standing.headers["upload-length"]) == ("5", "5")
    assert (await ana.patch(location, 5, b"")).status_code == 204
    assert len(await files(ana.client, agency.ana, agency.room_id)) == 1


async def test_an_empty_file_needs_no_bytes(ana: Tus, agency: Agency) -> None:
    created = await ana.create(0, "empty.txt")

    assert (created.status_code, created.headers["upload-offset"]) == (201, "0")
    [file] = await files(ana.client, agency.ana, agency.room_id)
    assert (file["name"], file["size"]) == ("empty.txt", 0)
    assert (await ana.head(created.headers["location"])).headers["upload-length"] == "0"
    assert await content_of(ana.client, agency.ana, file) == b""


async def test_first_bytes_may_come_with_the_creation(ana: Tus, agency: Agency) -> None:
    fields = metadata(room_id=agency.room_id, filename="plan.txt")
    headers = speaking(agency.ana, upload_length="10", upload_metadata=fields, content_type=BYTES)

    created = await ana.client.post(PATH, headers=headers, content=b"12345")

    assert (created.status_code, created.headers["upload-offset"]) == (201, "5")
    assert (await ana.patch(created.headers["location"], 5, b"67890")).status_code == 204
    assert len(await files(ana.client, agency.ana, agency.room_id)) == 1


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


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Ofertă – țigle & cărămizi.pdf", "Ofertă – țigle & cărămizi.pdf"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\r\nset-cookie: x=1", "a set-cookie: x=1"),
        ('"><script>alert(1)<script>.png', "script>.png".replace("script>", '"><script>alert(1)<script>')),
    ],
)
async def test_a_name_is_kept_plain(ana: Tus, agency: Agency, said: str, kept: str) -> None:
    await ana.upload(b"12345", said)

    [file] = await files(ana.client, agency.ana, agency.room_id)
    assert file["name"] == kept


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


async def test_a_client_uploads_for_all_and_not_for_the_team(client: httpx.AsyncClient, agency: Agency) -> None:
    clara = Tus(client, agency.client, agency.room_id)

    assert (await clara.create(5, audience="team")).status_code == 422
    await clara.upload(b"12345")

    [file] = await files(client, agency.ana, agency.room_id)
    assert file["audience"] == "all"


async def test_what_is_given_up_is_gone(ana: Tus) -> None:
    location = (await ana.create(5)).headers["location"]

    assert (await ana.delete(location)).status_code == 204
    assert (await ana.head(location)).status_code == 404
    assert (await ana.delete(location)).status_code == 404


async def test_a_method_may_be_said_in_a_header(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]
    patch = speaking(agency.ana, x_http_method_override="PATCH", upload_offset="0", content_type=BYTES)

    assert (await ana.client.post(location, headers=patch, content=b"12345")).status_code == 204
    assert (await ana.client.post(location, headers=speaking(agency.ana))).status_code == 400
    assert len(await files(ana.client, agency.ana, agency.room_id)) == 1


async def test_what_was_said_at_the_creation_is_told_again(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5, "Ofertă.txt", audience="team")).headers["location"]

    told = (await ana.head(location)).headers

    assert told["upload-metadata"] == metadata(room_id=agency.room_id, filename="Ofertă.txt", audience="team")
    assert told["cache-control"] == "no-store"


async def test_a_room_archived_meanwhile_takes_no_file(ana: Tus, agency: Agency) -> None:
    location = (await ana.create(5)).headers["location"]
    await agency.run(agency.admin, "room.archive", room_id=agency.room_id)

    refused = await ana.patch(location, 0, b"12345")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "room_archived")
    assert await files(ana.client, agency.admin, agency.room_id) == []


async def test_what_is_taken_back_leaves_the_clients_screen_and_log(ana: Tus, desk: Desk) -> None:
    agency = desk.agency
    commands = ana.client, agency.ana
    async with (
        in_room(desk.url, agency.client, agency.room_id) as clara,
        in_room(desk.url, agency.mihai, agency.room_id) as mihai,
    ):
        file_id = str(await ana.upload(b"12345", "margins.txt", audience="team"))
        await mihai.hears("file.added")
        await change(*commands, file_id=file_id, audience="all")
        assert (await clara.hears("file.changed"))["file"]["name"] == "margins.txt"
        await change(*commands, file_id=file_id, audience="team")
        assert (await clara.hears("file.withdrawn"))["file"] == {"id": file_id, "gone": True}
        await change(*commands, file_id=file_id, name="costs.txt")
        await mihai.until(lambda: "costs.txt" in str(mihai.heard))

        assert names(clara) == ["file.changed", "file.withdrawn"]

    log = await ana.client.get(f"/api/v1/rooms/{agency.room_id}/events", headers=speaking(agency.client))
    assert [event["name"] for event in log.json()["events"]][-1] == "file.withdrawn"
    assert "margins" not in log.text
    assert "costs" not in log.text
    assert await files(ana.client, agency.client, agency.room_id) == []


def names(someone: Client) -> list[str]:
    return [name for name, _payload in someone.heard if name.startswith("file.")]


async def change(client: httpx.AsyncClient, person: Person, **fields: str) -> None:
    answer = await client.post("/api/v1/commands/file.change", headers=speaking(person), json=fields)
    assert answer.json()["ok"], answer.text
