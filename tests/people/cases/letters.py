"""Letters, invitations, resets, and tokens."""

from tests.people.offices import ELSEWHERE, Case

NOT_CLIENTS_S = {**ELSEWHERE, "manager": "forbidden"}

CASES = [
    Case(
        "invitation.resend",
        "admin",
        lambda o: {"person_id": o.things["invited"]},
        NOT_CLIENTS_S,
    ),
    Case(
        "invitation_link.make",
        "lead",
        lambda o: {"person_id": o.things["invited"]},
        NOT_CLIENTS_S,
    ),
    Case(
        "invitation.withdraw",
        "lead",
        lambda o: {"person_id": o.things["invited"]},
        NOT_CLIENTS_S,
    ),
    Case(
        "reset.send",
        "lead",
        lambda o: {"person_id": str(o.agency.mihai.id)},
        NOT_CLIENTS_S,
    ),
    Case(
        "mail_settings.change",
        "root",
        lambda _o: {"server": "127.0.0.1", "security": "none", "sender_email": "hub@atrium.example"},
    ),
    Case("test_letter.send", "root", lambda _o: {}),
    Case("letter.retry", "root", lambda o: {"letter_id": o.things["letter"]}),
    Case(
        "api_token.revoke",
        "ana",
        lambda o: {"token_id": o.things["token"]},
        {"mihai": "not_found", "admin": "not_found", "client": "not_found", "root": "not_found"},
    ),
]
EVERYONES = {"api_token.make"}
