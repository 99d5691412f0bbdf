"""Acting as somebody, over HTTP: who runs the installation goes over into a session and comes back."""

import pytest
from sqlalchemy import update

from people.journal import Filters, journal
from people.signing.sessions import Session
from store.scopes import EVERYWHERE
from tests.patience import browser_at
from tests.web.houses import PASSWORD, Browser, House, csrf_of

SECRET = "grey heron over water"


async def test_who_runs_it_acts_as_somebody_and_stops(own_house: House) -> None:
    place = "/installation/admins"
    async with own_house.browser("root") as root, own_house.browser("ana") as ana, own_house.browser("admin") as admin:
        wish = {"whom": await own_house.email("ana"), "reason": "short"}
        assert (await root.send_form(place, "/installation/impersonate", **wish)).status_code == 422
        wish["reason"] = "To find the hours of May."
        begun = await root.send_form(place, "/installation/impersonate", **wish)
        assert begun.headers["location"] == "/"
        home = (await root.get("/")).text
        assert "re acting as Ana" in home
        assert (await root.get(place)).status_code == 404, "as Ana they see what she sees"
        change = {"command": "password.change", "old_password": PASSWORD, "new_password": SECRET}
        assert (await root.send_form("/account", "/account", **change)).status_code == 403
        assert wish["reason"] in (await ana.get("/")).text
        assert wish["reason"] in (await admin.get("/")).text
        stopped = await root.send_form("/", "/impersonation/end")
        assert stopped.headers["location"] == place
        assert (await root.get(place)).status_code == 200
        await ana.send_form("/", "/do/impersonations.acknowledge", back="/")
        assert wish["reason"] not in (await ana.get("/")).text
    async with own_house.browser("admin") as other:
        assert (await other.send_form("/", "/installation/impersonate", **wish)).status_code == 404


async def acts_as_ana(house: House, root: Browser) -> str:
    """Go over into a session as Ana; this is its token."""
    wish = {"whom": await house.email("ana"), "reason": "To find the hours of May."}
    await root.send_form("/installation/admins", "/installation/impersonate", **wish)
    return root.cookies["hub_session"]


@pytest.mark.parametrize("by", ["page", "API", "page, when the hour was over"])
async def test_signing_out_while_acting_leaves_nothing_good_and_is_journaled(own_house: House, by: str) -> None:
    async with own_house.browser("root") as root:
        acting = await acts_as_ana(own_house, root)
        if by == "API":
            assert (await root.delete("/api/v1/session")).status_code == 200
        else:
            csrf = csrf_of((await root.get("/")).text)
            if "over" in by:
                async with own_house.scene.database.transaction() as tx:
                    over = update(Session).where(Session.impersonator_id == own_house.root.id)
                    await tx.execute(over.values(expires_at=tx.now))
            out = await root.post("/sign-out", data={"csrf": csrf})
            assert out.headers["location"] == "/sign-in"
        assert not root.cookies, "the browser keeps neither cookie"
        assert (await root.get("/sign-in")).status_code == 200, "nobody comes back by looking at the door"
    for token in (acting, own_house.root.token):
        async with browser_at(own_house.url, headers={"authorization": f"Bearer {token}"}) as thief:
            assert (await thief.get("/api/v1/session")).status_code == 401
    async with own_house.scene.database.reading(EVERYWHERE) as tx:
        noted = [(line.what, line.person) for line in await journal(tx, own_house.root.actor, Filters())]
    assert ("sign_out", "Rita") in noted
    assert ("sign_out", "Ana") not in noted
    assert (("impersonation_ended", "Ana") in noted) is ("over" not in by), "housekeeping ends what ran out"


async def test_who_stops_acting_is_themselves_again_and_what_they_acted_in_is_over(own_house: House) -> None:
    async with own_house.browser("root") as root:
        acting = await acts_as_ana(own_house, root)
        await root.send_form("/", "/impersonation/end")
        assert dict(root.cookies) == {"hub_session": own_house.root.token}
        assert (await root.get("/installation/general")).status_code == 200
    async with browser_at(own_house.url, headers={"authorization": f"Bearer {acting}"}) as thief:
        assert (await thief.get("/api/v1/session")).status_code == 401


async def test_who_comes_in_as_another_leaves_no_session_laid_aside(own_house: House) -> None:
    """Else whoever signs out after them would become who laid it aside."""
    async with own_house.browser("root") as root:
        await acts_as_ana(own_house, root)
        door = {"email": await own_house.email("mihai"), "password": PASSWORD}
        assert (await root.post("/api/v1/session", json=door)).status_code == 200
        assert set(root.cookies) == {"hub_session", "hub_device"}
        await root.send_form("/", "/sign-out")
        assert (await root.get("/")).headers["location"].startswith("/sign-in")
        assert (await root.get("/sign-in")).status_code == 200
