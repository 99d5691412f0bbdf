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
        _("Say who you are"),
        _("Address, tax number, and a phone or an e-mail: documents need them."),
        "/settings/business",
        "business",
    ),
    "logo": Guide(
        _("Put up your logo"), _("Your people see it at once, your documents carry it."), "/settings/business#logo",
        "business",
    ),
    "people": Guide(
        _("Add the people you work with"), _("Each sees the rooms they are in, and when work is done there."),
        "/people", "people",
    ),
    "rights": Guide(
        _("Say who may do what"), _("Give someone of the staff a role that permits more than their own work."),
        "/settings/rights", "rights",
    ),
    "clients": Guide(
        _("Add a client or a company"), _("The people and the firms that you work for."), "/companies", "companies"
    ),
    "processes": Guide(
        _("Look at how projects run"), _("Name your process, or open the first room in it as it is."),
        "/settings/processes", "processes",
    ),
    "pipeline": Guide(
        _("Fit the stages"), _("Rename, add or move them, or take a room to the next one if they fit already."),
        "/settings/processes#room-stages", "processes",
    ),
    "fields": Guide(_("Own fields"), _("What you note of a project beside what Atrium knows."), "", ""),
    "task_types": Guide(_("Kinds of tasks"), _("Tasks that come with their own steps."), "", ""),
    "rooms": Guide(
        _("Open the first room"), _("Everything about a project is in it: people, talk, tasks, time, files."),
        "/rooms/new", "rooms",
    ),
    "mail": Guide(
        _("Let mail go out"), _("Invitations and notices go by mail. Who runs the installation sets the server up."),
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
