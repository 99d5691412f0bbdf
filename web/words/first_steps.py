"""The first steps in words: what each is called, where it is done, and the page that helps."""

from collections.abc import Iterable
from dataclasses import dataclass

from people.checklists import Step
from store.errors import _


@dataclass(frozen=True, slots=True)
class Guide:
    """What is said of a step."""

    title: str
    text: str
    place: str
    topic: str


GUIDES = {
    "basics": Guide(
        _("Complete your business profile"),
        _("Address, tax number, and a phone or an email: documents need them."),
        "/settings/business",
        "business",
    ),
    "logo": Guide(
        _("Upload your logo"),
        _("Your people see it right away, and it's on your documents."),
        "/settings/business#logo",
        "business",
    ),
    "people": Guide(
        _("Add the people you work with"), _("Each sees the rooms they're in, and when work is being "
                                             "done there."),
        "/people", "people",
    ),
    "rights": Guide(
        _("Decide who can do what"), _("Give a staff member a role that permits more than their own work."),
        "/settings/rights", "rights",
    ),
    "clients": Guide(
        _("Add a client or a company"), _("The people and companies you work for."), "/companies", "companies"
    ),
    "processes": Guide(
        _("Look at your processes"), _("Name your process, or open the first room with the default one."),
        "/settings/processes", "processes",
    ),
    "pipeline": Guide(
        _("Adjust the stages"), _("Rename, add or move them. If they already fit, move a room to the next "
                               "one."),
        "/settings/processes#room-stages", "processes",
    ),
    "fields": Guide(_("Own fields"), _("Your own notes about a project."), "", ""),
    "task_types": Guide(_("Kinds of tasks"), _("Tasks with their own stages."), "", ""),
    "rooms": Guide(
        _("Open the first room"), _("Everything about a project is in it: people, messages, tasks, time "
                                    "and files."),
        "/rooms/new", "rooms",
    ),
    "mail": Guide(
        _("Set up email"), _("Invitations and notices are sent by email. A superadmin sets up the "
                                "mail server."),
        "", "mail",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A step with what is said of it."""

    step: Step
    guide: Guide


def shown(steps: Iterable[Step]) -> list[Shown]:
    """These are the steps as a page shows them."""
    return [Shown(step, GUIDES[step.key]) for step in steps]
