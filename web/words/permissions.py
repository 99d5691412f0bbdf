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
        _("See all rooms, open and archive them, and decide who is in them."),
        (
            _("See all rooms, not only one's own"),
            _("Open, change, archive and restore rooms"),
            _("Add people to rooms and take them out"),
            _("Add a department's people to a room"),
            _("Remove tasks of others"),
        ),
    ),
    "clients": Permit(
        _("Clients"),
        _("Manage clients and companies: invite, edit, deactivate."),
        (
            _("Invite and add clients"),
            _("Keep clients without an email, and invite them later"),
            _("Edit, lock, deactivate and reactivate clients"),
            _("Reinvite clients, send them a password reset, remove lost second factors"),
            _("Add, change, archive and remove companies, and assign clients to them"),
            _("Keep companies' contacts and notes, and what they use"),
            _("Set which services the business offers"),
            _("Link a client's record to a team member, together with the staff permission"),
        ),
    ),
    "staff": Permit(
        _("Staff"),
        _("Manage staff, roles, departments and leave, add people to rooms, and read employee cards. Never admins."),
        (
            _("Invite and add staff"),
            _("Edit, lock, deactivate and reactivate staff"),
            _("Reinvite staff, send them a password reset, remove lost second factors"),
            _("Add, change and remove roles, within one's own permissions"),
            _("Read and edit employee cards; each view is recorded"),
            _("Change departments and who is in them"),
            _("Decide on leave requests, record leave, and set kinds, allowances and holidays"),
            _("Add staff and whole departments to any room and remove them, and anyone in one's own rooms"),
            _("Link a client's record to a team member, together with the clients permission"),
        ),
    ),
    "invoicing": Permit(
        _("Invoicing"),
        _("See tasks that are for managers."),
        (_("See tasks that are for managers only, or for managers and clients"),),
    ),
    "tickets": Permit(_("Tickets"), _("Nothing yet: support tickets will come in a later version.")),
    "own_leave": Permit(
        _("Own leave"),
        _("Record one's own leave without a request."),
        (_("Record one's own leave without a request"),),
    ),
    "hours": Permit(_("Hours"), _("Nothing yet: correcting recorded time and reports will come in a later version.")),
}


def opened(commands: Iterable[type[Command]]) -> dict[Permission, list[str]]:
    """These are the commands, by wire name, that each permission opens, or opens more of."""
    by_name = sorted(commands, key=lambda command: command.wire_name)
    return {
        permission: [command.wire_name for command in by_name if opens(permission, command)]
        for permission in PERMISSIONS
    }
