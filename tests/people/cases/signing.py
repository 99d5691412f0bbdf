"""How people sign in: policies and other services. What concerns one's own second factors is in test_second_factors."""

from tests.people.offices import ELSEWHERE, PASSWORD, SERVICE, Case, Office

EVERYONES = {
    "all_sessions.revoke",
    "authenticator.start",
    "authenticator.confirm",
    "authenticator.remove",
    "recovery_codes.renew",
    "passkey.rename",
    "passkey.remove",
    "identity.unlink",
}


def _claimed(office: Office) -> dict[str, str]:
    return {"business_id": str(office.agency.admin.actor.business_id), "domain": "atelier.example"}


CASES = [
    Case("sign_in_policy.change", "admin", lambda _o: {"session_minutes": 600}),
    Case("sign_in_policy.change", "admin", lambda _o: {"two_factors": False}),
    Case("installation_policy.change", "root", lambda _o: {"idle_minutes": 600}),
    Case("provider.add", "admin", lambda _o: SERVICE),
    Case("provider.add", "root", lambda _o: SERVICE),
    Case(
        "provider.change",
        "admin",
        lambda o: {"provider_id": o.things["provider"], "name": "Realm", "password": PASSWORD},
        {"outsider": "not_found", "root": "not_found"},
    ),
    Case(
        "domain.check",
        "admin",
        lambda _o: {"domain": "atelier.example"},
        ELSEWHERE,
    ),
    Case("domain.vouch", "root", _claimed),
    Case("domain.withdraw", "root", _claimed),
    Case(
        "provider.remove",
        "admin",
        lambda o: {"provider_id": o.things["provider"]},
        {"outsider": "not_found", "root": "not_found"},
    ),
    Case(
        "factors.reset",
        "lead",
        lambda o: {"person_id": o.things["hired"]},
        {"manager": "forbidden", "outsider": "not_found", "root": "not_found"},
    ),
]
