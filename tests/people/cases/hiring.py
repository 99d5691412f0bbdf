"""Roles, and what is done to persons by those who look after them."""

from collections.abc import Callable
from typing import Any

from tests.people.offices import ADMINS_ONLY, ELSEWHERE, Case, Office, newcomer

Fields = Callable[[Office], dict[str, Any]]
LOOKED_AFTER_BY_LEADS = {**ELSEWHERE, "manager": "forbidden", "root": "not_found"}
LEADS_AND_MANAGERS = {"manager": "forbidden", "lead": "forbidden"}
STAFF_S = {**ADMINS_ONLY, "manager": "forbidden"}
"""Refused where the staff's lead and an admin may, but who manages clients and projects may not."""


def hired(**more: Any) -> Fields:
    return lambda office: {"person_id": office.things["hired"]} | more


def customer(**more: Any) -> Fields:
    return lambda office: {"person_id": office.things["customer"]} | more


def invited(kind: str, **more: Any) -> Fields:
    def fields(_office: Office) -> dict[str, Any]:
        return {name: value for name, value in newcomer(kind, **more).items() if name != "password"}

    return fields


CASES = [
    Case("person.invite", "lead", invited("staff"), {**STAFF_S, "root": "forbidden"}),
    Case("person.invite", "manager", invited("client"), {**ADMINS_ONLY, "lead": "forbidden"}),
    Case(
        "client.keep",
        "manager",
        lambda o: {"name": "Horia", "company_ids": [o.company]},
        {"outsider": "invalid"},
    ),
    Case(
        "client.invite",
        "manager",
        lambda o: {"person_id": o.things["kept"], "email": "kept@new.example"},
        {"outsider": "not_found", "root": "not_found"},
    ),
    Case("person.invite", "admin", invited("admin"), {**STAFF_S, "lead": "forbidden"}),
    Case(
        "person.invite",
        "admin",
        lambda o: invited("staff", role_id=o.things["role"])(o),
        {"manager": "forbidden", "outsider": "invalid"},
    ),
    Case("role.add", "lead", lambda _o: {"name": "Juniors", "permissions": ["staff"]}),
    Case("role.add", "admin", lambda _o: {"name": "Money", "permissions": ["invoicing"]}, {"lead": "forbidden"}),
    Case(
        "role.change",
        "admin",
        lambda o: {"role_id": o.things["role"], "permissions": ["tickets", "invoicing"]},
        {"outsider": "not_found", "lead": "forbidden"},
    ),
    Case(
        "person.change",
        "lead",
        hired(name="Pavel"),
        LOOKED_AFTER_BY_LEADS,
    ),
    Case("person.change", "manager", customer(phone="112"), {"outsider": "not_found", "lead": "forbidden"}),
    Case(
        "person.change",
        "admin",
        lambda o: hired(role_id=o.things["role"])(o),
        LEADS_AND_MANAGERS,
    ),
    Case(
        "role.remove",
        "admin",
        lambda o: {"role_id": o.things["role"], "to_role_id": o.things["plain_role"]},
        {"outsider": "not_found", "lead": "forbidden"},
    ),
    Case("person.lock", "lead", hired(), LOOKED_AFTER_BY_LEADS),
    Case("person.unlock", "lead", hired(), LOOKED_AFTER_BY_LEADS),
    Case("person.promote", "admin", hired(), ELSEWHERE),
    Case("person.lock", "root", hired(), {"manager": "forbidden", "outsider": "not_found", "lead": "forbidden"}),
    Case("person.unlock", "root", hired(), {"manager": "forbidden", "outsider": "not_found", "lead": "forbidden"}),
    Case("person.demote", "admin", hired(), ELSEWHERE),
    Case(
        "person.link",
        "admin",
        lambda o: customer(staff_id=o.things["hired"])(o),
        ELSEWHERE,
    ),
    Case("person.unlink", "admin", customer(), ELSEWHERE),
    Case("person.deactivate", "lead", hired(), LOOKED_AFTER_BY_LEADS),
    Case("person.reactivate", "lead", hired(), LOOKED_AFTER_BY_LEADS),
    Case("person.deactivate", "manager", customer(), {"outsider": "not_found", "lead": "forbidden"}),
    Case(
        "person.erase",
        "admin",
        customer(name="Crina"),
        ELSEWHERE,
    ),
]
