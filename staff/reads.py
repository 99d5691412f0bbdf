"""What is read of departments."""

from pydantic import BaseModel

from people.actors import Actor
from staff.department_forms import DepartmentForm
from staff.departments import departments as own_departments
from store.database import Transaction
from store.errors import NotFound
from store.reads import read


class Departments(BaseModel):
    departments: list[DepartmentForm]


@read("/departments", area="people", refuses=(NotFound,))
async def departments(tx: Transaction, actor: Actor) -> Departments:
    """The business's departments with their people, for its team."""
    return Departments(departments=await own_departments(tx, actor))


READS = (departments,)
