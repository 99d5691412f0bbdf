"""The departments: the tree with its people, and one of them at a time to change."""

from collections.abc import Mapping
from typing import Any

from staff.colleagues import colleagues
from staff.department_forms import DepartmentForm
from staff.department_members import AddDepartmentMember, RemoveDepartmentMember
from staff.department_trees import DepartmentNode, branch, everyone_in, tree_of
from staff.departments import AddDepartment, ChangeDepartment, RemoveDepartment, departments
from staff.employees.directory import employees, positions
from staff.leave.absences import away_today
from store.errors import _
from store.texts.sorting import by_name
from web.declared import Form, Page, Posted, Visit
from web.forms.command_forms import Asked
from web.queries import identifier


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    forms = await departments(tx, actor)
    assert actor.business_id
    team = by_name(await colleagues(tx, actor.business_id, gone_too=True), actor.language)
    chosen = _chosen(visit, forms)
    position = visit.query.get("position", "")
    under = {node.department.id for node in branch(forms, chosen.id)} if chosen else set()
    return {
        "nodes": tree_of(forms),
        "counts": {form.id: len(everyone_in(form)) for form in forms},
        "named": {person.id: person for person in team},
        "away": await away_today(tx, actor),
        "chosen": chosen,
        "everywhere": _choices(tree_of(forms)),
        "above": _choices([node for node in tree_of(forms) if node.department.id not in under]),
        "listed": await employees(tx, actor, department_id=chosen.id if chosen else None, position=position),
        "positions": await positions(tx, actor),
        "position": position,
        "colleagues": [person for person in team if person.active],
        "heads": [(str(person.id), person.name) for person in team if person.active],
    }


def _choices(nodes: list[DepartmentNode]) -> list[tuple[str, str]]:
    return [(str(node.department.id), "– " * node.depth + node.department.name) for node in nodes]


def _chosen(visit: Visit, forms: list[DepartmentForm]) -> DepartmentForm | None:
    id = str(identifier(visit.request, "department"))
    if visit.feedback and visit.feedback.values.get("department_id"):
        id = str(visit.feedback.values["department_id"])
    return next((form for form in forms if str(form.id) == id), None)


def _to_the_new(done: Posted) -> str:
    return f"/departments?department={done.result['id']}&done={done.command}#department"


def _to_the_same(done: Posted) -> str:
    return f"/departments?department={done.text('department_id')}&done={done.command}#department"


def _fields(above: str) -> tuple[Asked, ...]:
    """A department's fields; those above which it may be are read by that name."""
    return (
        Asked("name", _("Its name")),
        Asked("parent_id", _("Part of"), choices=above, nothing=_("Nothing: it's at the top"), more={}),
        Asked("head_id", _("Head"), choices="heads", nothing=_("Nobody"), more={}),
    )


MEMBER = (
    Asked("person_id", _("Add a person"), choices="heads"),
    Asked(
        "main",
        _("As"),
        _("Changing the main department removes people from their previous one."),
        choices=(("true", _("Their main department")), ("false", _("One more department"))),
    ),
)
PAGE = Page(
    "/departments",
    "departments/departments.html",
    reads,
    needs="team",
    forms=(
        Form(AddDepartment, then=_to_the_new, fields=_fields("everywhere")),
        Form(ChangeDepartment, then=_to_the_same, fields=_fields("above")),
        Form(RemoveDepartment, then=lambda _done: "/departments?done=removed"),
        Form(AddDepartmentMember, then=_to_the_same, fields=MEMBER),
        Form(RemoveDepartmentMember, then=_to_the_same),
    ),
    at="departments",
    live=True,
)
