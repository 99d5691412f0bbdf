"""Files in the browser: sent with progress, whole or not at all, shared and taken back before everyone's eyes."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Response, Route, expect

from hub.settings import Settings
from store.database import Database
from tests.databases import as_owner
from tests.hub.agencies import Agency
from tests.hubs import running_hub
from tests.patience import PATIENT_SECONDS
from tests.system.audits import violations
from tests.system.browsers import Windows, heard_by
from tests.system.moves import add_file, choose, file_line

pytestmark = pytest.mark.browser


@pytest.fixture
async def two(windows: Windows, agency: Agency) -> tuple[Page, Page]:
    """Ana's and the client's windows, at the files of the *Website* room."""
    path = f"/rooms/{agency.room_id}/files"
    pages = [await windows.of(person, path) for person in (agency.ana, agency.client)]
    for page in pages:
        await expect(page.get_by_role("button", name="Add files").first).to_be_visible()
    return pages[0], pages[1]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text("First the homepage, then the shop.")
    return path


async def test_a_file_appears_whole_or_not_at_all(two: tuple[Page, Page], plan: Path) -> None:
    ana, client = two
    arrived, may_go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            arrived.set()
            await may_go_on.wait()
        await route.continue_()

    await client.route("**/api/v1/uploads/*", hold)
    await add_file(client, plan)
    async with asyncio.timeout(PATIENT_SECONDS):
        await arrived.wait()
    await expect(client.get_by_role("progressbar", name="plan.txt is being sent")).to_be_visible()
    await expect(file_line(client, "plan.txt")).to_have_count(0)
    await expect(file_line(ana, "plan.txt")).to_have_count(0)
    may_go_on.set()
    for page in two:
        await expect(file_line(page, "plan.txt")).to_be_visible()
    await expect(client.get_by_role("progressbar")).to_have_count(0)


async def test_a_picture_is_seen_before_it_is_opened(two: tuple[Page, Page], tmp_path: Path) -> None:
    ana, client = two
    picture = tmp_path / "logo.png"
    Image.new("RGB", (640, 480), "#0f766e").save(picture)
    await ana.get_by_label("Who sees new files").select_option("all")
    await add_file(ana, picture)
    for page in (ana, client):
        preview = file_line(page, "logo.png").locator("img")
        await expect(preview).to_have_js_property("complete", True)
        assert await preview.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0


async def test_sharing_shows_a_file_to_the_client_and_taking_it_back_hides_it(
    two: tuple[Page, Page], plan: Path
) -> None:
    ana, client = two
    frames = heard_by(client)
    await client.reload()
    await expect(client.get_by_role("button", name="Add files").first).to_be_visible()
    await expect(ana.get_by_label("Who sees new files")).to_have_value("team")  # until someone says otherwise
    await add_file(ana, plan)
    await expect(file_line(ana, "plan.txt")).to_contain_text("Team only")
    await ana.get_by_role("button", name="Share with Clara").click()
    await expect(file_line(client, "plan.txt")).to_be_visible()
    link = file_line(client, "plan.txt").locator(".file-name")
    address = await link.get_attribute("href")
    assert address
    assert (await client.request.get(address)).status == 200
    shared = len(frames)
    assert sum("plan.txt" in frame for frame in frames) == 1

    await choose(ana, "What to do with plan.txt", "Make team only")
    await expect(file_line(client, "plan.txt")).to_have_count(0)
    assert (await client.request.get(address)).status == 404
    assert not any("plan.txt" in frame for frame in frames[shared:])
    await client.reload()
    await expect(client.get_by_role("button", name="Add files").first).to_be_visible()
    assert "plan.txt" not in await client.content()


async def test_a_removed_file_goes_from_every_screen(two: tuple[Page, Page], plan: Path) -> None:
    ana, client = two
    await add_file(client, plan)
    await expect(file_line(ana, "plan.txt")).to_be_visible()
    await choose(client, "What to do with plan.txt", "Remove for everyone")
    await client.get_by_role("dialog").get_by_role("button", name="Remove").click()
    for page in two:
        await expect(file_line(page, "plan.txt")).to_have_count(0)


async def test_a_file_without_room_says_whom_to_ask_and_is_not_sent_again(
    two: tuple[Page, Page], plan: Path, agency: Agency, database: Database
) -> None:
    ana, client = two
    begun: list[str] = []
    ana.on("request", lambda sent: begun.append(sent.url) if sent.method == "POST" and "/uploads" in sent.url else None)
    full = "insert into quotas (business_id, used_bytes, own_gb) values ('{}', 1000000000, 1)"
    await as_owner(database.url, full.format(agency.ana.actor.business_id))
    await add_file(ana, plan)
    line = ana.locator("room-uploads .upload", has_text="plan.txt")
    await expect(line).to_contain_text("0 B of its 1 GB")
    await expect(line).to_contain_text("Please ask an admin for more: Irina.")
    await expect(line.locator(".upload-name")).to_be_visible()  # not squeezed away by the reason
    await expect(line.get_by_role("progressbar")).to_have_count(0)
    await expect(line.get_by_role("button")).to_have_count(1)  # nothing but to forget it
    assert len(begun) == 1
    await add_file(client, plan)
    await expect(client.locator("room-uploads .upload")).to_contain_text("Please tell the people you work with.")
    assert await violations(ana) == []

    await as_owner(database.url, "update quotas set own_gb = 2")
    await line.get_by_role("button", name="Cancel upload").click()
    await add_file(ana, plan)
    await expect(file_line(ana, "plan.txt")).to_be_visible()


async def test_many_files_at_once_all_arrive_by_themselves(
    browser: Browser, settings: Settings, agency: Agency, tmp_path: Path
) -> None:
    """The hub takes two at a time; the browser, told to wait, waits and goes on."""
    paths = [tmp_path / f"plan-{nr}.txt" for nr in range(6)]
    for path in paths:
        path.write_text("First the homepage, then the shop.")
    narrow = settings.model_copy(update={"limit_uploads_at_once": 2})
    told_to_wait = asyncio.Event()

    def note(got: Response) -> None:
        if got.url.endswith("/api/v1/uploads"):
            answers.append(got.status)
            if got.status == 429:
                told_to_wait.set()

    async def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            await told_to_wait.wait()
        await route.continue_()

    async with running_hub(narrow) as url:
        windows = Windows(browser, url)
        ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}/files")
        await expect(ana.get_by_role("button", name="Add files").first).to_be_visible()
        answers: list[int] = []
        ana.on("response", note)
        await ana.route("**/api/v1/uploads/*", hold)
        await ana.locator("room-files input[type=file]").set_input_files(paths)
        await expect(ana.locator("room-uploads .upload", has_text="Queued").first).to_be_visible()
        assert await violations(ana) == []
        for path in paths:
            await expect(file_line(ana, path.name)).to_be_visible()
        await expect(ana.locator("room-uploads .upload")).to_have_count(0)
        assert sorted(set(answers)) == [201, 429], "it was asked to wait"
        assert answers.count(201) == len(paths)
        await windows.close()
        assert not windows.faults


async def test_what_waits_its_turn_can_be_stopped_and_no_more_than_four_are_sent_at_a_time(
    two: tuple[Page, Page], tmp_path: Path
) -> None:
    ana, _client = two
    paths = [tmp_path / f"plan-{nr}.txt" for nr in range(6)]
    for path in paths:
        path.write_text("First the homepage, then the shop.")
    may_go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method == "PATCH":
            await may_go_on.wait()
        await route.continue_()

    await ana.route("**/api/v1/uploads/*", hold)
    await ana.locator("room-files input[type=file]").set_input_files(paths)
    lines = ana.locator("room-uploads .upload")
    await expect(lines.filter(has_text="Queued")).to_have_count(2)
    await expect(ana.get_by_role("button", name="Pause")).to_have_count(4)
    await lines.filter(has_text="plan-4.txt").get_by_role("button", name="Cancel upload").click()
    await lines.filter(has_text="plan-0.txt").get_by_role("button", name="Pause").click()
    await expect(lines.filter(has_text="Queued")).to_have_count(0)
    await lines.filter(has_text="plan-0.txt").get_by_role("button", name="Go on").click()
    await expect(lines.filter(has_text="plan-0.txt")).to_contain_text("Queued")
    may_go_on.set()
    for nr in (0, 1, 2, 3, 5):
        await expect(file_line(ana, f"plan-{nr}.txt")).to_be_visible()
    await expect(lines).to_have_count(0)
    await expect(file_line(ana, "plan-4.txt")).to_have_count(0)
