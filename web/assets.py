"""What the browser loads: files built into ``web/static``, under names that carry their digest, so kept forever."""

import gzip
import json
import mimetypes
import re
import time
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from store.errors import NotFound

FOLDER = Path(__file__).parent / "static"
HASHED = re.compile(r"-[A-Za-z0-9]{8,}\.[a-z0-9]+$")
BINARY = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"


def asset(name: str) -> str:
    """This is the address of a built file, by its plain name."""
    return f"/static/{manifest().get(name, name)}"


def manifest() -> dict[str, str]:
    """These are the built files: plain name to hashed name. Built anew, they are known within a second."""
    return _manifest_at(int(time.monotonic()))


@lru_cache(maxsize=1)
def _manifest_at(_second: int) -> dict[str, str]:
    path = FOLDER / "manifest.json"
    return dict(json.loads((path.read_text() if path.exists() else "") or "{}"))


def icon(name: str, **attributes: str) -> Markup:
    """This is an icon of the sprite; ``label`` says it to who can't see it, ``class_`` adds classes."""
    classes = attributes.get("class_") or attributes.get("class") or ""
    return _icon(name, classes, attributes.get("label", ""), asset("icons.svg"))


@lru_cache(1_000, typed=True)  # a label that is safe already isn't one that equals it and is to be escaped
def _icon(name: str, classes: str, label: str, sprite: str) -> Markup:
    classes = " ".join(filter(None, ("icon", classes)))
    hidden = (
        Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true" focusable="false"')
    )
    return Markup('<svg class="{}" {}><use href="{}#{}"></use></svg>').format(classes, hidden, sprite, name)


@cache
def words() -> list[str | list[str]]:
    """These are the texts that the browser may say: alone, or as singular and plural."""
    path = FOLDER / "words.json"
    return list(json.loads(path.read_text())) if path.exists() else []


async def static(request: Request) -> Response:
    """Serve a built file."""
    name = request.path_params["name"]
    packed = "gzip" in request.headers.get("accept-encoding", "")
    body, media_type = _read(name, packed)
    headers = {"cache-control": FOREVER if HASHED.search(name) else "no-cache", "vary": "Accept-Encoding"}
    if name.startswith("worker-"):
        headers["service-worker-allowed"] = "/"
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=headers)


def _read(name: str, packed: bool) -> tuple[bytes, str]:
    path = FOLDER / name
    if path.parent != FOLDER or name.startswith(".") or not path.is_file():
        raise NotFound()
    media_type = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(name)[0] or BINARY
    if media_type.endswith("+xml"):  # of text the framework says so itself
        media_type += "; charset=utf-8"
    return _bytes(name, packed, path.stat().st_mtime_ns), media_type


@cache
def _bytes(name: str, packed: bool, written_ns: int) -> bytes:
    body = (FOLDER / name).read_bytes()
    return gzip.compress(body, 9, mtime=0) if packed else body
