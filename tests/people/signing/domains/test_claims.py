"""Claims: how many domains a business may name, and the list of who runs the installation."""

import pytest
from sqlalchemy import update

from people.signing.domains.domains import Claims, Domain, Place, claim, claims
from people.signing.providers import Provider
from store.database import Database
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, Person
from tests.names import NameServer
from tests.people.offices import PASSWORD
from tests.people.signing.domains.proofs import FIRM, check, name_domains, of, put_record, refusal, standing


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
