"""Trees of departments: who stands below whom, and whom a department reaches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from staff.department_forms import DepartmentForm


@dataclass(frozen=True, slots=True)
class DepartmentNode:
    """A department where it stands in the tree; the top has the depth 0."""

    department: DepartmentForm
    depth: int


def tree_of(forms: Iterable[DepartmentForm]) -> list[DepartmentNode]:
    """These are the departments as a tree, each before those below it."""
    return list(_below(_by_parent(forms), None, 0))


def branch(forms: Iterable[DepartmentForm], id: UUID) -> list[DepartmentNode]:
    """These are a department and all below it."""
    forms = list(forms)
    top = [DepartmentNode(form, 0) for form in forms if form.id == id]
    return [*top, *_below(_by_parent(forms), id, 1)]


def everyone_in(form: DepartmentForm) -> set[UUID]:
    """These are a department's own people, whatever they are in it."""
    heads = {form.head_id} if form.head_id else set()
    return heads | set(form.deputy_ids) | {seat.person_id for seat in form.members}


def _by_parent(forms: Iterable[DepartmentForm]) -> dict[UUID | None, list[DepartmentForm]]:
    found: dict[UUID | None, list[DepartmentForm]] = defaultdict(list)
    for form in forms:
        found[form.parent_id].append(form)
    return found


def _below(by_parent: dict[UUID | None, list[DepartmentForm]], id: UUID | None, depth: int) -> Iterator[DepartmentNode]:
    for form in by_parent.get(id, ()):
        yield DepartmentNode(form, depth)
        yield from _below(by_parent, form.id, depth + 1)
