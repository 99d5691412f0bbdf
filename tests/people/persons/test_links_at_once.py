"""Links of letters that are used while their person is let go, or whatever else closes them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from people.accounts import Account
from people.mail.links import LinkDead, make_link
from people.parties import Party
from people.persons.emails import confirm_email
from people.persons.invitation_links import accept_invitation
from people.persons.invitations import Invitation, close_invitation
from people.persons.resets import complete_reset, reset_on_console
from people.signing.open_links import EmailChange, Reset, withdraw_links
from people.signing.throttling import Whence
from store.database import Database, sqlstate
from store.scopes import EVERYWHERE
from tests.people.offices import Office, open_office, with_password
from tests.stages import staged

HERE = Whence("127.0.0.1", "test")
NEW = "seven quiet otters sing"

office = staged(open_office)
numbers = count(1)


@dataclass
class Opened:
    """A link, whose person it is of, and the row that it is for."""

    person_id: UUID
    row: type[Any]
    use: Callable[[], Awaitable[Any]]


async def an_invitation(database: Database, office: Office) -> Opened:
    fields = {"kind": "staff", "name": "Petru", "email": f"petru{next(numbers)}@new.example"}
    person_id = UUID((await office.agency.run(office.agency.admin, "person.invite", **fields)).result["id"])
    async with database.transaction(EVERYWHERE) as tx:
        id = await tx.scalar(select(Invitation.id).where(Invitation.person_id == person_id))
        secret = await make_link(tx, "invitation", id, office.agency.admin.actor.business_id)
    return Opened(person_id, Invitation, lambda: accept_invitation(database, secret, NEW, "en", HERE))


async def a_reset(database: Database, office: Office) -> Opened:
    ana = office.agency.ana
    await with_password(database, ana)
    async with database.transaction(EVERYWHERE) as tx:
        path = await reset_on_console(tx, await tx.scalar(select(Party.email).where(Party.id == ana.id)))
    secret = path.rpartition("/")[2]
    return Opened(ana.id, Reset, lambda: complete_reset(database, secret, NEW, HERE))


async def an_email(database: Database, office: Office) -> Opened:
    ana, business_id = office.agency.ana, office.agency.ana.actor.business_id
    async with database.transaction(EVERYWHERE) as tx:
        asked = {"email": f"ana{next(numbers)}@new.example", "asked_at": tx.now}
        change = EmailChange(id=tx.new_id(), business_id=business_id, person_id=ana.id, **asked)
        tx.add(change)
        await tx.flush()
        secret = await make_link(tx, "email", change.id, business_id)
    return Opened(ana.id, EmailChange, lambda: confirm_email(database, secret, HERE))


LINKS = pytest.mark.parametrize("opened", [an_invitation, a_reset, an_email])
Opens = Callable[[Database, Office], Awaitable[Opened]]


async def until_one_waits(database: Database) -> None:
    async with database.reading() as tx:
        while not await tx.scalar(text("select exists (select from pg_locks where not granted)")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def clashes(said: Any) -> list[str]:
    return [line["sqlstate"] for line in said if line["event"] == "transaction_clashed"]


@LINKS
async def test_a_link_waits_for_what_closes_it_and_is_dead(database: Database, office: Office, opened: Opens) -> None:
    """Both lock the account first, so neither waits for the other in a circle."""
    link = await opened(database, office)
    with capture_logs() as said:
        async with database.transaction(EVERYWHERE) as tx:
            await tx.get(Account, link.person_id, lock=True)
            using = asyncio.ensure_future(link.use())
            await until_one_waits(database)
            await close_invitation(tx, link.person_id, "withdrawn")
            await withdraw_links(tx, link.person_id)
        with pytest.raises(LinkDead):
            await using
    assert clashes(said) == []


@LINKS
async def test_a_link_that_clashed_is_used_all_the_same(database: Database, office: Office, opened: Opens) -> None:
    met: list[str] = []
    for _try in range(10):  # PostgreSQL undoes whose wait grew long first, at times the test's own
        link = await opened(database, office)
        with capture_logs() as said:
            await use_against(database, link)
        if met := clashes(said):
            break
    assert met == ["40P01"]


async def use_against(database: Database, link: Opened) -> None:
    """Use a link while another locks the same rows the other way round."""
    try:
        async with database.transaction(EVERYWHERE) as tx:
            row = select(link.row.id).where(link.row.person_id == link.person_id, link.row.closed_at.is_(None))
            await tx.execute(row.with_for_update())
            using = asyncio.ensure_future(link.use())
            await until_one_waits(database)
            await tx.get(Account, link.person_id, lock=True)
    except DBAPIError as error:
        if sqlstate(error) != "40P01":
            raise
    await using
    async with database.reading(EVERYWHERE) as tx:
        still_open = select(link.row.id).where(link.row.person_id == link.person_id, link.row.closed_at.is_(None))
        assert (await tx.scalars(still_open)).all() == []
