"""Letters, invitations, resets, and tokens."""

from tests.people.offices import ADMINS_ONLY, Case

ROOT_ONLY = {**ADMINS_ONLY, "admin": "forbidden", "manager": "forbidden"}
LEADS_ONLY = {"ana": "forbidden", "client": "forbidden", "manager": "forbidden", "outsider": "not_found"}

CASES = [
    Case("invitation.resend", "admin", lambda o: {"person_id": o.things["invited"]}, LEADS_ONLY),
    Case("invitation_link.make", "lead", lambda o: {"person_id": o.things["invited"]}, LEADS_ONLY),
    Case("invitation.withdraw", "lead", lambda o: {"person_id": o.things["invited"]}, LEADS_ONLY),
    Case("reset.send", "lead", lambda o: {"person_id": str(o.agency.mihai.id)}, LEADS_ONLY),
    Case(
        "mail_settings.change",
        "root",
        lambda _o: {"server": "127.0.0.1", "security": "none", "sender_email": "hub@atrium.example"},
        ROOT_ONLY,
    ),
    Case("test_letter.send", "root", lambda _o: {}, ROOT_ONLY),
    Case("letter.retry", "root", lambda o: {"letter_id": o.things["letter"]}, ROOT_ONLY),
    Case(
        "api_token.revoke",
        "ana",
        lambda o: {"token_id": o.things["token"]},
        {"mihai": "not_found", "admin": "not_found", "client": "not_found", "root": "not_found"},
    ),
]
EVERYONES = {"api_token.make"}
