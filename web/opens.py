"""What each permission opens, in words and by the commands behind them. A test holds it to what the verbs ask for."""

from typing import NamedTuple

from people.actors import Permission
from store.errors import _


class Opening(NamedTuple):
    """Something that a permission opens: what is said of it, and the commands that it is."""

    text: str
    commands: tuple[str, ...] = ()


OPENS: dict[Permission, tuple[Opening, ...]] = {
    "projects": (
        Opening(_("See all rooms, not only one's own")),
        Opening(_("Open, change, archive and restore rooms"),
                commands=("room.open", "room.change", "room.archive", "room.restore")),
        Opening(_("Add people to rooms and take them out"), commands=("member.add", "member.remove")),
        Opening(_("Remove tasks and files of others"), commands=("task.remove", "file.remove")),
    ),
    "clients": (
        Opening(_("Invite and add clients"), commands=("person.add", "person.invite")),
        Opening(_("Change clients, lock them, let them go and bring them back"),
                commands=("person.change", "person.lock", "person.unlock", "person.deactivate", "person.reactivate")),
        Opening(_("Send clients an invitation again, withdraw it, or send them a password reset"),
                commands=("invitation.resend", "invitation.withdraw", "invitation_link.make", "reset.send")),
        Opening(_("Link a client's record to somebody of the team, together with the permission for staff"),
                commands=("person.link", "person.unlink")),
    ),
    "staff": (
        Opening(_("Invite and add staff"), commands=("person.add", "person.invite")),
        Opening(_("Change staff, lock them, let them go and bring them back"),
                commands=("person.change", "person.lock", "person.unlock", "person.deactivate", "person.reactivate")),
        Opening(_("Send staff an invitation again, withdraw it, or send them a password reset"),
                commands=("invitation.resend", "invitation.withdraw", "invitation_link.make", "reset.send")),
        Opening(_("Add, change and remove roles, within what one holds oneself"),
                commands=("role.add", "role.change", "role.remove")),
        Opening(_("Add people to rooms and take them out"), commands=("member.add", "member.remove")),
        Opening(_("Link a client's record to somebody of the team, together with the permission for clients"),
                commands=("person.link", "person.unlink")),
    ),
    "invoicing": (Opening(_("See in rooms what is for managers: money and costs")),),
    "tickets": (Opening(_("See and answer all support tickets")),),
    "own_leave": (),
    "hours": (Opening(_("Correct recorded time and see all reports")),),
}  # fmt: skip
