"""What an office has for its employees: departments, a status, a kind of leave, and leave that Ana asked for."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

from tests.clocks import monday_in
from tests.hub.agencies import Agency


async def staffing(agency: Agency) -> dict[str, str]:
    """These are the identifiers of what was made, by what it is."""
    assert agency.admin.actor.business_id
    annual = str(uuid5(agency.admin.actor.business_id, "annual"))

    async def made(name: str, /, **fields: Any) -> str:
        return str((await agency.run(agency.admin, name, **fields)).result["id"])

    async def asked(day: date) -> str:
        answer = await agency.run(agency.ana, "leave.request", kind_id=annual, starts_on=day, ends_on=day)
        return str(answer.result["id"])

    monday = monday_in(1)
    return {
        "department": await made("department.add", name="Design"),
        "other_department": await made("department.add", name="Press"),
        "status": await made("employee_status.add", name="Travelling"),
        "leave_kind": await made("leave_kind.add", name="Volunteering"),
        "leave": await asked(monday),
        "other_leave": await asked(monday + timedelta(days=1)),
        "third_leave": await asked(monday + timedelta(days=2)),
    }
