"""What employees' records bring."""

from staff.employees import reads, sentences
from staff.employees.erasures import erase_record
from staff.employees.records import change_employee
from staff.employees.revealed_cards import read_card
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
    ),
    reads=reads.READS,
    answers=(erase_record,),
    notices=sentences.NOTICES,
)
