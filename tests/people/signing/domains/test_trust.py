"""What a business's service is believed to say of the people of a domain."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from people.mail import Letter
from people.parties import Party
from people.signing.domains.domains import claims
from people.signing.identities import ProviderClaims, person_said
from people.signing.providers import Provider
from store.database import Database
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, Person
from tests.names import NameServer
from tests.people.offices import PASSWORD
from tests.people.signing.domains.proofs import FIRM, SERVICE, check, lose, name_domains, of, put_record, refusal


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
