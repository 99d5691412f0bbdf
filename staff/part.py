"""What departments bring, and what is read of the whole staff."""

from staff import reads
from staff.department_members import departments_held, leave_departments
from store.parts import Part

STAFF = Part(
    "staff",
    reads=reads.READS,
    answers=(departments_held, leave_departments),
)
