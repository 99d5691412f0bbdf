"""What concerns the whole installation: superadmins alone do it."""

from tests.people.offices import ELSEWHERE, Case, Office

EVERYONES = {"impersonation.end", "impersonations.acknowledge"}
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Home"\nmsgstr "Acasă la noi"\n'


def business_of(office: Office, name: str) -> str:
    return str(office.person(name).actor.business_id)


CASES = [
    Case("installation.change", "root", lambda _o: {"support": "help@atrium.example"}),
    Case("language.add", "root", lambda _o: {"code": "fr"}),
    Case("language.remove", "root", lambda _o: {"code": "de"}),
    Case("wording.change", "root", lambda _o: {"language": "ro", "english": "Home", "forms": ["Casă"]}),
    Case("wordings.import", "root", lambda _o: {"language": "ro", "po": PO}),
    Case("wording.reset", "root", lambda _o: {"language": "ro", "english": "Home"}),
    Case(
        "business.move",
        "root",
        lambda o: {"business_id": business_of(o, "outsider"), "parent_id": business_of(o, "admin")},
    ),
    Case(
        "quota.change",
        "root",
        lambda o: {"business_id": business_of(o, "admin"), "quota_gb": 5},
    ),
    Case(
        "business.enter",
        "admin",
        lambda o: {"business_id": business_of(o, "admin")},
        ELSEWHERE,
    ),
    Case(
        "admin.add",
        "root",
        lambda _o: {"name": "Vlad", "email": "vlad@fifth.example", "business_name": "Fifth"},
    ),
    Case("admin.change", "root", lambda o: {"person_id": o.things["other_admin"], "name": "Vera V."}),
    Case("admin.deactivate", "root", lambda o: {"person_id": o.things["other_admin"]}),
    Case("admin.activate", "root", lambda o: {"person_id": o.things["other_admin"]}),
    Case("admin.delete", "root", lambda o: {"person_id": o.things["other_admin"], "typed": "Fourth"}),
    Case("registration.approve", "root", lambda o: {"registration_id": o.things["registration"]}),
    Case("registration.refuse", "root", lambda o: {"registration_id": o.things["second_registration"]}),
    Case("update.run", "root", lambda _o: {}),
]
