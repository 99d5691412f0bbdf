"""Services that are believed for the people of their domains, or for nobody."""

from typing import Any

import pytest
from sqlalchemy import select

from people.signing.providers import Provider
from store.errors import Refusal
from store.scopes import EVERYWHERE
from tests.web.houses import PASSWORD, House
from tests.web.openid import CLIENT, SECRET, OpenId
from tests.web.providers.travels import add, change, travel


async def test_a_service_of_one_tenant_is_believed_for_its_domains_alone(house: House, openid: OpenId) -> None:
    ana = await house.email("ana")
    domain = ana.partition("@")[2]
    provider = await add(house, openid, domains=[domain])

    async def comes(subject: str, **claims: Any) -> int:
        openid.person = {"sub": subject, "email": ana} | claims
        async with house.browser() as browser:
            return (await travel(browser, openid, provider)).status_code

    assert await comes("1") == 403  # named, but not trusted
    await change(house, provider, trusted=True)
    assert await comes("2", email_verified=False) == 403
    assert await comes("3", email="oleh@other.example") == 403
    assert await comes("4", email=f"ana@sub.{domain}") == 403
    assert await comes("5", email=f"{ana}@other.example") == 403
    await change(house, provider, domains=["other.example"])
    assert await comes("6") == 403
    await change(house, provider, domains=[domain.upper()])
    assert await comes("7") == 303


ENTRA = "https://login.microsoftonline.com"
OWN = "0a1b2c3d-1111-4222-8333-0123456789ab"
MANYS = [
    f"{ENTRA}/common/v2.0", f"{ENTRA}/organizations/v2.0", f"{ENTRA}/consumers/v2.0", f"{ENTRA}/Common/v2.0",
    f"{ENTRA}/%63ommon/v2.0", f"{ENTRA}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", f"{ENTRA}/v2.0", ENTRA,
    "https://login.microsoftonline.us/common/v2.0", "https://sts.windows.net/", "https://accounts.google.com",
    "https://accounts.google.com./", "https://appleid.apple.com", "https://discord.com", "https://orcid.org",
    "https://auth.atlassian.com", "https://www.amazon.com", "https://login.salesforce.com",
    "https://oauth.telegram.org", "https://firm.okta.com", "https://firm.example.evil.example", "https://afirm.example",
]  # fmt: skip


ONES = [
    f"{ENTRA}/{OWN}/v2.0", f"{ENTRA}/{OWN.upper()}/v2.0", f"https://sts.windows.net/{OWN}/", "https://firm.example",
    "https://id.firm.example/realms/common-room", "https://id.xn--tiri-pxb.example/",
]  # fmt: skip


@pytest.mark.parametrize("issuer", MANYS)
async def test_a_service_of_many_organisations_can_t_be_trusted(house: House, openid: OpenId, issuer: str) -> None:
    with pytest.raises(Refusal) as refused:
        await add(house, openid, issuer=issuer, domains=["firm.example"], trusted=True)
    assert refused.value.fields.keys() == {"trusted"}
    provider = await add(house, openid, issuer=issuer, domains=["firm.example"])
    with pytest.raises(Refusal) as refused:
        await change(house, provider, trusted=True)
    assert refused.value.fields.keys() == {"trusted"}


@pytest.mark.parametrize("issuer", ONES)
async def test_a_service_is_trusted_only_while_domains_are_named(house: House, openid: OpenId, issuer: str) -> None:
    with pytest.raises(Refusal) as refused:
        await add(house, openid, issuer=issuer, trusted=True)
    assert refused.value.fields.keys() == {"domains"}
    provider = await add(house, openid, issuer=issuer, domains=["firm.example", "știri.example"], trusted=True)
    with pytest.raises(Refusal) as refused:
        await change(house, provider, domains=[])
    assert refused.value.fields.keys() == {"domains"}


async def test_an_admin_trusts_a_service_on_the_page(house: House, openid: OpenId) -> None:
    page = "/settings/security"
    service = {
        "name": "Entra",
        "issuer": f"{ENTRA}/common/v2.0",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "password": PASSWORD,
    }
    service |= {"domains": "firm.example, știri.example", "trusted": "true"}
    async with house.browser("admin") as browser:
        refused = await browser.send_form(page, page, command="provider.add", **service)
        assert refused.status_code == 422
        assert "The issuer must contain your own Entra tenant" in refused.text
        service["issuer"] = f"{ENTRA}/{OWN}/v2.0"
        assert (await browser.send_form(page, page, command="provider.add", **service)).status_code == 303
        shown = (await browser.get(page)).text
    assert "firm.example, știri.example · trusted for these domains" in shown
    async with house.scene.database.reading(EVERYWHERE) as tx:
        kept = (await tx.execute(select(Provider.domains, Provider.trusted))).one()
    assert tuple(kept) == (["firm.example", "știri.example"], True)
