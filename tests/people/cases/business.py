"""A business's profile and first steps, its companies and what it offers."""

from tests.people.offices import ELSEWHERE, Case

CASES = [
    Case("business.change", "admin", lambda _o: {"address": "Strada Lungă 1"}),
    Case("meetings_key.renew", "admin", lambda _o: {}),
    Case("logo.remove", "admin", lambda _o: {}),
    Case("checklist.hide", "admin", lambda _o: {}),
    Case("checklist.show", "admin", lambda _o: {}),
    Case("company.change", "manager", lambda o: {"company_id": o.company, "name": "Nord"}, ELSEWHERE),
    Case(
        "client.link", "manager", lambda o: {"company_id": o.company, "person_id": str(o.agency.client.id)}, ELSEWHERE
    ),
    Case(
        "client.unlink",
        "manager",
        lambda o: {"company_id": o.company, "person_id": str(o.agency.client.id)},
        ELSEWHERE,
    ),
    Case("contact.add", "manager", lambda o: {"company_id": o.company, "name": "Vera"}, ELSEWHERE),
    Case("contact.change", "manager", lambda o: {"contact_id": o.things["contact"], "role": "Buyer"}, ELSEWHERE),
    Case("contact.remove", "manager", lambda o: {"contact_id": o.things["contact"]}, ELSEWHERE),
    Case("company_note.add", "manager", lambda o: {"company_id": o.company, "body": "Pays late"}, ELSEWHERE),
    Case(
        "company_note.remove",
        "admin",
        lambda o: {"note_id": o.things["note"]},
        {"outsider": "not_found", "manager": "forbidden"},
    ),
    Case("service.add", "manager", lambda _o: {"name": "Hosting"}),
    Case("service.change", "manager", lambda o: {"service_id": o.things["service"], "note": "24/7"}, ELSEWHERE),
    Case(
        "subscription.add",
        "manager",
        lambda o: {"company_id": o.company, "service_id": o.things["service"]},
        ELSEWHERE,
    ),
    Case("subscription.remove", "manager", lambda o: {"subscription_id": o.things["subscription"]}, ELSEWHERE),
    Case("service.remove", "manager", lambda o: {"service_id": o.things["other_service"]}, ELSEWHERE),
    Case("company.archive", "manager", lambda o: {"company_id": o.things["company"]}, ELSEWHERE),
    Case("company.restore", "manager", lambda o: {"company_id": o.things["company"]}, ELSEWHERE),
    Case("company.remove", "manager", lambda o: {"company_id": o.things["company"]}, ELSEWHERE),
]
