"""Letters: what is told by e-mail.

    await send_letter(tx, LEAVE_ASKED, to_person_id=head.id, who="Ana", …)

A letter is queued in the transaction of what it tells of, and sent by a worker, in the receiver's language, with an
HTML and a text part (``web/letters.py``, ``web/templates/letters``). What it holds is kept here without secrets: a
link's secret is made at the moment of sending, and is nowhere but in the mail.
"""

from people.mail.kinds import MailKind, mail_kind
from people.mail.letters import Letter, send_letter, withdraw_letters

__all__ = ["Letter", "MailKind", "mail_kind", "send_letter", "withdraw_letters"]
