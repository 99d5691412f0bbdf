"""The departments: the tree with its people, and one of them at a time to change."""

from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from staff.colleagues import colleagues
from staff.department_forms import DepartmentForm
from staff.department_members import AddDepartmentMember, RemoveDepartmentMember
from staff.department_trees import Node, branch, everyone_in, tree_of
from staff.departments import AddDepartment, ChangeDepartment, RemoveDepartment, departments
from staff.employees.records import employees, positions
from staff.leave.absences import away_today
from store.database import Transaction
from store.errors import NotFound
from store.sorting import by_name
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.queries import identifier

COMMANDS = tuple(
    command.wire_name
    for command in (AddDepartment, ChangeDepartment, RemoveDepartment, AddDepartmentMember, RemoveDepartmentMember)
)


async def departments_page(request: Request) -> Response:
    """Show the departments, and those who are in them, to the team."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def departments_part(request: Request) -> Response:
    """The tree by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/departments.html")


async def change(request: Request) -> Response:
    """Change the departments by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form, **_several(form))
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/departments{_chosen_after(name, form, outcome.result)}", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


def _several(form: FormData) -> dict[str, Any]:
    """These are the deputies that were ticked; an empty one says that the form has them."""
    return {"deputy_ids": [id for id in form.getlist("deputy_ids") if id]} if "deputy_ids" in form else {}


def _chosen_after(name: str, form: FormData, result: Any) -> str:
    if name == RemoveDepartment.wire_name:
        return "?done=removed"
    id = result["id"] if name == AddDepartment.wire_name else text_of(form, "department_id")
    return f"?department={id}&done={name}#department"


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "departments.html",
) -> Response:
    forms = await departments(tx, actor)
    assert actor.business_id
    team = by_name(await colleagues(tx, actor.business_id, gone_too=True), actor.language)
    chosen = _chosen(request, forms, feedback)
    position = request.query_params.get("position", "")
    under = {node.department.id for node in branch(forms, chosen.id)} if chosen else set()
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="departments",
        nodes=tree_of(forms),
        counts={form.id: len(everyone_in(form)) for form in forms},
        named={person.id: person for person in team},
        away=await away_today(tx, actor),
        chosen=chosen,
        everywhere=_choices(tree_of(forms)),
        above=_choices([node for node in tree_of(forms) if node.department.id not in under]),
        listed=await employees(tx, actor, department_id=chosen.id if chosen else None, position=position),
        positions=await positions(tx, actor),
        position=position,
        colleagues=[person for person in team if person.active],
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


def _choices(nodes: list[Node]) -> list[tuple[str, str]]:
    return [(str(node.department.id), "– " * node.depth + node.department.name) for node in nodes]


def _chosen(request: Request, forms: list[DepartmentForm], feedback: Feedback | None) -> DepartmentForm | None:
    id = identifier(request, "department")
    if feedback and feedback.values.get("department_id"):
        id = UUID(str(feedback.values["department_id"]))
    return next((form for form in forms if form.id == id), None)


ROUTES: list[BaseRoute] = [
    Route("/departments", departments_page),
    Route("/departments", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/departments", departments_part)]
