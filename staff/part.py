"""What departments bring."""

from staff import reads
from staff.department_members import (
    add_department_member,
    departments_held,
    leave_departments,
    remove_department_member,
)
from staff.departments import add_department, change_department, remove_department
from store.parts import Part

STAFF = Part(
    "staff",
    verbs=(
        add_department,
        change_department,
        remove_department,
        add_department_member,
        remove_department_member,
    ),
    reads=reads.READS,
    answers=(departments_held, leave_departments),
)
