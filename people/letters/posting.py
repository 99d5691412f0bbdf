"""Posting: a letter's way to a mail server, by SMTP.

Source: RFC 5321 (SMTP), RFC 5322 (the message), RFC 3834 (``Auto-Submitted``).
"""

import asyncio
import os
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import aiosmtplib

SECONDS = 30
"""So long a step of the conversation may take."""
ALTOGETHER_SECONDS = 60
"""Less than a letter is claimed for."""


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
        async with asyncio.timeout(ALTOGETHER_SECONDS):
            await aiosmtplib.send(
                message(server, mail),
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
    except (aiosmtplib.SMTPException, ssl.SSLError, OSError) as error:
        raise NotPosted(_reason(server, error)) from error
    except ValueError as error:  # an address that can't be written
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


def message(server: MailServer, mail: Mail) -> EmailMessage:
    """This is a mail as it goes over the wire. Its id stays the same however often it is tried."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(server.sender_name, addr_spec=server.sender_email)
    made["To"] = Address(mail.to_name, addr_spec=mail.to_email)
    made["Subject"] = " ".join(mail.subject.split())
    made["Date"] = mail.at
    made["Message-ID"] = f"<{mail.id}@{server.sender_email.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    made["Content-Language"] = mail.language
    return made
