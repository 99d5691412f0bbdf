"""The uploading client that browsers use, the real one, run by Node."""

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path

import orjson

from tests.hub.test_browsers import NODE, PACKAGES
from tests.patience import PATIENT_SECONDS
from tests.web.tus import Desk, speaking


async def test_a_browser_goes_on_with_its_upload(desk: Desk) -> None:
    agency, size = desk.agency, 5_000_000
    script = str(Path(__file__).with_name("uploader.mjs"))
    arguments = (script, str(PACKAGES), desk.url, agency.ana.token, agency.room_id, str(size))

    node = await asyncio.create_subprocess_exec(NODE, *arguments, stdout=PIPE, stderr=PIPE)
    out, err = await asyncio.wait_for(node.communicate(), PATIENT_SECONDS)

    assert node.returncode == 0, err.decode()
    said = orjson.loads(out)
    assert said["begun"] == said["done"]
    room = await desk.client.get(f"/api/v1/rooms/{agency.room_id}", headers=speaking(agency.client))
    [file] = room.json()["files"]
    assert (file["name"], file["size"], said["done"].rpartition("/")[2]) == ("Ofertă.txt", size, file["id"])
    kept = await desk.client.get(f"/files/{file['id']}/a", headers=speaking(agency.client))
    assert kept.content == (b"Atrium " * size)[:size]
