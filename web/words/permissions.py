"""Permissions in words: what each is called, what it is for, and what it opens. Every page says them so. Which commands
those are, each command says itself (``commands.needs``)."""

from collections.abc import Iterable
from typing import NamedTuple

from commands.needs import opens
from people.actors import PERMISSIONS, Permission
from store.commands import Command
from store.errors import _


class Permit(NamedTuple):
    """A permission: its name, what one does with it, and what of that there is."""

    name: str
    text: str
    opens: tuple[str, ...] = ()


PERMITS: dict[Permission, Permit] = {
    "projects": Permit(
        _("Projects"),
        _("See all rooms, open and archive them, decide who is in them."),
        (
            _("See all rooms, not only one's own"),
            _("Open, change, archive and restore rooms"),
            _("Add people to rooms and take them out"),
            _("Bring a department's people into a room"),
            _("Remove tasks of others"),
        ),
    ),
    "clients": Permit(
        _("Clients"),
        _("Look after clients and companies: invite, change, let go."),
        (
            _("Invite and add clients"),
            _("Keep clients without an e-mail, and invite them once they have one"),
            _("Change clients, lock them, let them go and bring them back"),
            _("Invite clients again, send them a password reset, take lost second factors away"),
            _("Add, change, archive and remove companies, and say whose clients are whose"),
            _("Keep companies' contacts and notes, and what they use"),
            _("Say which services the business offers"),
            _("Link a client's record to somebody of the team, together with the permission for staff"),
        ),
    ),
    "staff": Permit(
        _("Staff"),
        _(
            "Look after staff, roles, departments and leave, put people into rooms, and read employees' cards. "
            "Never admins."
        ),
        (
            _("Invite and add staff"),
            _("Change staff, lock them, let them go and bring them back"),
            _("Invite staff again, send them a password reset, take lost second factors away"),
            _("Add, change and remove roles, within what one holds oneself"),
            _("Read and write employees' cards; each reading is journaled"),
            _("Change the tree of departments, and who is in them"),
            _("Decide about leave, record it, and set kinds, allowances and holidays"),
            _("Put staff into any room and take them out, whole departments too, and anybody in one's own rooms"),
            _("Link a client's record to somebody of the team, together with the permission for clients"),
        ),
    ),
    "invoicing": Permit(
        _("Invoicing"),
        _("See the tasks in rooms that are for managers."),
        (_("See the tasks in rooms that are for managers only, or for managers and clients"),),
    ),
    "tickets": Permit(_("Tickets"), _("Nothing yet: support tickets come with a later version.")),
    "own_leave": Permit(
        _("Own leave"),
        _("Set one's own leave without asking for it."),
        (_("Set one's own leave without asking for it"),),
    ),
    "hours": Permit(_("Hours"), _("Nothing yet: correcting recorded time, and reports, come with a later version.")),
}


def opened(commands: Iterable[type[Command]]) -> dict[Permission, list[str]]:
    """These are the commands, by wire name, that each permission opens, or opens more of."""
    by_name = sorted(commands, key=lambda command: command.wire_name)
    return {
        permission: [command.wire_name for command in by_name if opens(permission, command)]
        for permission in PERMISSIONS
    }
