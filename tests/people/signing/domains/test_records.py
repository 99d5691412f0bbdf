"""Records that go: told at once, and the end of the proof a week later."""

from datetime import timedelta

import dns.rcode
from sqlalchemy import text

from hub.operations.housekeeping import Housekeeping
from hub.operations.jobs import tasks_of
from people.signing.domains.domain_records import LOOKED_AT_EVERY
from people.signing.domains.domains import GRACE
from store.database import Database
from store.files.blobs import Blobs
from tests.hub.agencies import Agency
from tests.names import NameServer
from tests.people.signing.domains.proofs import (
    FIRM,
    check,
    letters,
    look,
    lose,
    noted,
    offered,
    pass_by,
    prove,
    standing,
)


async def test_a_record_that_has_gone_is_told_and_ends_the_proof_a_week_later(
    database: Database, agency: Agency, names: NameServer
) -> None:
    await prove(agency, names, agency.admin)
    names.texts.clear()
    await look(database, agency)
    claim = await standing(database, agency.admin)
    assert claim
    assert claim.missing_since
    assert await letters(database) == [("domain_missing", agency.admin.id)]
    seen = (await check(agency, agency.admin))["domain"]
    assert (seen["how"], seen["missing_since"]) == ("record", claim.missing_since.isoformat().replace("+00:00", "Z"))
    pass_by(database, GRACE - timedelta(hours=1))
    await look(database, agency)
    assert await offered(database) == ["Irina"]
    pass_by(database, timedelta(hours=1))
    await look(database, agency)
    assert await offered(database) == []
    assert await letters(database) == [("domain_missing", agency.admin.id), ("domain_lost", agency.admin.id)]
    assert (await noted(database))[-1] == ("domain_lost", agency.admin.actor.business_id)


async def test_an_admin_who_checks_sees_first_that_a_record_has_gone(
    database: Database, agency: Agency, names: NameServer
) -> None:
    await prove(agency, names, agency.admin)
    names.texts.clear()
    checked = await check(agency, agency.admin)
    assert (checked["found"], checked["domain"]["how"]) == ("nothing", "record")
    assert checked["domain"]["missing_since"]
    assert await letters(database) == [("domain_missing", agency.admin.id)]
    assert await offered(database) == ["Irina"]


async def test_a_record_that_is_back_in_time_changes_nothing(
    database: Database, agency: Agency, names: NameServer
) -> None:
    await prove(agency, names, agency.admin)
    there = dict(names.texts)
    names.texts.clear()
    await look(database, agency)
    names.texts.update(there)
    pass_by(database, GRACE)
    await look(database, agency)
    claim = await standing(database, agency.admin)
    assert claim
    assert (claim.how, claim.missing_since) == ("record", None)
    names.texts.clear()
    await look(database, agency)
    assert await offered(database) == ["Irina"]


async def test_name_servers_that_fail_end_no_proof(database: Database, agency: Agency, names: NameServer) -> None:
    await prove(agency, names, agency.admin)
    names.says = dns.rcode.SERVFAIL
    await lose(database, agency)
    claim = await standing(database, agency.admin)
    assert claim
    assert (claim.how, claim.missing_since) == ("record", None)


async def test_housekeeping_has_records_looked_at_once_a_day(
    database: Database, agency: Agency, names: NameServer, blobs: Blobs
) -> None:
    await prove(agency, names, agency.admin)
    housekeeping = Housekeeping(database, blobs)
    await housekeeping.tidy()
    assert await jobs(database) == []
    pass_by(database, LOOKED_AT_EVERY + timedelta(minutes=1))
    for _ in range(2):
        await housekeeping.tidy()
    due = await jobs(database)
    assert due == [{"business_id": str(agency.admin.actor.business_id), "name": FIRM}]
    names.texts.clear()
    await tasks_of(database, "https://hub.example")["domain.look"](**due[0])
    claim = await standing(database, agency.admin)
    assert claim
    assert claim.missing_since


async def jobs(database: Database) -> list[dict[str, str]]:
    async with database.reading() as tx:
        query = text("select args from procrastinate_jobs where task_name = 'domain.look'")
        return list(await tx.scalars(query))
