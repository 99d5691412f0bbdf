"""Asking: each row of the matrix by each kind of person, over HTTP and over the socket."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
from starlette.routing import BaseRoute, Mount, Route

from tests.hub.clients import connected
from tests.patience import PATIENT_SECONDS
from tests.rights.worlds import OTHERS, World
from web.authentication import COOKIE

STRANGER = "stranger"
TUS = {"Tus-Resumable": "1.0.0"}
WORDS = {200: "yes", 201: "yes", 204: "yes", 400: "malformed", 401: "401", 403: "403", 404: "404", 409: "conflict"}


@dataclass
class Row:
    """One thing that may be asked for, and what each kind of person gets."""

    name: str
    answers: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Address:
    method: str
    path: str
    plain: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_a_form(self) -> bool:
        return self.method == "POST" and not self.is_for_programs

    @property
    def is_for_programs(self) -> bool:
        return self.path.startswith("/api/")


def addresses(routes: Iterable[BaseRoute], ids: dict[str, str], place: str = "") -> Iterator[Address]:
    """These are all addresses that something answers at, with the world's things in the places of parameters."""
    for route in routes:
        if isinstance(route, Mount):
            yield from addresses(route.routes or (), ids, place + route.path)
        elif isinstance(route, Route):
            path = place + route.path
            plain = _filled(path, ids)
            for method in sorted((route.methods or {"GET"}) - {"HEAD", "OPTIONS"}):
                yield Address(method, path, plain)


def _filled(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: _value(path, found[1], ids), path)


def _value(path: str, name: str, ids: dict[str, str]) -> str:
    found = ids.get(f"{path} {name}") or ids.get(name)
    assert found, f"{path}: say in tests/rights/worlds.py what stands for {{{name}}}"
    return found


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    kind: str
    onward: str
    """Where it leads, if it leads elsewhere."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def is_json(self) -> bool:
        return "json" in self.kind

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Doors:
    """Everyone's browser and everyone's program, kept open.

    With aiohttp: there are tens of thousands of requests, and httpx takes longer for each than the hub does.
    """

    def __init__(self, url: str, world: World) -> None:
        self.askers = world.askers
        self._url = url
        self._browsers = {asker: self._client(_browser(asker, token)) for asker, token in self.askers.items()}
        self._programs = {asker: self._client(TUS | _bearer(token)) for asker, token in self.askers.items()}
        self._csrf: dict[str, str] = {}

    def _client(self, headers: dict[str, str]) -> aiohttp.ClientSession:
        """This is one that asks anew each time, whatever was answered before: it keeps no cookies."""
        return aiohttp.ClientSession(
            self._url,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=PATIENT_SECONDS),
        )

    async def request(self, asker: str, address: Address) -> Answered:
        """Ask; what a page posts is posted as from a page of theirs, with nothing in it."""
        client = (self._programs if address.is_for_programs else self._browsers)[asker]
        form = {"csrf": await self._token(asker)} if address.is_a_form else None
        return await _answered(client, address.method, address.plain, data=form)

    async def _token(self, asker: str) -> str:
        if asker not in self._csrf:
            page = await _answered(self._browsers[asker], "GET", "/account")
            found = re.search(r'name="csrf" value="([^"]+)"', page.text)
            self._csrf[asker] = found[1] if found else ""
        return self._csrf[asker]

    async def run(self, asker: str, name: str, fields: dict[str, Any]) -> Answered:
        return await _answered(self._programs[asker], "POST", f"/api/v1/commands/{name}", json=fields)

    async def close(self) -> None:
        for client in (*self._browsers.values(), *self._programs.values()):
            await client.close()


async def _answered(client: aiohttp.ClientSession, method: str, path: str, **options: Any) -> Answered:
    async with client.request(method, path, allow_redirects=False, **options) as answer:
        kind, onward = answer.headers.get("Content-Type", ""), answer.headers.get("Location", "")
        return Answered(answer.status, kind, onward, await answer.read())


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _browser(asker: str, token: str) -> dict[str, str]:
    shown = _bearer(token) if asker == "small token" else {"cookie": f"{COOKIE}={token}"} if token else {}
    return {"accept": "text/html"} | shown


async def ask(doors: Doors, address: Address) -> Row:
    """Ask for an address as everyone."""
    row = Row(address.name)
    for asker in doors.askers:
        try:
            answer = await doors.request(asker, address)
        except aiohttp.ClientError as error:
            raise AssertionError(f"{address.name}: {asker} gets no answer") from error
        row.answers[asker] = said(answer)
        row.texts[asker] = answer.text if answer.is_json or "text" in answer.kind else ""
    return row


def said(answer: Answered) -> str:
    if 300 <= answer.status < 400 and answer.onward:
        onward = answer.onward.partition("?")[0]
        return "sign in" if onward == "/sign-in" else f"to {re.sub(r'[0-9a-f-]{36}', '…', onward)}"
    if answer.is_json and answer.status >= 400:
        return str(answer.json["error"]["code"])
    return WORDS.get(answer.status, str(answer.status))


@dataclass(frozen=True)
class Asked:
    """A command with its fields, which name things of the agency's."""

    name: str
    fields: dict[str, Any]
    note: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} {self.note}".strip()


async def command(doors: Doors, asked: Asked) -> Row:
    """Give a command as everyone."""
    row = Row(asked.label)
    for asker in doors.askers:
        answer = await doors.run(asker, asked.name, asked.fields)
        row.answers[asker], row.texts[asker] = said(answer), answer.text
        if asker in OTHERS and row.answers[asker] == "not_found":
            nobodys = await doors.run(asker, asked.name, elsewhere(asked.fields))
            assert nobodys.json == answer.json, f"{asked.label}: {asker} learns that it is there"
    return row


async def over_socket(url: str, token: str, commands: Iterable[Asked]) -> dict[str, str]:
    """These are the socket's answers to one person's commands."""
    async with connected(url, None, token=token) as client:
        answers = {asked.label: await client.send(asked.name, asked.fields) for asked in commands}
    return {label: "yes" if answer["ok"] else answer["error"]["code"] for label, answer in answers.items()}


def elsewhere(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with identifiers that are nobody's."""
    return {name: str(uuid4()) if name.endswith("_id") and value else value for name, value in fields.items()}
