"""Domains that were named before there were proofs."""

from sqlalchemy import delete, update

from hub.operations.housekeeping import Housekeeping
from people.parties import Party
from people.signing.domains.domains import Domain, domains
from store.database import Database
from store.files.blobs import Blobs
from tests.hub.agencies import Agency
from tests.names import NameServer
from tests.people.signing.domains.proofs import (
    FIRM,
    check,
    letters,
    migrated,
    name_domains,
    noted,
    offered,
    prove,
    put_record,
)


async def test_a_domain_of_one_business_is_kept_and_a_contested_one_is_not(
    database_url: str, database: Database, agency: Agency
) -> None:
    await name_domains(agency, agency.admin, FIRM, "both.example", "theirs.example")
    await name_domains(agency, agency.outsider, "both.example")
    async with database.transaction() as tx:
        await tx.execute(update(Party).where(Party.id == agency.ana.id).values(email=f"Ana@{FIRM}"))
        await tx.execute(update(Party).where(Party.id == agency.outsider.id).values(email="oleh@theirs.example"))
    await migrated(database_url, database)
    async with database.reading() as tx:
        found = {domain.name: domain.how for domain in await domains(tx, agency.admin.actor)}
        assert {domain.name for domain in await domains(tx, agency.outsider.actor)} == {"both.example"}
    assert found == {FIRM: "kept", "both.example": None, "theirs.example": None}
    assert await offered(database) == ["Irina"]
    assert await offered(database, "oleh@theirs.example") == []


async def test_what_is_kept_goes_to_whoever_proves_it(
    database_url: str, database: Database, agency: Agency, names: NameServer
) -> None:
    await name_domains(agency, agency.outsider, FIRM)
    await migrated(database_url, database)
    assert await offered(database) == ["Oleh"]
    await prove(agency, names, agency.admin)
    assert await offered(database) == ["Irina"]
    assert await letters(database) == [("domain_lost", agency.outsider.id)]
    assert ("domain_lost", agency.outsider.actor.business_id) in await noted(database)


async def test_what_is_kept_stays_while_no_record_is_there_and_is_proven_by_one(
    database_url: str, database: Database, agency: Agency, names: NameServer
) -> None:
    await name_domains(agency, agency.admin, FIRM)
    await migrated(database_url, database)
    await put_record(agency, names, agency.admin)
    assert await offered(database) == ["Irina"]
    assert (await check(agency, agency.admin))["domain"]["how"] == "record"


async def test_what_a_version_before_named_is_claimed_soon(database: Database, agency: Agency, blobs: Blobs) -> None:
    await name_domains(agency, agency.admin, FIRM, "other.example")
    async with database.transaction() as tx:
        await tx.execute(delete(Domain).where(Domain.name == FIRM))
    await Housekeeping(database, blobs).tidy()
    async with database.reading() as tx:
        assert [domain.name for domain in await domains(tx, agency.admin.actor)] == [FIRM, "other.example"]
    assert await offered(database) == []
