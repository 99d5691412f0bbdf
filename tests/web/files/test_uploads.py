"""Uploading over real HTTP, by tus: cut, killed, doubled, and whole in the end."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hub.settings import Settings
from store.database import Database
from store.files.blobs import PIECE_BYTES
from tests.hub.agencies import Agency, Person, open_agency
from tests.hub.clients import Client, in_room
from tests.hubs import HubProcess
from tests.patience import browser_at
from tests.web.files.drops import content_of, files
from tests.web.tus import BYTES, PATH, Desk, Tus, metadata, speaking


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
