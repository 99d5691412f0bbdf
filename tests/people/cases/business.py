"""A business's profile and first steps, its companies and what it offers."""

from tests.people.offices import ADMINS_ONLY, Case

NOT_CLIENTS = {**ADMINS_ONLY, "root": "forbidden", "outsider": "not_found"}
OF_ADMINS = {**NOT_CLIENTS, "manager": "forbidden"}
NO_ADMIN = {**ADMINS_ONLY, "manager": "forbidden", "root": "forbidden"}

CASES = [
    Case("business.change", "admin", lambda _o: {"address": "Strada Lungă 1"}, NO_ADMIN),
    Case("meetings_key.renew", "admin", lambda _o: {}, NO_ADMIN),
    Case("logo.remove", "admin", lambda _o: {}, NO_ADMIN),
    Case("checklist.hide", "admin", lambda _o: {}, NO_ADMIN),
    Case("checklist.show", "admin", lambda _o: {}, NO_ADMIN),
    Case("company.change", "manager", lambda o: {"company_id": o.company, "name": "Nord"}, NOT_CLIENTS),
    Case(
        "client.link", "manager", lambda o: {"company_id": o.company, "person_id": str(o.agency.client.id)}, NOT_CLIENTS
    ),
    Case(
        "client.unlink",
        "manager",
        lambda o: {"company_id": o.company, "person_id": str(o.agency.client.id)},
        NOT_CLIENTS,
    ),
    Case("contact.add", "manager", lambda o: {"company_id": o.company, "name": "Vera"}, NOT_CLIENTS),
    Case("contact.change", "manager", lambda o: {"contact_id": o.things["contact"], "role": "Buyer"}, NOT_CLIENTS),
    Case("contact.remove", "manager", lambda o: {"contact_id": o.things["contact"]}, NOT_CLIENTS),
    Case("company_note.add", "manager", lambda o: {"company_id": o.company, "body": "Pays late"}, NOT_CLIENTS),
    Case("company_note.remove", "admin", lambda o: {"note_id": o.things["note"]}, OF_ADMINS),
    Case("service.add", "manager", lambda _o: {"name": "Hosting"}, {**ADMINS_ONLY, "root": "forbidden"}),
    Case("service.change", "manager", lambda o: {"service_id": o.things["service"], "note": "24/7"}, NOT_CLIENTS),
    Case(
        "subscription.add",
        "manager",
        lambda o: {"company_id": o.company, "service_id": o.things["service"]},
        NOT_CLIENTS,
    ),
    Case("subscription.remove", "manager", lambda o: {"subscription_id": o.things["subscription"]}, NOT_CLIENTS),
    Case("service.remove", "manager", lambda o: {"service_id": o.things["other_service"]}, NOT_CLIENTS),
    Case("company.archive", "manager", lambda o: {"company_id": o.things["company"]}, NOT_CLIENTS),
    Case("company.restore", "manager", lambda o: {"company_id": o.things["company"]}, NOT_CLIENTS),
    Case("company.remove", "manager", lambda o: {"company_id": o.things["company"]}, NOT_CLIENTS),
]
