"""The demo's departments, what stands on people's cards, and who is away."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from hub.demo.cast import Cast
from hub.demo.workdays import Workdays
from people.actors import Actor
from staff.department_members import AddDepartmentMember, add_department_member
from staff.departments import AddDepartment, add_department
from staff.employees.records import ChangeEmployee, change_employee
from staff.leave.holidays import ChangeCalendar, change_calendar
from staff.leave.leaves import RequestLeave, request_leave
from store.database import Transaction

DEPARTMENTS = (
    ("Studio", None, "adriana", ("dan", "sofia")),
    ("Design", "Studio", "ana", ("ana", "oksana", "iryna")),
    ("Development", "Studio", "mihai", ("mihai", "petru", "vlad")),
)
POSITIONS = {
    "adriana": "Owner",
    "ana": "Art director",
    "mihai": "Lead developer",
    "oksana": "Designer",
    "dan": "Project manager",
    "iryna": "Illustrator",
    "petru": "Developer",
    "sofia": "Accountant",
    "vlad": "Developer",
}
AWAY = (
    # who, kind, first working day counted from today, last
    ("vlad", "annual", -2, 2),
    ("oksana", "annual", 6, 10),
    ("petru", "medical", -12, -11),
    ("ana", "annual", -30, -26),
    ("iryna", "other", 3, 3),
    ("sofia", "annual", 16, 20),
)


async def staff(tx: Transaction, cast: Cast, days: Workdays) -> None:
    """Divide the studio into departments, and give its people positions and leave."""
    by = cast.actors["adriana"]
    assert by.business_id
    await change_calendar(tx, by, ChangeCalendar(country="RO"))
    await _divide(tx, by, cast)
    for number, (key, position) in enumerate(POSITIONS.items()):
        phone = f"+40 21 555 01{number:02}"
        card = ChangeEmployee(person_id=cast.actors[key].id, position=position, work_phone=phone)
        await change_employee(tx, by, card)
    for key, kind, first, last in AWAY:
        await _leave(tx, cast.actors[key], kind, days.date(first), days.date(last))


async def _divide(tx: Transaction, by: Actor, cast: Cast) -> None:
    made: dict[str, UUID] = {}
    for name, parent, head, members in DEPARTMENTS:
        adding = AddDepartment(name=name, parent_id=made[parent] if parent else None, head_id=cast.actors[head].id)
        made[name] = (await add_department(tx, by, adding)).id
        for key in members:
            seat = AddDepartmentMember(department_id=made[name], person_id=cast.actors[key].id)
            await add_department_member(tx, by, seat)


async def _leave(tx: Transaction, person: Actor, kind: str, first: date, last: date) -> None:
    """Let someone have set their own leave, so that nobody is written to."""
    assert person.business_id
    asker = replace(person, permissions=person.permissions | {"own_leave"})
    asked = RequestLeave(kind_id=uuid5(person.business_id, kind), starts_on=first, ends_on=max(first, last))
    await request_leave(tx, asker, asked)
