"""People, companies, sessions, and who opens what."""

from tests.people.offices import ADMINS_ONLY, PASSWORD, Case, newcomer

EVERYONES = {"other_sessions.revoke"}

CASES = [
    Case("business.open", "root", lambda _o: {"business_name": "Third"}),
    Case("person.add", "admin", lambda _o: newcomer("admin"), {**ADMINS_ONLY, "manager": "forbidden"}),
    Case("person.add", "admin", lambda _o: newcomer("staff"), {**ADMINS_ONLY, "manager": "forbidden"}),
    Case(
        "person.add",
        "manager",
        lambda o: newcomer("client", company_id=o.company),
        {**ADMINS_ONLY, "outsider": "invalid", "root": "forbidden"},
    ),
    Case(
        "person.add",
        "admin",
        lambda o: newcomer("staff", business_id=str(o.agency.admin.actor.business_id)),
        {"outsider": "not_found", "client": "forbidden"},
    ),
    Case("company.add", "manager", lambda _o: {"name": "Casa Verde"}),
    Case(
        "room.open",
        "manager",
        lambda o: {"title": "Shop", "company_id": o.company},
        {"outsider": "invalid"},
    ),
    Case(
        "email.change",
        "ana",
        lambda _o: {"email": "ana@new.example", "password": PASSWORD},
        {"mihai": "invalid"},
    ),
    Case(
        "device.forget",
        "ana",
        lambda o: {"device_id": o.things["device"]},
        {"mihai": "not_found", "admin": "not_found", "client": "not_found", "outsider": "not_found"},
    ),
    Case(
        "password.change",
        "ana",
        lambda _o: {"old_password": PASSWORD, "new_password": PASSWORD * 2},
        {"mihai": "invalid"},
    ),
    Case(
        "session.revoke",
        "ana",
        lambda o: {"session_id": str(o.agency.ana.actor.session_id)},
        {"mihai": "not_found", "admin": "not_found", "client": "not_found", "outsider": "not_found"},
    ),
]
