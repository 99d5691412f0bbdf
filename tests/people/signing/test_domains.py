"""Domains: what a business may say of the people of a domain, once it has shown that the domain is its own."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import dns.rcode
import pytest
from sqlalchemy import delete, select, text, update

from hub.operations.housekeeping import Housekeeping
from hub.operations.jobs import tasks_of
from people.journal import JournalEntry
from people.mail import Letter
from people.parties import Party
from people.persons.superadmins import add_superadmin
from people.signing.domains.dns_lookups import ask_servers
from people.signing.domains.domain_proofs import CheckDomain, check_domain, look_for_record
from people.signing.domains.domain_records import LOOKED_AT_EVERY, Looker
from people.signing.domains.domains import GRACE, Claims, Domain, Place, claim, claims, domains
from people.signing.identities import ProviderClaims, person_said
from people.signing.providers import Provider, offers
from people.signing.sessions import open_session
from store.database import Database
from store.errors import Refusal
from store.files.blobs import Blobs
from store.scopes import EVERYWHERE
from tests.databases import as_owner
from tests.hub.agencies import Agency, Person, open_agency
from tests.names import NameServer, name_server
from tests.people.offices import PASSWORD, with_password
from tests.stages import staged

FIRM = "firm.example"
PLACE = f"_atrium-challenge.{FIRM}"
SERVICE = {"issuer": "https://id.firm.example", "client_id": "atrium", "client_secret": "s", "password": PASSWORD}


@staged
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    for admin in (agency.admin, agency.outsider):
        await with_password(database, admin)
    return agency


@pytest.fixture
async def root(database: Database, agency: Agency) -> Person:
    async with database.transaction() as tx:
        root_id = await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
        return Person(*await open_session(tx, root_id, address="192.0.2.1", agent="test"))


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    async with name_server() as server:
        ask_servers([server.address])
        yield server
        ask_servers(())


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.at(tmp_path / "blobs")


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


async def test_a_service_is_not_believed_for_a_domain_before_its_proof(
    database: Database, agency: Agency, names: NameServer
) -> None:
    async with database.transaction() as tx:
        await tx.execute(update(Party).where(Party.id == agency.ana.id).values(email=f"ana@{FIRM}"))

    async def is_ana(service: str, subject: str) -> bool:
        async with database.transaction() as tx:
            provider = await tx.get(Provider, UUID(service))
            assert provider
            return (
                await person_said(tx, provider, ProviderClaims(subject, f"ana@{FIRM}", email_verified=True))
                == agency.ana.id
            )

    service = await name_domains(agency, agency.admin, FIRM)
    assert not await is_ana(service, "1")
    await put_record(agency, names, agency.admin)
    assert not await is_ana(service, "1")
    await check(agency, agency.admin)
    assert await is_ana(service, "1")
    names.texts.clear()
    await lose(database, agency)
    assert await is_ana(service, "1"), "whom it knows it signs in"
    assert not await is_ana(service, "2")


@pytest.mark.parametrize("named", [[], ["other.example"]])
@pytest.mark.parametrize("whose", ["ana", "admin"])
async def test_a_business_s_service_says_nothing_of_a_domain_that_isn_t_proven(
    database: Database, agency: Agency, root: Person, named: list[str], whose: str
) -> None:
    person: Person = getattr(agency, whose)
    async with database.transaction() as tx:
        await tx.execute(update(Party).where(Party.id == person.id).values(email=f"somebody@{FIRM}"))

    async def is_known(subject: str) -> bool:
        async with database.transaction() as tx:
            provider = await tx.get(Provider, UUID(service))
            assert provider
            return (
                await person_said(tx, provider, ProviderClaims(subject, f"somebody@{FIRM}", email_verified=True))
                == person.id
            )

    service = await name_domains(agency, agency.admin, *named)
    assert not await is_known("1")
    if named:
        return
    other = await name_domains(agency, agency.admin, FIRM)
    assert not await is_known("1")
    await agency.run(root, "domain.vouch", **of(root, agency.admin))
    assert await is_known("1"), "the domain is the business's, whichever of its services names it"
    await agency.run(agency.admin, "provider.remove", provider_id=other)
    assert await is_known("1"), "whom it knows it signs in"
    assert not await is_known("2")


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


async def test_a_service_takes_the_admin_s_password_and_is_told_to_the_others(
    database: Database, agency: Agency, root: Person
) -> None:
    second = {"kind": "admin", "name": "Petra", "email": "petra@new.example", "password": PASSWORD}
    petra = UUID((await agency.run(agency.admin, "person.add", **second)).result["id"])
    named: dict[str, Any] = SERVICE | {"name": "Keycloak"}
    wrong = named | {"password": "another password"}
    assert (await refusal(agency.run(agency.admin, "provider.add", **wrong))).fields.keys() == {"password"}
    service = (await agency.run(agency.admin, "provider.add", **named)).result["id"]
    for field, value in {"domains": [FIRM], "client_secret": "t", "trusted": True, "name": "Realm"}.items():
        change = {"provider_id": service, field: value}
        refused = await refusal(agency.run(agency.admin, "provider.change", **change, password="wrong"))
        assert refused.fields.keys() == {"password"}
    await agency.run(agency.admin, "provider.change", provider_id=service, domains=[FIRM], password=PASSWORD)
    await agency.run(root, "provider.add", **named)
    async with database.reading(EVERYWHERE) as tx:
        told = await tx.scalars(select(Letter).where(Letter.kind.startswith("provider_")).order_by(Letter.id))
        said = [(letter.kind, letter.person_id, letter.params["by"]) for letter in told]
    assert said == [("provider_added", petra, "Irina"), ("provider_changed", petra, "Irina")]


async def test_a_superadmin_s_own_service_needs_no_proof(database: Database, agency: Agency, root: Person) -> None:
    service = await name_domains(agency, root, FIRM)
    async with database.transaction() as tx:
        await tx.execute(update(Party).where(Party.id == agency.ana.id).values(email=f"ana@{FIRM}"))
    async with database.transaction() as tx:
        provider = await tx.get(Provider, UUID(service))
        assert provider
        assert await person_said(tx, provider, ProviderClaims("1", f"ana@{FIRM}", email_verified=True)) == agency.ana.id
    async with database.reading() as tx:
        assert (await claims(tx, root.actor)).entries == []


async def test_who_runs_the_installation_sees_first_what_nobody_has_proven(
    database: Database, agency: Agency, root: Person, names: NameServer
) -> None:
    await name_domains(agency, agency.admin, FIRM, "a.example", "b.example", "c.example", "d.example")
    await put_record(agency, names, agency.admin)
    await check(agency, agency.admin)
    await agency.run(root, "domain.vouch", **of(root, agency.admin) | {"domain": "a.example"})
    async with database.transaction() as tx:
        await tx.execute(update(Domain).where(Domain.name == "c.example").values(how="kept", proven_at=tx.now))
    async with database.reading(EVERYWHERE) as tx:
        found = [(claim.domain.name, claim.domain.how) for claim in (await claims(tx, root.actor)).entries]
    unproven = [("b.example", None), ("c.example", "kept"), ("d.example", None)]
    assert found == [*unproven, ("a.example", "superadmin"), (FIRM, "record")]


async def test_the_claims_go_on_where_a_page_ended_though_one_was_proven_meanwhile(
    database: Database, agency: Agency, root: Person
) -> None:
    for admin in (agency.admin, agency.outsider):
        await name_domains(agency, admin, FIRM, "a.example")

    async def page(after: Place | None = None) -> Claims:
        async with database.reading(EVERYWHERE) as tx:
            return await claims(tx, root.actor, after, limit=2)

    first = await page()
    assert [claim.domain.name for claim in first.entries] == ["a.example", "a.example"]
    await agency.run(root, "domain.vouch", **of(root, agency.admin) | {"domain": "a.example"})
    second = await page(first.after)
    assert [claim.domain.name for claim in second.entries] == [FIRM, FIRM]
    last = await page(second.after)
    assert [(claim.domain.name, claim.domain.how) for claim in last.entries] == [("a.example", "superadmin")]
    assert last.after is None


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


@pytest.mark.parametrize("separator", [",", " ", "\n", ";"])
async def test_a_service_names_fifty_domains_at_most(agency: Agency, separator: str) -> None:
    fifty = separator.join(f"{number}.example" for number in range(50))
    refused = await refusal(name_domains(agency, agency.admin, f"{fifty}{separator}{FIRM}"))
    assert refused.fields == {"domains": "Enter at most 50 domains."}
    service = await name_domains(agency, agency.admin, fifty)
    changing = agency.run(
        agency.admin, "provider.change", password=PASSWORD, provider_id=service, domains=[f"{fifty}{separator}{FIRM}"]
    )
    assert (await refusal(changing)).fields == {"domains": "Enter at most 50 domains."}


async def test_a_business_claims_a_hundred_domains_at_most(database: Database, agency: Agency) -> None:
    first, last = [
        await name_domains(agency, agency.admin, *(f"{number}.{at}.example" for number in range(50))) for at in "ab"
    ]
    refused = await refusal(name_domains(agency, agency.admin, FIRM))
    assert refused.fields == {"domains": "Your services have more than 100 domains in total. Remove some."}
    await name_domains(agency, agency.admin, "1.a.example")
    await name_domains(agency, agency.outsider, FIRM)
    await agency.run(agency.admin, "provider.change", password=PASSWORD, provider_id=first, domains=["1.a.example"])
    await name_domains(agency, agency.admin, FIRM)
    await agency.run(agency.admin, "provider.remove", provider_id=last)
    assert await standing(database, agency.admin) is not None


async def test_what_has_too_many_domains_from_before_can_be_changed(database: Database, agency: Agency) -> None:
    named = [f"{number}.example" for number in range(120)]
    service = await name_domains(agency, agency.admin, "0.example")
    async with database.transaction() as tx:
        await tx.execute(update(Provider).values(domains=named))
        business_id = agency.admin.actor.business_id
        assert business_id
        await claim(tx, [(business_id, name) for name in named])
    await agency.run(agency.admin, "provider.change", password=PASSWORD, provider_id=service, name="Realm")
    assert await standing(database, agency.admin, "119.example") is not None
    assert (await refusal(name_domains(agency, agency.admin, FIRM))).fields.keys() == {"domains"}


# Records that go


async def look(database: Database, agency: Agency) -> None:
    await Looker(database).look(str(agency.admin.actor.business_id), FIRM)


async def lose(database: Database, agency: Agency) -> None:
    await look(database, agency)
    pass_by(database, GRACE)
    await look(database, agency)


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


# What was before there were proofs


CLAIM = import_module("store.migrations.versions.0027_domains_are_proven").CLAIM


async def migrated(database_url: str, database: Database) -> None:
    """Let the domains be claimed as they are when there were no proofs before."""
    async with database.transaction() as tx:
        await tx.execute(delete(Domain))
    await as_owner(database_url, CLAIM)


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
