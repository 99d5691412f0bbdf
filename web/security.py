"""What a browser may do with our answers, and which sites' requests are heard."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from people.installations import current
from store.errors import Forbidden, Refusal, _
from web.refusals import refused
from web.site import Site

HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|::1")
SAFE = ("GET", "HEAD", "OPTIONS")
WATCHED = ("/healthz", "/readyz", "/metrics")
"""What is asked of a hub by its own address, whatever people call it."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": (
        "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
        "geolocation=(), payment=(), usb=()"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


class ForeignOrigin(Forbidden):
    code = "foreign_origin"
    message = _("This was sent from another site, so nothing was done.")


class WrongHost(Refusal):
    code = "wrong_host"
    status = 421
    message = _("This isn't this installation's address.")


def policy(host: str, https: bool) -> str:
    """This is the Content-Security-Policy: everything from here, nothing inline, framed by nobody."""
    sockets = f" {'wss' if https else 'ws'}://{host}" if HOST.fullmatch(host) else ""
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"media-src 'self' blob:; connect-src 'self'{sockets}; worker-src 'self'; manifest-src 'self'; "
        "object-src 'none'; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


def headers_of(host: str = "", *, https: bool) -> dict[str, str]:
    """These are the headers that every answer has, unless it says otherwise itself."""
    found = {"content-security-policy": policy(host, https), **HEADERS, "cache-control": "no-store"}
    return found | {"strict-transport-security": "max-age=31536000; includeSubDomains"} if https else found


def own_origin(origin: str, *, scheme: str, host: str, public_url: str | None) -> bool:
    """Whether an ``Origin`` header names this hub itself: exactly, or nothing."""
    if public_url:
        public = urlsplit(public_url)
        if origin == f"{public.scheme}://{public.netloc}":
            return True
    return bool(HOST.fullmatch(host)) and origin == f"{scheme}://{host}"


def own_host(host: str, *addresses: str) -> bool:
    """Whether a ``Host`` header has the name of one of the addresses that people use, or of this very machine. Which
    port it names is a proxy's business."""
    name = _name_of(f"//{host}")
    return bool(LOOPBACK.fullmatch(name)) or name in {_name_of(address) for address in addresses} - {""}


def _name_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


class SecurityHeaders:
    """Puts the security headers on every answer: of pages, of sockets that poll, and of those that aren't let in."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        https = self.https or scope["scheme"] in ("https", "wss")

        async def send_secured(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in headers_of(host, https=https).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_secured)


class OwnOrigin:
    """Refuses what another site makes a browser send, and what is asked under another name than the hub's own. What
    says no origin, and nothing of where it is fetched from, comes from no browser's page."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._misdirected(scope):
            await refused(Request(scope, receive), WrongHost())(scope, receive, send)
        elif scope["method"] not in SAFE and self._foreign(scope):
            await refused(Request(scope, receive), ForeignOrigin())(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _foreign(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin, host = headers.get("origin"), headers.get("host", "")
        if origin is None:
            return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        return not own_origin(origin, scheme=scope["scheme"], host=host, public_url=self.site.public_url)

    def _misdirected(self, scope: Scope) -> bool:
        host, public_url = Headers(scope=scope).get("host", ""), self.site.public_url
        if public_url is None or scope["path"] in WATCHED:
            return False
        return not own_host(host, public_url, current().address)
