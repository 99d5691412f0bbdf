"""What someone may do in a room, as names of commands: for screens, so that they offer only what will be done.

The verbs decide for themselves; a test holds this to what they decide.
"""

from people.actors import Actor
from people.hands import may_be_done
from rooms.access import SeenRoom
from rooms.enlistments import EnlistDepartment
from rooms.members import AddMember, RemoveMember

_EVERYONE = ("message.post", "message.edit", "message.delete", "file.add", "file.remove")
_TEAM = (
    "task.create", "task.change", "task.complete", "task.reopen", "task.remove",
    "timer.start", "timer.stop", "file.change",
)  # fmt: skip
_MANAGING = ("room.change", "room.archive")
_MEMBERS = (AddMember, RemoveMember, EnlistDepartment)


def rights_in(room: SeenRoom, actor: Actor) -> list[str]:
    """These are the commands that someone may give in a room."""
    manages = actor.may("projects")
    if room.row.archived_at is not None:
        return ["room.restore"] if manages else []
    rights = [*_EVERYONE]
    if actor.of_the_team:
        rights += _TEAM
    if manages:
        rights += _MANAGING
    if manages or actor.may("staff"):
        rights += [command.wire_name for command in _MEMBERS if may_be_done(actor, command)]
    return sorted(rights)
