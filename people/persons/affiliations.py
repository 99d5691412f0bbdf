"""Affiliations: the companies that clients belong to. Companies are kept above, and answer there."""

from collections.abc import Sequence
from uuid import UUID

from people.announcements import ClientsListed, CompaniesChosen
from people.parties import PartyName
from store.database import Transaction


async def companies_of(tx: Transaction, person_id: UUID, language: str) -> list[PartyName]:
    """These are the companies that a client belongs to, by name."""
    return (await companies_of_all(tx, [person_id], language)).get(person_id, [])


async def companies_of_all(tx: Transaction, person_ids: Sequence[UUID], language: str) -> dict[UUID, list[PartyName]]:
    """These are the companies of each of several clients, by name; who belongs to none is left out."""
    answers = await tx.announce(ClientsListed(person_ids, language))
    return {id: companies for answer in answers for id, companies in answer.items()}


async def put_in_companies(tx: Transaction, business_id: UUID, person_id: UUID, company_ids: Sequence[UUID]) -> bool:
    """Let a client belong to these companies and no others; this is whether that changed anything.

    Raises:
        Invalid: one of them isn't the business's.
    """
    return any(await tx.announce(CompaniesChosen(business_id, person_id, company_ids)))
