"""Every command on a room, once as it is done and with those to whom it is refused.

Whoever adds a command adds its line here: two tests fail until then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.hub.agencies import Person
from tests.people.permits import permit
from tests.rooms.scenes import Scene

Fields = Callable[[Scene], dict[str, Any]]
Before = Callable[[Scene], Awaitable[Any]]


async def nothing(scene: Scene) -> None:
    """Nothing has to happen before."""


@dataclass(frozen=True)
class Case:
    """One way to give a command: who does, with what, what has to happen before, and to whom the verb refuses it with
    which code, though they hold what it needs. Those who don't are asked for in ``tests/rights``."""

    name: str
    fields: Fields
    by: str = "ana"
    before: Before = nothing
    refused: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.note}".strip()


def person(scene: Scene, name: str) -> Person:
    found: Person = scene.freelancer if name == "freelancer" else getattr(scene.agency, name)
    return found


def starting(**fields: Any) -> Before:
    """Ana has a timer running."""

    async def before(scene: Scene) -> None:
        await scene.agency.run(scene.agency.ana, "timer.start", room_id=scene.room, **fields)

    return before


async def starting_on_the_task(scene: Scene) -> None:
    await scene.agency.run(scene.agency.ana, "timer.start", room_id=scene.room, task_id=scene.task)


async def done_before(scene: Scene) -> None:
    await scene.agency.run(scene.agency.ana, "task.complete", task_id=scene.task)


async def staffing(scene: Scene) -> None:
    """Sofia manages staff."""
    scene.freelancer = await permit(scene.database, scene.freelancer, "staff")


async def for_the_company(scene: Scene) -> None:
    await scene.agency.run(scene.agency.admin, "room.change", room_id=scene.room, company_id=scene.company)


async def mentioned_before(scene: Scene) -> None:
    await scene.agency.post(scene.agency.mihai, f"@[{scene.agency.ana.id}] look")


async def archived_before(scene: Scene) -> None:
    await scene.agency.run(scene.agency.admin, "room.archive", room_id=scene.room)


async def reacted_before(scene: Scene) -> None:
    await scene.agency.run(scene.agency.ana, "reaction.add", message_id=scene.message, emoji="👍")


async def reacted_to_both(scene: Scene) -> None:
    for message in (scene.message, scene.secret):
        for emoji in ("👍", "🎉"):
            await scene.agency.run(scene.agency.ana, "reaction.add", message_id=message, emoji=emoji)
    await scene.agency.run(scene.agency.mihai, "reaction.add", message_id=scene.secret, emoji="🎉")


async def pinned_before(scene: Scene) -> None:
    for message in (scene.message, scene.secret):
        await scene.agency.run(scene.agency.ana, "pin.add", message_id=message)


def edited_and_deleted(before: Before, note: str) -> tuple[Case, Case]:
    """A message is, on which something stands already."""
    return (
        Case("message.edit", lambda s: {"message_id": s.message, "body": "Good evening"}, before=before, note=note),
        Case("message.delete", lambda s: {"message_id": s.message}, before=before, note=note),
    )


ELSEWHERE = {"outsider": "not_found"}
NOT_THEIRS = {**ELSEWHERE, "freelancer": "not_found"}
UNSEEN_BY_CLIENT = {**NOT_THEIRS, "client": "not_found"}


