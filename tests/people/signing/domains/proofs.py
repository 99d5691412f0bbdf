"""Domains as businesses claim and prove them, and what was told of it."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from people.journal import JournalEntry
from people.mail import Letter
from people.signing.domains.domain_records import Looker
from people.signing.domains.domains import GRACE, Domain
from people.signing.providers import offers
from store.database import Database
from store.errors import Refusal
from store.scopes import EVERYWHERE
from tests.databases import as_owner
from tests.hub.agencies import Agency, Person
from tests.names import NameServer
from tests.people.offices import PASSWORD

FIRM = "firm.example"
PLACE = f"_atrium-challenge.{FIRM}"
SERVICE = {"issuer": "https://id.firm.example", "client_id": "atrium", "client_secret": "s", "password": PASSWORD}


async def name_domains(agency: Agency, by: Person, *named: str) -> str:
    return str((await agency.run(by, "provider.add", name=by.actor.name, domains=list(named), **SERVICE)).result["id"])


async def check(agency: Agency, by: Person, domain: str = FIRM) -> dict[str, Any]:
    found: dict[str, Any] = (await agency.run(by, "domain.check", domain=domain)).result
    return found


async def put_record(agency: Agency, names: NameServer, by: Person) -> None:
    """Let the name server show somebody's business's record."""
    domain = (await check(agency, by))["domain"]
    names.texts[domain["record"]] = ["v=spf1 -all", domain["value"]]


async def prove(agency: Agency, names: NameServer, by: Person) -> None:
    await name_domains(agency, by, FIRM)
    await put_record(agency, names, by)
    assert (await check(agency, by))["found"] == "record"


def of(root: Person, by: Person) -> dict[str, str]:
    return {"business_id": str(by.actor.business_id), "domain": FIRM}


async def standing(database: Database, by: Person, domain: str = FIRM) -> Domain | None:
    assert by.actor.business_id
    async with database.reading() as tx:
        return await tx.get(Domain, (by.actor.business_id, domain))


async def offered(database: Database, email: str = f"ana@{FIRM}") -> list[str]:
    """These are the names of the services to which somebody is led by their address."""
    async with database.reading(EVERYWHERE) as tx:
        return [offer.name for offer in await offers(tx, "en", email)]


async def noted(database: Database) -> list[tuple[str, UUID | None]]:
    async with database.reading() as tx:
        notes = await tx.scalars(
            select(JournalEntry).where(JournalEntry.what.startswith("domain_")).order_by(JournalEntry.id)
        )
        return [(note.what, note.business_id) for note in notes]


async def letters(database: Database) -> list[tuple[str, UUID | None]]:
    async with database.reading() as tx:
        found = await tx.scalars(select(Letter).where(Letter.kind.startswith("domain_")).order_by(Letter.id))
        return [(letter.kind, letter.person_id) for letter in found]


async def refusal(work: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await work
    return refused.value


def pass_by(database: Database, span: timedelta) -> None:
    before = database.clock()
    database.clock = lambda: before + span


async def look(database: Database, agency: Agency) -> None:
    await Looker(database).look(str(agency.admin.actor.business_id), FIRM)


async def lose(database: Database, agency: Agency) -> None:
    await look(database, agency)
    pass_by(database, GRACE)
    await look(database, agency)


CLAIM = import_module("store.migrations.versions.0027_domains_are_proven").CLAIM


async def migrated(database_url: str, database: Database) -> None:
    """Let the domains be claimed as they are when there were no proofs before."""
    async with database.transaction() as tx:
        await tx.execute(delete(Domain))
    await as_owner(database_url, CLAIM)
