"""What may be asked about employees and departments, at a glance."""

from staff.department_members import add_department_member, remove_department_member
from staff.departments import add_department, change_department, remove_department
from staff.employees.records import change_employee, read_card
from staff.employees.statuses import add_employee_status, remove_employee_status, rename_employee_status

VERBS = (
    change_employee,
    read_card,
    add_employee_status,
    rename_employee_status,
    remove_employee_status,
    add_department,
    change_department,
    remove_department,
    add_department_member,
    remove_department_member,
)
