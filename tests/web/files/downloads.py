"""A file, as somebody asks for it."""

from io import BytesIO
from uuid import UUID

import httpx
from PIL import Image

from tests.hub.agencies import Person
from tests.web.tus import Tus

CONTENT = bytes(range(256)) * 40


async def get(
    tus: Tus, file_id: UUID | str, name: str = "a", person: Person | None = None, method: str = "GET", **headers: str
) -> httpx.Response:
    signed = {"authorization": f"Bearer {(person or tus.person).token}"}
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    return await tus.client.request(method, f"/files/{file_id}/{name}", headers=signed | more)


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(out, "PNG")
    return out.getvalue()
