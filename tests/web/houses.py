"""A house to walk through: the scene's people with passwords, who runs it all, and browsers without script."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select, update

from people.accounts import Account
from people.actors import Actor
from people.parties import Party
from people.persons.superadmins import add_superadmin
from people.signing.passwords.passwords import hashed
from people.signing.sessions import open_session
from store.database import Database
from tests.hub.agencies import Person
from tests.patience import PATIENT_SECONDS, browser_at
from tests.rooms.scenes import Scene, set_scene

PASSWORD = "a long enough one"


@dataclass
class House:
    scene: Scene
    root: Person
    url: str = ""

    @property
    def room(self) -> str:
        return self.scene.room

    def person(self, who: str) -> Person:
        if who == "root":
            return self.root
        found: Person = getattr(self.scene if who == "freelancer" else self.scene.agency, who)
        return found

    async def email(self, who: str) -> str:
        async with self.scene.database.reading() as tx:
            return str(await tx.scalar(select(Party.email).where(Party.id == self.person(who).id)))

    def browser(self, who: str | None = None, **headers: str) -> "Browser":
        """A browser in which someone is signed in, or nobody."""
        return Browser(self.url, self.person(who).token if who else None, headers)

    def bot(self, who: str | None = None, **headers: str) -> httpx.AsyncClient:
        """A program that shows someone's token."""
        if who:
            headers |= {"Authorization": f"Bearer {self.person(who).token}"}
        return browser_at(self.url, headers=headers)


class Browser(httpx.AsyncClient):
    """A browser without script: it keeps cookies and sends forms as pages have them."""

    def __init__(self, url: str, token: str | None, headers: dict[str, str]) -> None:
        super().__init__(
            base_url=url,
            verify=False,
            timeout=PATIENT_SECONDS,
            headers={"accept": "text/html,*/*;q=0.8", **headers},
        )
        if token:  # as the hub itself gives it, so that it takes it away too
            self.cookies.set("hub_session", token, domain=self.base_url.host)

    async def send_form(self, page: str, action: str, **fields: Any) -> httpx.Response:
        """Open a page and send a form from it."""
        shown = await self.get(page)
        return await self.post(action, data={"csrf": csrf_of(shown.text), **fields})


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


async def build(database: Database) -> House:
    scene = await set_scene(database)
    async with database.transaction() as tx:
        await tx.execute(update(Account).values(password_hash=await hashed(PASSWORD)))
        root_id = await add_superadmin(tx, "Rita", "rita@root.example", PASSWORD)
        actor, token = await open_session(tx, root_id, address="127.0.0.1", agent="test")
    return House(scene, Person(actor, token))


def someone(kind: Any, business_id: UUID | None = None) -> Actor:
    return Actor(UUID(int=7), kind, business_id, "Somebody")
