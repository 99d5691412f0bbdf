"""Logos over HTTP: what strangers' files can't do, and who gets the picture."""

import struct
import zlib
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import func, select

from commands.runner import Commands
from hub.parts import VERBS
from people.businesses import Business
from people.logos import HEIGHT, MOST_BYTES, WIDTH
from people.persons.superadmins import add_superadmin
from people.signing.sessions import open_session
from store.database import Database
from store.files.garbage import Discard
from tests.web.houses import PASSWORD, Browser, House, csrf_of

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def commented() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SCRIPT.decode())
    return picture(pnginfo=notes)


def bomb() -> bytes:
    """A small file that says it is 60,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 2_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def put(house: House, content: bytes, *, who: str = "admin", name: str = "logo.png") -> httpx.Response:
    async with house.browser(who) as browser:
        csrf = csrf_of((await browser.get("/account")).text)
        return await browser.post("/settings/logo", data={"csrf": csrf}, files={"logo": (name, content, "image/png")})


async def current(house: House) -> str | None:
    async with house.scene.database.reading() as tx:
        digest: str | None = await tx.scalar(
            select(Business.logo).where(Business.id == house.person("admin").actor.business_id)
        )
    return digest


async def test_mc02_a_logo_is_drawn_anew_and_served_to_the_business_s_own(own_house: House) -> None:
    answer = await put(own_house, picture(size=(3000, 1000)))
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/business?done=1")
    digest = await current(own_house)
    for who in ("admin", "ana", "client"):
        async with own_house.browser(who) as browser:
            assert f'src="/logo/{digest}"' in (await browser.get("/")).text
            served = await browser.get(f"/logo/{digest}")
        assert served.status_code == 200
        assert served.headers["content-type"] == "image/png"
        assert served.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in served.headers["content-security-policy"]
        assert "private" in served.headers["cache-control"]
        with Image.open(BytesIO(served.content)) as image:
            assert image.format == "PNG"
            assert image.width <= WIDTH
            assert image.height <= HEIGHT


async def test_cc22_another_business_s_logo_isn_t_there(own_house: House) -> None:
    await put(own_house, picture())
    digest = await current(own_house)
    for who in ("outsider", "root"):
        async with own_house.browser(who) as browser:
            assert (await browser.get(f"/logo/{digest}")).status_code == 404
    async with own_house.browser() as browser:
        assert (await browser.get(f"/logo/{digest}")).status_code == 303
        assert (await browser.get(f"/sign-in/logo/{digest}")).status_code == 404
    async with own_house.browser("admin") as browser:
        assert (await browser.get(f"/logo/{'0' * 64}")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", SVG),
        ("logo.png", SVG),
        ("logo.html", SCRIPT),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + SCRIPT),
        ("logo.png", picture()[:60]),
        ("logo.png", bomb()),
        ("logo.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        ("logo.png", b""),
    ],
    ids=["svg with script", "svg that says png", "html", "head of a png", "cut", "bomb", "postscript", "nothing"],
)
async def test_what_is_no_picture_is_refused(house: House, name: str, content: bytes) -> None:
    before = await current(house)
    answer = await put(house, content, name=name)
    assert answer.status_code == 422
    assert "Use PNG, JPEG or WebP." in answer.text
    assert await current(house) == before


@pytest.mark.parametrize(
    "content", [picture() + SCRIPT, commented(), picture("GIF") + SCRIPT], ids=["tail", "text", "gif"]
)
async def test_what_hides_in_a_picture_doesn_t_come_along(own_house: House, content: bytes) -> None:
    assert (await put(own_house, content)).status_code == 303
    async with own_house.browser("admin") as browser:
        served = await browser.get(f"/logo/{await current(own_house)}")
    assert b"script" not in served.content
    assert served.content.startswith(b"\x89PNG")


async def test_a_large_file_is_refused(house: House) -> None:
    answer = await put(house, picture() + b"\0" * MOST_BYTES)
    assert answer.status_code == 413
    answer = await put(house, picture() + b"\0" * 2 * MOST_BYTES)
    assert answer.status_code == 413


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("client", 404), ("root", 404)])
async def test_only_admins_put_up_a_logo(house: House, who: str, status: int) -> None:
    before = await current(house)
    assert (await put(house, picture(), who=who)).status_code == status
    assert await current(house) == before


async def test_a_form_of_another_page_s_is_refused(house: House) -> None:
    async with house.browser("admin") as browser:
        forged = await browser.post("/settings/logo", data={"csrf": "x"}, files={"logo": ("a.png", picture())})
    assert forged.status_code == 403


async def test_a_logo_that_is_replaced_or_removed_is_gone(own_house: House) -> None:
    await put(own_house, picture())
    first = await current(own_house)
    await put(own_house, picture(size=(20, 40)))
    second = await current(own_house)
    assert first != second
    async with own_house.browser("admin") as browser:
        assert (await browser.get(f"/logo/{first}")).status_code == 404
        removed = await browser.send_form("/settings/business", "/settings/business", command="logo.remove")
        assert removed.status_code == 303
        assert (await browser.get(f"/logo/{second}")).status_code == 404
    async with own_house.scene.database.reading() as tx:
        noted = await tx.scalar(select(func.count()).where(Discard.digest.in_([first, second])))
    assert noted == 2


async def test_a_business_that_is_alone_and_wants_it_is_shown_on_the_sign_in_page(database: Database, hub: str) -> None:
    commands = Commands(database, VERBS)
    async with database.transaction() as tx:
        root, _ = await open_session(
            tx, await add_superadmin(tx, "Rita", "rita@root.example", PASSWORD), address="127.0.0.1", agent="test"
        )
    first = (await commands.run(root, "business.open", {"business_name": "Atelier"})).result["id"]
    person = {"kind": "admin", "name": "Irina", "email": "irina@atelier.example", "password": PASSWORD}
    added = await commands.run(root, "person.add", person | {"business_id": first})
    async with database.transaction() as tx:
        admin, token = await open_session(tx, UUID(added.result["id"]), address="127.0.0.1", agent="test")
    async with Browser(hub, token, {}) as browser:
        csrf = csrf_of((await browser.get("/account")).text)
        await browser.post("/settings/logo", data={"csrf": csrf}, files={"logo": ("a.png", picture(), "image/png")})
    async with Browser(hub, None, {}) as stranger:
        assert "Atelier" not in (await stranger.get("/sign-in")).text
        await commands.run(admin, "business.change", {"shown_at_sign_in": True})
        shown = (await stranger.get("/sign-in")).text
        address = shown.split('src="/sign-in/logo/')[1].split('"')[0]
        assert (await stranger.get(f"/sign-in/logo/{address}")).headers["content-type"] == "image/png"
        await commands.run(root, "business.open", {"business_name": "Second"})
        assert "Atelier" not in (await stranger.get("/sign-in")).text
        assert (await stranger.get(f"/sign-in/logo/{address}")).status_code == 404
