"""A room with one of everything in it, for tests that go through all commands."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from people.signing.sessions import open_session
from processes.processes import stages
from rooms.access import Room
from rooms.files.contents import Content
from rooms.files.files import AddFile, add_file
from store.database import Database
from tests.hub.agencies import Agency, Person, open_agency, open_room


@dataclass
class Scene:
    """An agency whose *Website* room holds things of Ana's, each once for all and once for the team."""

    database: Database
    agency: Agency
    freelancer: Person
    """Of the staff, but not in the room."""
    message: str
    secret: str
    task: str
    secret_task: str
    file: str
    secret_file: str
    spare_person: str
    spare_room: str
    company: str
    department: str
    """Mihai is in it."""
    process: str
    stage: str
    """The second that a room can be at."""
    label: str
    """It stands on the task."""

    @property
    def room(self) -> str:
        return self.agency.room_id

    async def add_file(self, person: Person, name: str) -> str:
        """Add a file for all."""
        return await _add_file(self.database, person, self.room, name, "all")


async def set_scene(database: Database) -> Scene:
    agency = await open_agency(database)
    room = agency.room_id

    async def made(person: Person, name: str, /, **fields: Any) -> str:
        return str((await agency.run(person, name, **fields)).result["id"])

    process, stage = await _second_stage(database, room)
    scene = Scene(
        database=database,
        agency=agency,
        freelancer=await _hire(database, agency),
        message=await made(agency.ana, "message.post", room_id=room, body="Good **morning**"),
        secret=await made(agency.ana, "message.post", room_id=room, body="Between us", audience="team"),
        task=await made(agency.ana, "task.create", room_id=room, title="Homepage copy"),
        secret_task=await made(agency.ana, "task.create", room_id=room, title="Raise the price", audience="team"),
        file=await _add_file(database, agency.ana, room, "plan.txt", "all"),
        secret_file=await _add_file(database, agency.ana, room, "margins.txt", "team"),
        spare_person=await made(
            agency.admin,
            "person.add",
            kind="staff",
            name="Petru",
            email="petru@spare.example",
            password="a long password",
        ),
        spare_room=await open_room(agency, "Packaging", []),
        company=await made(agency.admin, "company.add", name="Nord Bakery"),
        department=await _with_mihai(agency),
        process=process,
        stage=stage,
        label=await made(agency.admin, "label.add", name="Design", color="violet"),
    )
    await agency.run(agency.ana, "task.label", task_id=scene.task, added=[scene.label])
    return scene


async def _with_mihai(agency: Agency) -> str:
    id = str((await agency.run(agency.admin, "department.add", name="Studio")).result["id"])
    await agency.run(agency.admin, "department_member.add", department_id=id, person_id=str(agency.mihai.id))
    return id


async def _second_stage(database: Database, room_id: str) -> tuple[str, str]:
    async with database.reading() as tx:
        room = await tx.get(Room, UUID(room_id))
        assert room
        return str(room.process_id), str((await stages(tx, room.process_id, "room"))[1].id)


async def _hire(database: Database, agency: Agency) -> Person:
    added = await agency.run(
        agency.admin, "person.add", kind="staff", name="Sofia", email="sofia@free.example", password="a long password"
    )
    id = UUID(added.result["id"])
    async with database.transaction() as tx:
        actor, token = await open_session(tx, id, address="127.0.0.1", agent="test")
    return Person(actor, token)


async def _add_file(database: Database, person: Person, room_id: str, name: str, audience: str) -> str:
    async with database.transaction() as tx:
        command = AddFile.model_validate({"room_id": room_id, "name": name, "audience": audience})
        content = Content(digest="0" * 64, size=3, media_type="text/plain")
        form = await add_file(tx, person.actor, command, content, tx.new_id())
    return str(form.id)
