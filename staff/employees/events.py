"""What happens to employees' records and their statuses."""

from staff.employees.forms import CardReadingForm, EmployeeForm, EmployeeStatusForm
from store.events import Event, Gone


class EmployeeChanged(Event):
    """What someone's colleagues see of their card was changed."""

    employee: EmployeeForm


class CardRead(Event):
    """Somebody read what is kept about you and isn't for everyone, or changed your card."""

    card_reading: CardReadingForm


class EmployeeStatusAdded(Event):
    """An employee status was added."""

    employee_status: EmployeeStatusForm


class EmployeeStatusChanged(Event):
    """An employee status was renamed."""

    employee_status: EmployeeStatusForm


class EmployeeStatusRemoved(Event):
    """An employee status was removed."""

    employee_status: Gone
