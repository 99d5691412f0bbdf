"""A small OpenID Connect provider: an ASGI application that signs in whoever it is told to, rightly or wrongly."""

import asyncio
import secrets
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

Answer = Callable[[Request], Awaitable[Response]]
CLIENT, SECRET = "atrium", "between us"


@cache
def key_named(_name: str) -> RSAKey:
    """One of two keys, each made once: that takes a tenth of a second."""
    return RSAKey.generate_key(2048, parameters={"kid": "one"})


@dataclass
class OpenId:
    """Who is signed in there, and what is to be wrong in its next answers."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    """What its token says of them."""
    told: dict[str, Any] | None = None
    """What its userinfo says of them beside; None has no userinfo."""
    client: tuple[str, str] = (CLIENT, SECRET)
    ways: tuple[str, ...] = ("client_secret_basic",)
    """How it takes the client's secret."""
    wrong: dict[str, Any] = field(default_factory=dict)
    """Claims that are other than they should be, or ``issuer``, ``key``, ``algorithm``; or under the path of an answer
    (``/keys``) the whole of it, with its headers."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: key_named("its own"))
    other_key: RSAKey = field(default_factory=lambda: key_named("another"))

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._unless_wrong(self.metadata)),
                Route("/authorize", self.authorize),
                Route("/token", self._unless_wrong(self.token), methods=["POST"]),
                Route("/keys", self._unless_wrong(self.keys)),
                Route("/userinfo", self._unless_wrong(self.userinfo)),
            ]
        )

    def _unless_wrong(self, answer: Answer) -> Answer:
        async def answered(request: Request) -> Response:
            if request.url.path in self.wrong:
                content, headers = self.wrong[request.url.path]
                return Response(content, headers={"content-type": "application/json"} | headers)
            return await answer(request)

        return answered

    async def metadata(self, _request: Request) -> Response:
        said = {
            "issuer": self.wrong.get("issuer", self.url),
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": self.wrong.get("token_endpoint", f"{self.url}/token"),
            "token_endpoint_auth_methods_supported": self.ways,
            "jwks_uri": f"{self.url}/keys",
        }
        return JSONResponse(said if self.told is None else said | {"userinfo_endpoint": f"{self.url}/userinfo"})

    async def authorize(self, request: Request) -> Response:
        """Everyone is signed in here already."""
        query = dict(request.query_params)
        assert query["client_id"] == self.client[0]
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.asked[code] = query
        answer = {"code": code, "state": query["state"]}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(answer)}")

    async def token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self.asked.pop(form["code"])
        if self._client_of(request, form) != self.client:
            return JSONResponse({"error": "invalid_client"}, 401)
        assert create_s256_code_challenge(form["code_verifier"]) == asked["code_challenge"]
        assert form["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": self.client[0],
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.person,
        }
        claims |= {name: value for name, value in self.wrong.items() if name in claims}
        key = self.other_key if self.wrong.get("key") else self.key
        return JSONResponse({"access_token": "t", "token_type": "Bearer", "id_token": self._signed(claims, key)})

    def _client_of(self, request: Request, form: dict[str, str]) -> tuple[str, str]:
        """Who asks, by either way. Source: RFC 6749, section 2.3.1 and appendix B."""
        if "client_secret_basic" not in self.ways:
            return form["client_id"], form["client_secret"]
        _scheme, _space, credentials = request.headers["authorization"].partition(" ")
        id, _colon, secret = b64decode(credentials).decode("ascii").partition(":")
        return unquote_plus(id, errors="strict"), unquote_plus(secret, errors="strict")

    def _signed(self, claims: dict[str, Any], key: RSAKey) -> str:
        algorithm = self.wrong.get("algorithm", "RS256")
        if algorithm == "none":
            header, body, _signature = jwt.encode({"alg": "RS256"}, claims, key).split(".")
            return f"eyJhbGciOiJub25lIn0.{body}." if header else ""
        return jwt.encode({"alg": algorithm, "kid": "one"}, claims, key, algorithms=[algorithm])

    async def keys(self, request: Request) -> Response:
        if self.wrong.get("sends_on") and "there" not in request.query_params:
            return RedirectResponse(f"{self.url}/keys?there")
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def userinfo(self, _request: Request) -> Response:
        return JSONResponse({"sub": self.person["sub"]} | (self.told or {}))


@asynccontextmanager
async def running_provider() -> AsyncIterator[OpenId]:
    """This is a provider on a port of its own."""
    provider = OpenId()
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it says so nowhere else
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.url = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        await serving
