"""Files in rooms: for whom they are meant, and the tasks and messages that they hang on."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.files.attachments import shared_by
from rooms.files.files import ChangeFile, change_file, visible_file
from rooms.lenses import AUDIENCES
from rooms.tasks.tasks import ChangeTask, CreateTask, RemoveTask, change_task, create_task, remove_task
from rooms.wall.messages import PostMessage, post_message
from store.errors import Forbidden, Invalid, NotFound
from tests.rooms.files.drops import begin, do, drop, files_of, log_of, send, told_rightly
from tests.rooms.offices import Office


async def test_what_a_client_uploads_is_for_all(office: Office) -> None:
    assert (await drop(office, office.client, audience=None)).audience == "all"
    with pytest.raises(Invalid):
        await drop(office, office.client, audience="team")


async def test_what_the_team_uploads_is_the_teams_until_it_says_otherwise(office: Office) -> None:
    assert (await drop(office, office.ana, audience=None)).audience == "team"
    assert (await drop(office, office.ana, audience="all")).audience == "all"


async def test_a_teams_file_is_not_there_for_the_client(office: Office) -> None:
    async with told_rightly(office):
        file = await drop(office, office.ana, audience="team")

    assert file.id in await files_of(office, office.mihai)
    assert await files_of(office, office.client) == {}
    assert "plan.txt" not in str(await log_of(office, office.client))
    async with office.database.reading() as tx:
        await visible_file(tx, office.mihai.actor, file.id)
        with pytest.raises(NotFound):
            await visible_file(tx, office.client.actor, file.id)


async def test_a_file_of_another_business_is_not_there(office: Office) -> None:
    file = await drop(office, office.ana)

    async with office.database.reading() as tx:
        await visible_file(tx, office.client.actor, file.id)
        with pytest.raises(NotFound):
            await visible_file(tx, office.outsider.actor, file.id)


async def test_sharing_tells_the_client_the_whole_file(office: Office) -> None:
    file = await drop(office, office.ana, audience="team")

    async with told_rightly(office):
        shared = await do(office, change_file, office.mihai, ChangeFile(file_id=file.id, audience="all"))

    assert (await files_of(office, office.client))[file.id] == shared
    told = (await log_of(office, office.client))[-1]
    assert (told["name"], told["changed"], told["file"]["name"]) == ("file.changed", ["audience"], "plan.txt")


async def test_what_is_taken_back_leaves_no_trace_with_the_client(office: Office) -> None:
    file = await drop(office, office.ana, audience="team")
    await do(office, change_file, office.ana, ChangeFile(file_id=file.id, audience="all"))
    await do(office, change_file, office.ana, ChangeFile(file_id=file.id, name="budget.txt"))
    assert "budget.txt" in str(await log_of(office, office.client))

    async with told_rightly(office):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, audience="team"))

    seen = await log_of(office, office.client)
    assert "plan.txt" not in str(seen)
    assert "budget.txt" not in str(seen)
    assert seen[-1]["name"] == "file.withdrawn"
    assert seen[-1]["file"] == {"id": str(file.id), "gone": True}
    assert await files_of(office, office.client) == {}
    assert "budget.txt" in str(await log_of(office, office.mihai))


async def test_a_file_may_be_shared_and_taken_back_again_and_again(office: Office) -> None:
    file = await drop(office, office.ana, audience="team")

    for audience in ("all", "team", "all", "team", "all"):
        async with told_rightly(office):
            await do(
                office, change_file, office.ana, ChangeFile.model_validate({"file_id": file.id, "audience": audience})
            )

    assert file.id in await files_of(office, office.client)


async def test_a_client_changes_no_file(office: Office) -> None:
    file = await drop(office, office.client)

    with pytest.raises(Forbidden):
        await do(office, change_file, office.client, ChangeFile(file_id=file.id, name="other.txt"))
    await do(office, change_file, office.mihai, ChangeFile(file_id=file.id, name="other.txt"))


async def test_a_file_renamed_keeps_to_plain_names(office: Office) -> None:
    file = await drop(office, office.ana)

    async with told_rightly(office):
        changed = await do(office, change_file, office.ana, ChangeFile(file_id=file.id, name="../../Ofertă.pdf "))

    assert changed.name == "Ofertă.pdf"


async def test_changing_nothing_tells_nothing(office: Office) -> None:
    file = await drop(office, office.ana)
    before = len(await log_of(office, office.ana))

    await do(office, change_file, office.ana, ChangeFile(file_id=file.id, name="plan.txt", audience="all"))

    assert len(await log_of(office, office.ana)) == before


async def task(office: Office, audience: str) -> UUID:
    command = CreateTask.model_validate({"room_id": office.room_id, "title": "Draw it", "audience": audience})
    id: UUID = (await do(office, create_task, office.ana, command)).id
    return id


async def test_a_file_on_the_teams_task_is_the_teams(office: Office) -> None:
    async with told_rightly(office):
        file = await drop(office, office.ana, task_id=await task(office, "team"), audience=None)

    assert file.audience == "team"
    with pytest.raises(Invalid):
        await drop(office, office.ana, task_id=file.task_id, audience="all")
    with pytest.raises(Invalid):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, audience="all"))
    with pytest.raises(NotFound):
        await drop(office, office.client, task_id=file.task_id)


async def test_a_file_follows_its_task_out_of_the_clients_sight(office: Office) -> None:
    task_id = await task(office, "all")
    file = await drop(office, office.ana, task_id=task_id)
    assert file.id in await files_of(office, office.client)

    async with told_rightly(office):
        await do(office, change_task, office.ana, ChangeTask(task_id=task_id, audience="team"))

    assert await files_of(office, office.client) == {}
    assert "plan.txt" not in str(await log_of(office, office.client))


async def test_a_file_outlives_its_task(office: Office) -> None:
    task_id = await task(office, "all")
    file = await drop(office, office.ana, task_id=task_id)

    async with told_rightly(office):
        await do(office, remove_task, office.ana, RemoveTask(task_id=task_id))

    assert (await files_of(office, office.client))[file.id].task_id is None


async def test_a_file_is_hung_on_a_task_and_taken_down(office: Office) -> None:
    file = await drop(office, office.ana)
    task_id = await task(office, "all")

    async with told_rightly(office):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, task_id=task_id))
    assert (await files_of(office, office.client))[file.id].task_id == task_id
    async with told_rightly(office):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, task_id=None))
    assert (await files_of(office, office.client))[file.id].task_id is None

    elsewhere = await office.open_room("Internal", office.ana)
    foreign = await do(office, create_task, office.ana, CreateTask(room_id=elsewhere, title="Elsewhere"))
    with pytest.raises(NotFound):
        await do(office, change_file, office.ana, ChangeFile(file_id=file.id, task_id=foreign.id))


async def test_a_message_carries_files_that_its_readers_see(office: Office) -> None:
    shared = await drop(office, office.ana)
    ours = await drop(office, office.ana, audience="team")

    def message(*ids: UUID, audience: str = "all") -> PostMessage:
        fields = {"room_id": office.room_id, "attachments": ids, "audience": audience}
        return PostMessage.model_validate(fields)

    posted = await do(office, post_message, office.ana, message(shared.id))
    assert posted.attachments == [shared.id]
    await do(office, post_message, office.ana, message(shared.id, ours.id, audience="team"))
    with pytest.raises(Invalid):
        await do(office, post_message, office.ana, message(shared.id, ours.id))
    with pytest.raises(Invalid):
        await do(office, post_message, office.client, message(ours.id))
    with pytest.raises(Invalid):
        await do(office, post_message, office.ana, message(uuid4()))


async def test_a_message_carries_no_file_of_another_room(office: Office) -> None:
    elsewhere = await office.open_room("Internal", office.ana)
    upload = await begin(office, office.ana, 1, room_id=elsewhere, audience="all")
    await send(office, office.ana, upload, 0, b"1")

    with pytest.raises(Invalid):
        await do(office, post_message, office.ana, PostMessage(room_id=office.room_id, attachments=[upload.id]))
    await do(office, post_message, office.ana, PostMessage(room_id=elsewhere, attachments=[upload.id]))


@given(st.sampled_from(list(AUDIENCES)), st.sampled_from(list(AUDIENCES)))
def test_what_two_audiences_share_is_an_audience(one: str, other: str) -> None:
    assert AUDIENCES[shared_by(one, other)] == AUDIENCES[one] & AUDIENCES[other]  # type: ignore[index]
