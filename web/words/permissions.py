"""Permissions in words: what each is called, what it is for, and what it opens, with the commands behind that. Every
page says them so; a test holds them to what the verbs ask for."""

from typing import NamedTuple

from people.actors import Permission
from store.errors import _


class Opening(NamedTuple):
    """Something that a permission opens: what is said of it, and the commands that it is."""

    text: str
    commands: tuple[str, ...] = ()


class Permit(NamedTuple):
    """A permission: its name, what one does with it, and what of that there is."""

    name: str
    text: str
    opens: tuple[Opening, ...] = ()


_LOOKING_AFTER = ("person.change", "person.lock", "person.unlock", "person.deactivate", "person.reactivate")
_LETTING_IN = ("invitation.resend", "invitation.withdraw", "invitation_link.make", "reset.send", "factors.reset")

PERMITS: dict[Permission, Permit] = {
    "projects": Permit(
        _("Projects"),
        _("See all rooms, open and archive them, decide who is in them."),
        (
            Opening(_("See all rooms, not only one's own")),
            Opening(
                _("Open, change, archive and restore rooms"),
                commands=("room.open", "room.change", "room.archive", "room.restore"),
            ),
            Opening(_("Add people to rooms and take them out"), commands=("member.add", "member.remove")),
            Opening(_("Bring a department's people into a room"), commands=("department.enlist",)),
            Opening(_("Remove tasks and files of others"), commands=("task.remove", "file.remove")),
        ),
    ),
    "clients": Permit(
        _("Clients"),
        _("Look after clients and companies: invite, change, let go."),
        (
            Opening(_("Invite and add clients"), commands=("person.add", "person.invite")),
            Opening(
                _("Keep clients without an e-mail, and invite them once they have one"),
                commands=("client.keep", "client.invite"),
            ),
            Opening(
                _("Change clients, lock them, let them go and bring them back"),
                commands=_LOOKING_AFTER,
            ),
            Opening(
                _("Invite clients again, send them a password reset, take lost second factors away"),
                commands=_LETTING_IN,
            ),
            Opening(
                _("Add, change, archive and remove companies, and say whose clients are whose"),
                commands=(
                    "company.add",
                    "company.change",
                    "company.archive",
                    "company.restore",
                    "company.remove",
                    "client.link",
                    "client.unlink",
                ),
            ),
            Opening(
                _("Keep companies' contacts and notes, and what they use"),
                commands=(
                    "contact.add",
                    "contact.change",
                    "contact.remove",
                    "company_note.add",
                    "company_note.remove",
                    "subscription.add",
                    "subscription.remove",
                ),
            ),
            Opening(
                _("Say which services the business offers"),
                commands=("service.add", "service.change", "service.remove"),
            ),
            Opening(
                _("Link a client's record to somebody of the team, together with the permission for staff"),
                commands=("person.link", "person.unlink"),
            ),
        ),
    ),
    "staff": Permit(
        _("Staff"),
        _(
            "Look after staff, roles, departments and leave, put people into rooms, and read employees' cards. "
            "Never admins."
        ),
        (
            Opening(_("Invite and add staff"), commands=("person.add", "person.invite")),
            Opening(
                _("Change staff, lock them, let them go and bring them back"),
                commands=_LOOKING_AFTER,
            ),
            Opening(
                _("Invite staff again, send them a password reset, take lost second factors away"),
                commands=_LETTING_IN,
            ),
            Opening(
                _("Add, change and remove roles, within what one holds oneself"),
                commands=("role.add", "role.change", "role.remove"),
            ),
            Opening(
                _("Read and write employees' cards; each reading is journaled"),
                commands=(
                    "card.read",
                    "employee.change",
                    "employee_status.add",
                    "employee_status.rename",
                    "employee_status.remove",
                ),
            ),
            Opening(
                _("Change the tree of departments, and who is in them"),
                commands=(
                    "department.add",
                    "department.change",
                    "department.remove",
                    "department_member.add",
                    "department_member.remove",
                ),
            ),
            Opening(
                _("Decide about leave, record it, and set kinds, allowances and holidays"),
                commands=(
                    "leave.approve",
                    "leave.refuse",
                    "leave.record",
                    "leave.cancel",
                    "leave_kind.add",
                    "leave_kind.change",
                    "leave_kind.remove",
                    "leave_allowance.change",
                    "leave_allowances.carry",
                    "calendar.change",
                    "holiday.add",
                    "holiday.rename",
                    "holiday.remove",
                    "holiday.restore",
                    "working_day.add",
                    "working_day.remove",
                    "employee_week.change",
                    "employee_week.remove",
                ),
            ),
            Opening(
                _("Put staff into any room and take them out, whole departments too, and anybody in one's own rooms"),
                commands=("member.add", "member.remove", "department.enlist"),
            ),
            Opening(
                _("Link a client's record to somebody of the team, together with the permission for clients"),
                commands=("person.link", "person.unlink"),
            ),
        ),
    ),
    "invoicing": Permit(
        _("Invoicing"),
        _("See the tasks in rooms that are for managers."),
        (Opening(_("See the tasks in rooms that are for managers only, or for managers and clients")),),
    ),
    "tickets": Permit(_("Tickets"), _("Nothing yet: support tickets come with a later version.")),
    "own_leave": Permit(
        _("Own leave"),
        _("Set one's own leave without asking for it."),
        (
            Opening(
                _("Set one's own leave without asking for it"),
                commands=("leave.record", "leave.approve", "leave.refuse", "leave.cancel"),
            ),
        ),
    ),
    "hours": Permit(_("Hours"), _("Nothing yet: correcting recorded time, and reports, come with a later version.")),
}
