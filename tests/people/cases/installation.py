"""What concerns the whole installation: superadmins alone do it."""

from tests.people.offices import Case, Office

EVERYONES = {"impersonation.end", "impersonations.acknowledge"}

OTHERS = {"admin": "forbidden", "ana": "forbidden", "manager": "forbidden", "client": "forbidden"}
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Home"\nmsgstr "Acasă la noi"\n'


def business_of(office: Office, name: str) -> str:
    return str(office.person(name).actor.business_id)


CASES = [
    Case("installation.change", "root", lambda _o: {"support": "help@atrium.example"}, OTHERS),
    Case("language.add", "root", lambda _o: {"code": "fr"}, OTHERS),
    Case("language.remove", "root", lambda _o: {"code": "de"}, OTHERS),
    Case("wording.change", "root", lambda _o: {"language": "ro", "english": "Home", "forms": ["Casă"]}, OTHERS),
    Case("wordings.import", "root", lambda _o: {"language": "ro", "po": PO}, OTHERS),
    Case("wording.reset", "root", lambda _o: {"language": "ro", "english": "Home"}, OTHERS),
    Case(
        "business.move",
        "root",
        lambda o: {"business_id": business_of(o, "outsider"), "parent_id": business_of(o, "admin")},
        {**OTHERS, "outsider": "forbidden"},
    ),
    Case(
        "quota.change",
        "root",
        lambda o: {"business_id": business_of(o, "admin"), "quota_gb": 5},
        {**OTHERS, "outsider": "forbidden"},
    ),
    Case(
        "business.enter",
        "admin",
        lambda o: {"business_id": business_of(o, "admin")},
        {"ana": "forbidden", "client": "forbidden", "root": "forbidden", "outsider": "not_found"},
    ),
    Case(
        "admin.add",
        "root",
        lambda _o: {"name": "Vlad", "email": "vlad@fifth.example", "business_name": "Fifth"},
        {**OTHERS, "outsider": "forbidden"},
    ),
    Case("admin.change", "root", lambda o: {"person_id": o.things["other_admin"], "name": "Vera V."}, OTHERS),
    Case("admin.deactivate", "root", lambda o: {"person_id": o.things["other_admin"]}, OTHERS),
    Case("admin.activate", "root", lambda o: {"person_id": o.things["other_admin"]}, OTHERS),
    Case("admin.delete", "root", lambda o: {"person_id": o.things["other_admin"], "typed": "Fourth"}, OTHERS),
    Case("registration.approve", "root", lambda o: {"registration_id": o.things["registration"]}, OTHERS),
    Case("registration.refuse", "root", lambda o: {"registration_id": o.things["second_registration"]}, OTHERS),
    Case("update.run", "root", lambda _o: {}, OTHERS),
]
