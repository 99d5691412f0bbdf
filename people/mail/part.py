"""What letters bring."""

from people.mail.letters import retry_letter
from people.mail.mail_settings import change_mail_settings, send_test_letter
from store.parts import Part

MAIL = Part(
    "mail",
    verbs=(
        change_mail_settings,
        send_test_letter,
        retry_letter,
    ),
)
