"""Employees' cards, departments and leave."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

from tests.clocks import NEXT_YEAR, monday_in
from tests.people.offices import ELSEWHERE, Case, Office

NOT_THEIRS = {"mihai": "not_found", "client": "not_found", "outsider": "not_found", "root": "not_found"}
UNION_DAY = f"{NEXT_YEAR}-12-01"
MONDAY = monday_in(10)
SATURDAY = MONDAY + timedelta(days=5)


def _id(who: str) -> Any:
    return lambda office: str(office.person(who).id)


def _kind(office: Office, key: str = "annual") -> str:
    business_id = office.agency.admin.actor.business_id
    assert business_id
    return str(uuid5(business_id, key))


def _fields(**fields: Any) -> Any:
    """Fields, each as it is or looked up in the office; ``@name`` is one of its things."""

    def found(office: Office) -> dict[str, Any]:
        return {
            name: value(office)
            if callable(value)
            else office.things[value[1:]]
            if isinstance(value, str) and value.startswith("@")
            else value
            for name, value in fields.items()
        }

    return found


def _days(day: str, **fields: Any) -> Any:
    return _fields(kind_id=_kind, starts_on=day, ends_on=day, **fields)


CASES = [
    Case("employee.change", "admin", _fields(person_id=_id("ana"), position="Designer", rating=5), ELSEWHERE),
    Case("card.read", "admin", _fields(person_id=_id("ana")), ELSEWHERE),
    Case("employee_status.add", "admin", _fields(name="Abroad")),
    Case("employee_status.rename", "admin", _fields(status_id="@status", name="On a mission"), ELSEWHERE),
    Case("employee_status.remove", "admin", _fields(status_id="@status"), ELSEWHERE),
    Case("department.add", "admin", _fields(name="Print", parent_id="@department"), {"outsider": "invalid"}),
    Case("department.change", "admin", _fields(department_id="@department", name="Studio"), ELSEWHERE),
    Case("department_member.add", "admin", _fields(department_id="@department", person_id=_id("ana")), ELSEWHERE),
    Case(
        "department.enlist",
        "admin",
        _fields(room_id=lambda o: o.agency.room_id, department_id="@department"),
        {"ana": "forbidden", "client": "forbidden", "root": "not_found", "outsider": "not_found"},
    ),
    Case("department_member.remove", "admin", _fields(department_id="@department", person_id=_id("ana")), ELSEWHERE),
    Case("department.remove", "admin", _fields(department_id="@other_department"), ELSEWHERE),
    Case("calendar.change", "admin", _fields(country="RO", working_week=[1, 2, 3, 4, 5])),
    Case("holiday.rename", "admin", _fields(day=UNION_DAY, name="The Union")),
    Case("holiday.remove", "admin", _fields(day=UNION_DAY)),
    Case("holiday.restore", "admin", _fields(day=UNION_DAY)),
    Case("holiday.add", "admin", _fields(day=str(monday_in(3)), name="Our birthday")),
    Case(
        "working_day.add",
        "admin",
        _fields(day=str(SATURDAY), instead_of=str(SATURDAY + timedelta(days=2)), name="Before the fair"),
    ),
    Case("working_day.remove", "admin", _fields(day=str(SATURDAY))),
    Case(
        "employee_week.change",
        "admin",
        _fields(person_id=_id("ana"), since=str(MONDAY), days=["day", "day", "morning", "off", "off", "off", "off"]),
        {"outsider": "invalid"},
    ),
    Case("employee_week.remove", "admin", _fields(person_id=_id("ana"), since=str(MONDAY)), {"outsider": "invalid"}),
    Case("leave_kind.add", "admin", _fields(name="Study", counted=True, days_a_year=5)),
    Case("leave_kind.change", "admin", _fields(kind_id="@leave_kind", paid=False), ELSEWHERE),
    Case("leave_kind.remove", "admin", _fields(kind_id="@leave_kind"), ELSEWHERE),
    Case(
        "leave_allowance.change",
        "admin",
        _fields(person_id=_id("ana"), kind_id=_kind, year=NEXT_YEAR, entitled=25),
        {"outsider": "invalid"},
    ),
    Case("leave_allowances.carry", "admin", _fields(kind_id=_kind, year=NEXT_YEAR, most=5), ELSEWHERE),
    Case(
        "leave.request",
        "ana",
        _days(str(monday_in(2))),
        {"outsider": "invalid"},
    ),
    Case(
        "leave.record",
        "admin",
        _days(str(monday_in(2) + timedelta(days=1)), person_id=_id("ana")),
        {"ana": "forbidden", "mihai": "forbidden", "outsider": "invalid"},
    ),
    Case("leave.approve", "admin", _fields(leave_id="@leave"), {**NOT_THEIRS, "ana": "forbidden"}),
    Case("leave.cancel", "admin", _fields(leave_id="@leave"), {**NOT_THEIRS, "ana": "forbidden"}),
    Case("leave.refuse", "admin", _fields(leave_id="@other_leave", reason="No"), {**NOT_THEIRS, "ana": "forbidden"}),
    Case("leave.withdraw", "ana", _fields(leave_id="@third_leave"), {**NOT_THEIRS, "admin": "not_found"}),
    Case("calendar_feed.renew", "ana", _fields()),
    Case("calendar_feed.remove", "ana", _fields()),
]
