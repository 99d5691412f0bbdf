"""Roles, and what is done to persons by those who look after them."""

from collections.abc import Callable
from typing import Any

from tests.people.offices import ADMINS_ONLY, Case, Office, newcomer

Fields = Callable[[Office], dict[str, Any]]
ELSEWHERE = {"outsider": "not_found"}
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
        {**ADMINS_ONLY, "lead": "forbidden", "root": "forbidden", "outsider": "invalid"},
    ),
    Case(
        "client.invite",
        "manager",
        lambda o: {"person_id": o.things["kept"], "email": "kept@new.example"},
        {**ADMINS_ONLY, **ELSEWHERE, "lead": "forbidden", "root": "not_found"},
    ),
    Case("person.invite", "admin", invited("admin"), {**STAFF_S, "lead": "forbidden"}),
    Case(
        "person.invite",
        "admin",
        lambda o: invited("staff", role_id=o.things["role"])(o),
        {"manager": "forbidden", "outsider": "invalid"},
    ),
    Case(
        "role.add", "lead", lambda _o: {"name": "Juniors", "permissions": ["staff"]}, {**STAFF_S, "root": "forbidden"}
    ),
    Case("role.add", "admin", lambda _o: {"name": "Money", "permissions": ["invoicing"]}, {"lead": "forbidden"}),
    Case(
        "role.change",
        "admin",
        lambda o: {"role_id": o.things["role"], "permissions": ["tickets", "invoicing"]},
        {**STAFF_S, **ELSEWHERE, "lead": "forbidden", "root": "forbidden"},
    ),
    Case("person.change", "lead", hired(name="Pavel"), {**STAFF_S, **ELSEWHERE, "root": "not_found"}),
    Case("person.change", "manager", customer(phone="112"), {**ADMINS_ONLY, **ELSEWHERE, "lead": "forbidden"}),
    Case("person.change", "admin", lambda o: hired(role_id=o.things["role"])(o), {**STAFF_S, "lead": "forbidden"}),
    Case(
        "role.remove",
        "admin",
        lambda o: {"role_id": o.things["role"], "to_role_id": o.things["plain_role"]},
        {**STAFF_S, **ELSEWHERE, "lead": "forbidden"},
    ),
    Case("person.lock", "lead", hired(), {**STAFF_S, **ELSEWHERE, "root": "not_found"}),
    Case("person.unlock", "lead", hired(), {**STAFF_S, **ELSEWHERE, "root": "not_found"}),
    Case("person.promote", "admin", hired(), {**STAFF_S, **ELSEWHERE, "lead": "forbidden", "root": "forbidden"}),
    Case("person.lock", "root", hired(), {**STAFF_S, **ELSEWHERE, "lead": "forbidden"}),
    Case("person.unlock", "root", hired(), {**STAFF_S, **ELSEWHERE, "lead": "forbidden"}),
    Case("person.demote", "admin", hired(), {**STAFF_S, **ELSEWHERE, "lead": "forbidden", "root": "forbidden"}),
    Case(
        "person.link",
        "admin",
        lambda o: customer(staff_id=o.things["hired"])(o),
        {**STAFF_S, **ELSEWHERE, "lead": "forbidden", "root": "forbidden"},
    ),
    Case("person.unlink", "admin", customer(), {**STAFF_S, **ELSEWHERE, "lead": "forbidden"}),
    Case("person.deactivate", "lead", hired(), {**STAFF_S, **ELSEWHERE, "root": "not_found"}),
    Case("person.reactivate", "lead", hired(), {**STAFF_S, **ELSEWHERE, "root": "not_found"}),
    Case("person.deactivate", "manager", customer(), {**ADMINS_ONLY, **ELSEWHERE, "lead": "forbidden"}),
    Case(
        "person.erase",
        "admin",
        customer(name="Crina"),
        {**ADMINS_ONLY, **ELSEWHERE, "manager": "forbidden", "lead": "forbidden", "root": "forbidden"},
    ),
]
