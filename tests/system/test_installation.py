"""The installation in a browser: by keyboard, in the dark and on a phone, and live for a second superadmin."""

import asyncio

import pytest
from playwright.async_api import expect

from hub.settings import Settings
from people.persons.superadmins import add_superadmin
from people.signing.sessions import open_session
from tests.hub.agencies import Person
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS
from tests.system.audits import OF_COLOUR, violations, wider_than_the_window
from tests.system.browsers import Windows
from tests.system.moves import composer
from tests.web.houses import House

pytestmark = pytest.mark.browser

PLACES = ("/", "/installation/general", "/installation/businesses", "/installation/admins", "/installation/updates")
VOCABULARY = "/installation/vocabulary?language=uk&q=Home"


async def second_superadmin(house: House) -> Person:
    async with house.scene.database.transaction() as tx:
        id = await add_superadmin(tx, "Radu", "radu@root.example", "another long enough one")
        return Person(*await open_session(tx, id, address="127.0.0.1", agent="test"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_are_for_everyone(windows: Windows, house: House, scheme: str) -> None:
    page = await windows.of(house.root, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    admin = f"/installation/admins/{house.person('admin').id}"
    rules = OF_COLOUR if scheme == "dark" else ()
    for path in (*PLACES, VOCABULARY, admin):
        await page.goto(path)
        assert await violations(page, *rules) == [], path
        assert await wider_than_the_window(page) == [], path


async def test_a_quota_is_set_by_keyboard_and_seen_by_the_other_superadmin(windows: Windows, house: House) -> None:
    other = await windows.of(await second_superadmin(house), "/installation/businesses")
    root = await windows.of(house.root, "/installation/businesses")
    await root.get_by_label("Storage of Atelier").focus()
    await root.keyboard.press("Enter")
    await root.keyboard.press("Tab")
    await root.keyboard.type("7")
    assert await violations(root) == []
    await root.keyboard.press("Enter")
    for page in (root, other):
        await expect(page.locator("li[data-name='Atelier'] .usage")).to_contain_text("of 7 GB")
    admin = await windows.of(house.person("admin"), "/settings/business", viewport={"width": 390, "height": 844})
    storage = admin.get_by_role("region", name="Storage")
    await expect(storage).to_contain_text("of 7 GB")
    await root.get_by_label("Storage of Atelier").click()
    await root.get_by_label("Storage in GB").first.fill("8")
    await root.keyboard.press("Enter")
    await expect(storage).to_contain_text("of 8 GB")
    assert await violations(admin) == []
    assert await wider_than_the_window(admin) == []


async def test_registering_is_for_everyone(windows: Windows, house: House) -> None:
    root = await windows.of(house.root, "/installation/general")
    await root.get_by_label("Who can register a business").select_option("true")
    await root.get_by_role("button", name="Save").click()
    stranger = await windows.of(None, "/sign-in", viewport={"width": 390, "height": 844})
    await stranger.get_by_role("link", name="Register a business").click()
    assert await violations(stranger) == []
    assert await wider_than_the_window(stranger) == []


async def test_a_move_by_keyboard_is_seen_by_the_other_superadmin(windows: Windows, house: House) -> None:
    other = await windows.of(await second_superadmin(house), "/installation/businesses")
    root = await windows.of(house.root, "/installation/businesses")
    await root.get_by_label("Move Atelier").focus()
    await root.keyboard.press("Enter")
    await root.keyboard.press("Tab")
    await root.keyboard.type("Other")
    await root.keyboard.press("Tab")
    await root.keyboard.press("Enter")
    await expect(root.get_by_text("The business was moved.")).to_be_visible()
    await expect(other.locator("li[data-depth='1'][data-name='Atelier']")).to_be_visible()


async def test_a_business_is_dragged(windows: Windows, house: House) -> None:
    root = await windows.of(house.root, "/installation/businesses")
    line = root.locator("li[data-name='Atelier']")
    await expect(line).to_have_attribute("draggable", "true")
    await line.locator("b").drag_to(root.locator("li[data-name='Other']").locator("b"))
    await expect(root.locator("li[data-depth='1'][data-name='Atelier']")).to_be_visible()


async def test_cc12_a_word_changed_on_one_hub_is_seen_on_another(
    windows: Windows, house: House, settings: Settings
) -> None:
    """In Ukrainian, by somebody whose page stands on another node; each hub is a process of its own."""
    admin = house.person("admin")
    await house.scene.agency.run(admin, "account.change", language="uk")
    assert settings.database_url
    assert settings.redis_url
    folder = settings.data_dir.parent / "second" / "data"
    folder.parent.mkdir()
    engines = {"HUB_DATABASE_URL": settings.database_url, "HUB_REDIS_URL": settings.redis_url}
    engines["HUB_CIPHER_KEY"] = settings.encryption_key.decode()
    async with HubProcess(folder, **engines) as second:
        other = Windows(windows._browser, second.url)  # the same browser, on the other node
        page = await other.of(admin, "/")
        await expect(page.get_by_role("navigation").get_by_role("link", name="Домівка")).to_have_count(0)
        root = await windows.of(house.root, VOCABULARY)
        box = root.get_by_label("Translation of: Home", exact=True)
        await box.fill("Домівка")
        await root.get_by_role("button", name="Save: Home", exact=True).click()
        await expect(root.get_by_text("It's used from now on")).to_be_visible()
        await expect(box).to_have_value("Домівка")
        async with asyncio.timeout(PATIENT_SECONDS):
            while not await page.get_by_role("link", name="Домівка").count():
                await page.reload()
        await other.close()


async def test_acting_as_somebody_says_so_on_every_page(windows: Windows, house: House) -> None:
    ana = await windows.of(house.person("ana"), "/")
    root = await windows.of(house.root, "/installation/admins")
    await root.get_by_label("Their email").fill(await house.email("ana"))
    await root.get_by_label("The reason").fill("To find the hours of May")
    await root.get_by_role("button", name="Act as this person").click()
    await expect(ana.get_by_text("is now acting as you")).to_be_visible()
    for path in ("/", "/rooms", "/account", f"/rooms/{house.room}"):
        await root.goto(path)
        await expect(root.get_by_text("re acting as Ana")).to_be_visible()
    assert await violations(root) == []
    for width, height in ((1440, 900), (390, 844)):  # what is said above leaves the room its whole height
        await root.set_viewport_size({"width": width, "height": height})
        await root.goto(f"/rooms/{house.room}/wall")
        await expect(composer(root)).to_be_in_viewport(ratio=1)
        assert await root.evaluate("document.documentElement.scrollHeight <= innerHeight"), width
    await root.get_by_role("button", name="Stop", exact=True).click()
    await expect(root).to_have_url(f"{windows.url}/installation/admins")


async def test_the_group_is_for_everyone(windows: Windows, house: House) -> None:
    child, parent = (str(house.person(who).actor.business_id) for who in ("admin", "outsider"))
    await house.scene.agency.commands.run(
        house.root.actor, "business.move", {"business_id": child, "parent_id": parent}
    )
    boss = await windows.of(house.person("outsider"), "/group", viewport={"width": 390, "height": 844})
    assert await violations(boss) == []
    assert await wider_than_the_window(boss) == []
    await boss.get_by_role("button", name="Work there: Atelier").focus()
    await boss.keyboard.press("Enter")
    await expect(boss.get_by_text("re working in Atelier")).to_be_visible()
    assert await violations(boss) == []
    await boss.get_by_role("button", name="Back to your business").click()
    await expect(boss.get_by_text("re working in Atelier")).to_have_count(0)
