"""Domains: a business shows that one is its own, or is vouched for, and one of two that claim it has it."""

import asyncio
from uuid import UUID

import dns.rcode
import pytest
from sqlalchemy import select, text

from people.signing.domains.domain_proofs import CheckDomain, check_domain, look_for_record
from people.signing.domains.domains import Domain
from people.signing.providers import Provider
from store.database import Database
from tests.hub.agencies import Agency, Person
from tests.names import NameServer
from tests.people.offices import PASSWORD
from tests.people.signing.domains.proofs import (
    FIRM,
    PLACE,
    check,
    letters,
    migrated,
    name_domains,
    noted,
    of,
    offered,
    prove,
    put_record,
    refusal,
    standing,
)


async def test_a_domain_counts_once_its_record_is_there(database: Database, agency: Agency, names: NameServer) -> None:
    await name_domains(agency, agency.admin, FIRM)
    assert await offered(database) == []
    first = await check(agency, agency.admin)
    assert (first["found"], first["instead"], first["domain"]["proven_at"]) == ("nothing", [], None)
    assert first["domain"]["record"] == PLACE
    names.texts[PLACE] = ["v=spf1 -all"]
    other = await check(agency, agency.admin)
    assert (other["found"], other["instead"]) == ("other", ["v=spf1 -all"])
    names.says = dns.rcode.SERVFAIL
    assert (await check(agency, agency.admin))["found"] == "failed"
    assert await offered(database) == []
    names.says, names.texts[PLACE] = None, ["v=spf1 -all", first["domain"]["value"]]
    proven = await check(agency, agency.admin)
    assert (proven["found"], proven["instead"], proven["domain"]["how"]) == ("record", [], "record")
    assert await offered(database) == ["Irina"]
    assert await noted(database) == [("domain_proven", agency.admin.actor.business_id)]


async def test_a_proof_is_told_to_the_team_and_to_who_runs_the_installation(
    database: Database, agency: Agency, names: NameServer
) -> None:
    await prove(agency, names, agency.admin)
    query = text(
        "select stream, audience from events where name = 'sign_in_policy.changed' and body->'changed' ? 'domains'"
    )
    async with database.reading() as tx:
        told = {(stream.partition(":")[0], audience) for stream, audience in await tx.execute(query)}
    assert told == {("business", "managers"), ("installation", "all")}


async def test_another_business_s_record_proves_nothing(database: Database, agency: Agency, names: NameServer) -> None:
    for admin in (agency.admin, agency.outsider):
        await name_domains(agency, admin, FIRM)
    await put_record(agency, names, agency.admin)
    assert (await check(agency, agency.outsider))["found"] == "other"
    assert await offered(database) == []


async def test_of_two_who_show_a_record_the_first_has_the_domain(
    database: Database, agency: Agency, root: Person, names: NameServer
) -> None:
    await prove(agency, names, agency.admin)
    await name_domains(agency, agency.outsider, FIRM)
    await put_record(agency, names, agency.outsider)
    for taking in (
        agency.run(agency.outsider, "domain.check", domain=FIRM),
        agency.run(root, "domain.vouch", **of(root, agency.outsider)),
    ):
        refused = await refusal(taking)
        assert refused.code == "domain_taken"
        assert "Atelier" not in str(refused)
    assert await offered(database) == ["Irina"]


async def test_a_domain_that_no_service_names_any_more_is_free(
    database: Database, agency: Agency, names: NameServer
) -> None:
    await prove(agency, names, agency.admin)
    second = await name_domains(agency, agency.admin, FIRM, "other.example")
    async with database.reading() as tx:
        first = await tx.scalar(select(Provider.id).where(Provider.id != UUID(second)))
    await agency.run(agency.admin, "provider.remove", provider_id=str(first))
    assert await offered(database) == ["Irina"]
    await agency.run(agency.admin, "provider.change", password=PASSWORD, provider_id=second, domains=["other.example"])
    assert await offered(database) == []
    assert (await refusal(agency.run(agency.admin, "domain.check", domain=FIRM))).code == "not_found"
    await prove(agency, names, agency.outsider)
    assert await offered(database) == ["Oleh"]


async def test_services_that_come_and_go_at_once_leave_their_domains_claimed(
    database: Database, agency: Agency
) -> None:
    for _ in range(10):
        going = await name_domains(agency, agency.admin, FIRM)
        added, _gone = await asyncio.gather(
            name_domains(agency, agency.admin, FIRM),
            agency.run(agency.admin, "provider.remove", provider_id=going),
        )
        assert await standing(database, agency.admin) is not None
        await agency.run(agency.admin, "provider.remove", provider_id=added)


async def test_who_runs_the_installation_vouches_and_takes_it_back(
    database: Database, agency: Agency, root: Person
) -> None:
    await name_domains(agency, agency.admin, FIRM)
    token = (await standing(database, agency.admin)).token  # type: ignore[union-attr]
    vouched = (await agency.run(root, "domain.vouch", **of(root, agency.admin))).result
    assert vouched["how"] == "superadmin"
    assert await offered(database) == ["Irina"]
    await agency.run(root, "domain.withdraw", **of(root, agency.admin))
    assert await offered(database) == []
    fresh = await standing(database, agency.admin)
    assert fresh
    assert fresh.token != token
    assert (await refusal(agency.run(root, "domain.withdraw", **of(root, agency.admin)))).code == "conflict"
    assert (await refusal(agency.run(root, "domain.vouch", **of(root, agency.outsider)))).code == "not_found"
    assert [what for what, _ in await noted(database)] == ["domain_vouched", "domain_withdrawn"]
    assert await letters(database) == [("domain_lost", agency.admin.id)]


async def test_a_proof_leaves_the_verb_with_its_own_business_alone(
    database_url: str, database: Database, agency: Agency, names: NameServer
) -> None:
    await name_domains(agency, agency.outsider, FIRM)
    await migrated(database_url, database)
    await name_domains(agency, agency.admin, FIRM)
    await put_record(agency, names, agency.admin)
    actor, asked = agency.admin.actor, CheckDomain(domain=FIRM)
    await look_for_record(database, actor, asked)
    async with database.asked_by(actor) as tx:
        assert (await check_domain(tx, actor, asked)).domain.how == "record"
        assert tx.within == actor.within
        assert list(await tx.scalars(select(Domain.business_id))) == [actor.business_id]
    told = {event.stream.partition(":")[0] for event in tx.stored}
    assert told == {"business", "installation"}, "what it told goes to everybody's logs all the same"


async def test_a_check_looks_before_it_locks_the_domain_and_never_after(
    database: Database, agency: Agency, names: NameServer
) -> None:
    await name_domains(agency, agency.admin, FIRM)
    async with database.asked_by(agency.admin.actor) as tx:
        with pytest.raises(LookupError):
            await check_domain(tx, agency.admin.actor, CheckDomain(domain=FIRM))
    assert names.asked == []


async def test_letters_other_than_ascii_stand_in_the_record_as_name_servers_know_them(
    agency: Agency, names: NameServer
) -> None:
    await name_domains(agency, agency.admin, "ȘTIRI.example")
    first = await check(agency, agency.admin, "știri.example")
    assert first["domain"]["record"] == "_atrium-challenge.xn--tiri-pxb.example"
    names.texts[first["domain"]["record"]] = [first["domain"]["value"]]
    assert (await check(agency, agency.admin, "xn--tiri-pxb.example"))["found"] == "record"
