"""A house and a service on this machine, which tells the truth or something else: each test begins afresh."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import delete

from people.signing import oidc
from people.signing.domains.domains import Domain
from people.signing.identities import Identity
from people.signing.providers import Provider
from store.scopes import EVERYWHERE
from tests.web.conftest import house_for
from tests.web.houses import House
from tests.web.openid import CLIENT, SECRET, OpenId, running_provider

house = house_for("package")


@pytest.fixture(scope="package")
async def openid() -> AsyncIterator[OpenId]:
    async with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
async def afresh(house: House, openid: OpenId) -> AsyncIterator[None]:
    openid.wrong.clear()
    openid.told, openid.client, openid.ways = None, (CLIENT, SECRET), ("client_secret_basic",)
    yield
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        await tx.execute(delete(Identity))
        await tx.execute(delete(Provider))
        await tx.execute(delete(Domain))


@pytest.fixture
def own_network() -> Iterator[None]:
    """A business's service may be on this machine."""
    oidc.trusts_own_network = True
    yield
    oidc.trusts_own_network = False
