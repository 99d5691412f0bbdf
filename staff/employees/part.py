"""What employees' records bring."""

from staff.department_members import add_department_member, remove_department_member
from staff.departments import add_department, change_department, remove_department
from staff.employees import sentences
from staff.employees.erasures import erase_record
from staff.employees.records import change_employee, read_card
from staff.employees.statuses import add_employee_status, remove_employee_status, rename_employee_status
from store.parts import Part

EMPLOYEES = Part(
    "employees",
    verbs=(
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
    ),
    answers=(erase_record,),
    notices=sentences.NOTICES,
)