CASES = [
    Case("room.change", lambda s: {"room_id": s.room, "title": "Web"}, "admin", refused=ELSEWHERE),
    Case("room.change", lambda s: {"room_id": s.room, "company_id": s.company}, "admin", note="gives it a company"),
    Case("room.archive", lambda s: {"room_id": s.room}, "admin", refused=ELSEWHERE),
    Case("room.archive", lambda s: {"room_id": s.room}, "admin", starting(), note="with a timer running"),
    Case("room.restore", lambda s: {"room_id": s.room}, "admin", archived_before, refused=ELSEWHERE),
    Case(
        "member.add",
        lambda s: {"room_id": s.room, "person_id": s.spare_person},
        "admin",
        refused=ELSEWHERE,
    ),
    Case(
        "member.add",
        lambda s: {"room_id": s.room, "person_id": s.spare_person},
        "freelancer",
        staffing,
        refused=ELSEWHERE,
        note="by who manages staff",
    ),
    Case(
        "member.remove",
        lambda s: {"room_id": s.room, "person_id": str(s.agency.mihai.id)},
        "admin",
        refused=ELSEWHERE,
    ),
    Case(
        "member.remove",
        lambda s: {"room_id": s.room, "person_id": str(s.agency.mihai.id)},
        "freelancer",
        staffing,
        refused=ELSEWHERE,
        note="by who manages staff",
    ),
    Case(
        "member.remove",
        lambda s: {"room_id": s.room, "person_id": str(s.agency.ana.id)},
        "admin",
        starting(),
        note="with a timer running",
    ),
    Case(
        "member.remove",
        lambda s: {"room_id": s.room, "person_id": str(s.agency.ana.id)},
        "admin",
        mentioned_before,
        note="who was mentioned",
    ),
    Case("message.post", lambda s: {"room_id": s.room, "body": "Hello"}, refused=NOT_THEIRS),
    Case("message.post", lambda s: {"room_id": s.room, "body": "Hello"}, "client", note="by the client"),
    Case("message.post", lambda s: {"room_id": s.room, "body": "Hello"}, "admin", note="by an admin, who joins"),
    Case(
        "message.post",
        lambda s: {"room_id": s.room, "body": "Between us", "audience": "team"},
        refused={**NOT_THEIRS, "client": "invalid"},
        note="for the team",
    ),
    Case(
        "message.post",
        lambda s: {"room_id": s.room, "body": "", "attachments": [s.file]},
        refused=NOT_THEIRS,
        note="with a file",
    ),
    Case(
        "message.post",
        lambda s: {"room_id": s.room, "body": "@Ana, look"},
        "mihai",
        refused=NOT_THEIRS,
        note="that mentions somebody",
    ),
    Case(
        "message.post",
        lambda s: {"room_id": s.room, "body": f"@[{s.department}] look"},
        refused={**NOT_THEIRS, "client": "invalid"},
        note="that mentions a department",
    ),
    Case(
        "message.edit", lambda s: {"message_id": s.message, "body": "Good morning @Mihai"}, note="mentioning somebody"
    ),
    Case("mentions.see", lambda s: {"room_id": s.room}, "ana", mentioned_before, refused=NOT_THEIRS),
    Case(
        "message.edit",
        lambda s: {"message_id": s.message, "body": "Good evening"},
        refused={**NOT_THEIRS, "client": "forbidden", "mihai": "forbidden", "admin": "forbidden"},
    ),
    Case(
        "message.edit",
        lambda s: {"message_id": s.secret, "body": "Still between us"},
        refused={**UNSEEN_BY_CLIENT, "mihai": "forbidden"},
        note="for the team",
    ),
    Case(
        "message.delete",
        lambda s: {"message_id": s.message},
        refused={**NOT_THEIRS, "client": "forbidden", "mihai": "forbidden"},
    ),
    Case("message.delete", lambda s: {"message_id": s.secret}, "admin", refused=UNSEEN_BY_CLIENT, note="for the team"),
    Case("reaction.add", lambda s: {"message_id": s.message, "emoji": "🎉"}, "client", refused=NOT_THEIRS),
    Case(
        "reaction.add",
        lambda s: {"message_id": s.message, "emoji": "👍"},
        "admin",
        reacted_before,
        note="after another",
    ),
    Case(
        "reaction.add",
        lambda s: {"message_id": s.secret, "emoji": "👀"},
        "mihai",
        refused=UNSEEN_BY_CLIENT,
        note="for the team",
    ),
    Case(
        "reaction.remove", lambda s: {"message_id": s.message, "emoji": "👍"}, "ana", reacted_before, refused=NOT_THEIRS
    ),
    Case(
        "reaction.remove",
        lambda s: {"message_id": s.secret, "emoji": "🎉"},
        "mihai",
        reacted_to_both,
        refused=UNSEEN_BY_CLIENT,
        note="for the team, as another gave it too",
    ),
    *edited_and_deleted(reacted_to_both, "that was reacted to"),
    Case(
        "message.delete",
        lambda s: {"message_id": s.secret},
        before=reacted_to_both,
        refused=UNSEEN_BY_CLIENT,
        note="for the team, that was reacted to",
    ),
    Case("pin.add", lambda s: {"message_id": s.message}, refused=NOT_THEIRS),
    Case("pin.add", lambda s: {"message_id": s.message}, "admin", note="by an admin, who joins"),
    Case("pin.add", lambda s: {"message_id": s.secret}, "mihai", refused=NOT_THEIRS, note="for the team"),
    Case("pin.remove", lambda s: {"message_id": s.message}, "mihai", pinned_before, refused=NOT_THEIRS),
    Case(
        "pin.remove",
        lambda s: {"message_id": s.secret},
        before=pinned_before,
        refused=NOT_THEIRS,
        note="for the team",
    ),
    *edited_and_deleted(pinned_before, "that is pinned"),
    Case("label.add", lambda s: {"name": "Copy", "color": "teal"}, "admin"),
    Case("label.change", lambda s: {"label_id": s.label, "name": "Layout"}, "admin", refused=ELSEWHERE),
    Case("label.remove", lambda s: {"label_id": s.label}, "admin", refused=ELSEWHERE),
    Case("task.label", lambda s: {"task_id": s.task, "removed": [s.label]}, refused=NOT_THEIRS),
    Case(
        "task.label",
        lambda s: {"task_id": s.secret_task, "added": [s.label]},
        "mihai",
        refused=NOT_THEIRS,
        note="for the team",
    ),
    Case("task.create", lambda s: {"room_id": s.room, "title": "Sitemap"}, refused=NOT_THEIRS),
    Case("task.create", lambda s: {"room_id": s.room, "title": "Costs", "audience": "team"}, note="for the team"),
    Case("task.change", lambda s: {"task_id": s.task, "title": "Copy", "due_on": "2030-01-31"}, refused=NOT_THEIRS),
    Case(
        "task.change",
        lambda s: {"task_id": s.secret_task, "assignee_id": str(s.agency.mihai.id)},
        refused=NOT_THEIRS,
        note="for the team",
    ),
    Case(
        "task.change",
        lambda s: {"task_id": s.task, "audience": "team"},
        before=starting_on_the_task,
        note="taken back from the client, with its time",
    ),
    Case("task.change", lambda s: {"task_id": s.secret_task, "audience": "all"}, note="shared with the client"),
    Case("task.complete", lambda s: {"task_id": s.task}, refused=NOT_THEIRS),
    Case("task.complete", lambda s: {"task_id": s.task}, before=starting_on_the_task, note="with a timer on it"),
    Case("task.reopen", lambda s: {"task_id": s.task}, before=done_before, refused=NOT_THEIRS),
    Case(
        "task.remove",
        lambda s: {"task_id": s.task},
        refused={**NOT_THEIRS, "mihai": "forbidden"},
    ),
    Case("task.remove", lambda s: {"task_id": s.secret_task}, "admin", refused=NOT_THEIRS, note="for the team"),
    Case("timer.start", lambda s: {"room_id": s.room, "note": "Planning"}, refused=NOT_THEIRS),
    Case(
        "timer.start",
        lambda s: {"room_id": s.room, "task_id": s.task},
        before=starting(),
        refused=NOT_THEIRS,
        note="switching to a task",
    ),
    Case("timer.start", lambda s: {"room_id": s.room, "task_id": s.secret_task}, note="on a task for the team"),
    Case(
        "timer.stop",
        lambda s: {},
        before=starting(),
        refused={"mihai": "no_timer", "outsider": "no_timer"},
    ),
    Case("file.change", lambda s: {"file_id": s.file, "name": "plan-2.txt"}, refused=NOT_THEIRS),
    Case("file.change", lambda s: {"file_id": s.secret_file, "audience": "all"}, refused=NOT_THEIRS, note="shared"),
    Case("file.change", lambda s: {"file_id": s.file, "audience": "team"}, refused=NOT_THEIRS, note="taken back"),
    Case(
        "file.remove",
        lambda s: {"file_id": s.file},
        refused={**NOT_THEIRS, "client": "forbidden", "mihai": "forbidden"},
    ),
    Case("file.remove", lambda s: {"file_id": s.secret_file}, "admin", refused=UNSEEN_BY_CLIENT, note="for the team"),
    Case("process.change", lambda s: {"process_id": s.process, "name": "Campaigns"}, "admin", refused=ELSEWHERE),
    Case("stage.add", lambda s: {"process_id": s.process, "name": "Briefed"}, "admin", refused=ELSEWHERE),
    Case("stage.change", lambda s: {"stage_id": s.stage, "name": "Being made"}, "admin", refused=ELSEWHERE),
    Case("stage.move", lambda s: {"stage_id": s.stage, "position": 0}, "admin", refused=ELSEWHERE),
    Case("stage.remove", lambda s: {"stage_id": s.stage}, "admin", refused=ELSEWHERE),
    Case(
        "company.change",
        lambda s: {"company_id": s.company, "name": "Nord"},
        "admin",
        for_the_company,
        refused=ELSEWHERE,
    ),
    Case("account.change", lambda s: {"name": "Ana Maria"}),
]
