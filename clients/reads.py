"""What is read of companies."""

from pydantic import BaseModel

from clients.companies import companies as own_companies
from clients.forms import CompanyForm
from people.actors import Actor
from store.database import Transaction
from store.errors import Forbidden
from store.reads import read


class Companies(BaseModel):
    companies: list[CompanyForm]


@read("/companies", area="companies", refuses=(Forbidden,))
async def companies(tx: Transaction, actor: Actor) -> Companies:
    """The business's companies, for its team."""
    return Companies(companies=await own_companies(tx, actor))


READS = (companies,)
