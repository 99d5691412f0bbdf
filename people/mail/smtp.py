"""SMTP: a letter's way to a mail server, by SMTP.

Addresses go in plain letters: a domain such as ``știri.example`` as ``xn--…``. Where other letters stand before the @,
which addresses that are entered don't have any more, the server has to offer SMTPUTF8.

Source: RFC 5321 (SMTP), RFC 5322 (the message), RFC 6531 (SMTPUTF8), RFC 3834 (``Auto-Submitted``).
"""

import asyncio
import os
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib

from people.mail.headers import header, mailbox_parts, text_parts
from people.mailboxes import as_sent

SECONDS = 30
"""So long a step of the conversation may take."""
ALTOGETHER_SECONDS = 60
"""Less than a letter is claimed for."""
SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Every server takes it, whatever it offers."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and on whose behalf it is asked."""

    server: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)
    sender_email: str
    sender_name: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent: to whom, and what it says in both of its parts."""

    id: str
    to_email: str
    to_name: str
    subject: str
    text: str
    html: str
    language: str
    at: datetime


class NotPosted(Exception):
    """A mail that the server didn't take; ``final`` when it never will."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


async def post(server: MailServer, mail: Mail) -> None:
    """Hand a mail to the server. Returned from, the server has it.

    Raises:
        NotPosted: it doesn't; the server's own words say why.
    """
    try:
        sender, receiver = as_sent(server.sender_email), as_sent(mail.to_email)
        async with asyncio.timeout(ALTOGETHER_SECONDS):
            await aiosmtplib.send(
                message(server, mail),
                sender=sender,
                recipients=[receiver],
                mail_options=[] if (sender + receiver).isascii() else ["SMTPUTF8"],
                hostname=server.server,
                port=server.port,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                username=server.username or None,
                password=server.password or None,
                timeout=SECONDS,
            )
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        raise NotPosted(f"{refused.code} {refused.message}", final=refused.code >= 500) from error
    except aiosmtplib.SMTPDataError as error:
        raise NotPosted(f"{error.code} {error.message}", final=error.code >= 500) from error
    except aiosmtplib.SMTPResponseException as error:
        raise NotPosted(f"{error.code} {error.message}") from error
    except aiosmtplib.SMTPNotSupported as error:
        raise NotPosted(str(error), final=not (sender + receiver).isascii()) from error
    except (aiosmtplib.SMTPException, ssl.SSLError, OSError) as error:
        raise NotPosted(_reason(server, error)) from error
    except ValueError as error:  # an address or a header that can't be written
        raise NotPosted(str(error), final=True) from error


def _reason(server: MailServer, error: Exception) -> str:
    """Why there was no conversation: what the system says of the connection, rather than where in a library."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    words = str(error)
    if isinstance(cause, ssl.SSLError):  # whose number is none of the system's
        words = str(cause)
    elif isinstance(cause, TimeoutError):
        words = "timed out"
    elif isinstance(cause, OSError) and cause.errno:
        words = os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)
    return f"{server.server}:{server.port}: {words or type(error).__name__}"


def message(server: MailServer, mail: Mail) -> bytes:
    """This is a mail as it goes over the wire. Its id stays the same however often it is tried."""
    sender, receiver = as_sent(server.sender_email), as_sent(mail.to_email)
    headers = (
        header("From", *mailbox_parts(server.sender_name, sender), other_letters=not sender.isascii()),
        header("To", *mailbox_parts(mail.to_name, receiver), other_letters=not receiver.isascii()),
        header("Subject", *text_parts(mail.subject)),
        header("Date", format_datetime(mail.at)),
        header("Message-ID", f"<{mail.id}@{sender.rpartition('@')[2]}>"),
        header("Auto-Submitted", "auto-generated"),
        header("X-Auto-Response-Suppress", "All"),
        header("Content-Language", mail.language),
    )
    body = EmailMessage(policy=SEVEN_BIT)
    body.set_content(mail.text)
    body.add_alternative(mail.html, subtype="html")
    return "".join(headers).encode() + body.as_bytes()
