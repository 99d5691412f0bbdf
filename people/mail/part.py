"""What letters bring."""

from people.mail import letters, links
from people.mail.delivery import MailSender
from people.mail.mail_settings import MAIL_TEST, change_mail_settings, send_test_letter
from people.mail.retries import retry_letter
from store.parts import Part
from store.upkeep import Upkeep

MAIL = Part(
    "mail",
    verbs=(
        change_mail_settings,
        send_test_letter,
        retry_letter,
    ),
    upkeep=Upkeep(
        forgets=(
            letters.forget_old,
            links.forget_old,
        ),
    ),
    jobs={"letter.send": lambda shop: MailSender(shop.database, shop.letters, shop.draw_letter, shop.site).send},
    letters=(MAIL_TEST,),
)
