"""Mailboxes: e-mail addresses, each in one spelling however it was written.

A domain is kept as people read it (``știri.example``), in small letters, and goes over the wire as ``xn--…``. So both
ways of writing it are one address, wherever one is entered, kept or looked for.

Source: RFC 5321 (mailboxes), RFC 5890 (domains with other letters), RFC 6531 (other letters before the @).
"""

from typing import Annotated, Any

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from pydantic import AfterValidator, EmailStr, ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.types import TypeDecorator

from store.errors import _
from store.texts.folding import normalized

LONGEST = 320


def one_spelling(email: str) -> str:
    """This is an address as it is kept and compared. What isn't one stays as it is, but for blanks around it, and
    for what is longer than any address."""
    email = _cut(email.strip())
    if email.isascii() and "xn--" not in email.lower():
        local, at, domain = email.rpartition("@")
        return f"{local}{at}{domain.lower()}"
    known = _known(email)
    return known.normalized if known else _cut(normalized("NFC", email))


def _cut(email: str) -> str:
    """What is too long is cut before anything looks into it, or keeps it, and is nobody's address all the same."""
    return email if len(email) <= LONGEST else f"{email[:LONGEST]}…"


def one_domain(domain: str) -> str | None:
    """This is a domain in its one spelling, or None when it can't be one."""
    known = _known(f"x@{domain}")
    return known.domain if known else None


def as_sent(email: str) -> str:
    """This is an address as mail servers know it. Letters that aren't ASCII stay before the @ alone.

    Raises:
        ValueError: it isn't one.
    """
    known = _known(email)
    if known is None:
        raise ValueError(f"{email} isn't an e-mail address")
    return f"{known.ascii_local_part or known.local_part}@{known.ascii_domain}"


def domain_as_sent(domain: str) -> str:
    """This is a domain as name servers know it: letters that aren't ASCII stand as ``xn--…``.

    Raises:
        ValueError: it can't be one.
    """
    return as_sent(f"x@{domain}").partition("@")[2]


def _known(email: str) -> ValidatedEmail | None:
    if len(email) > LONGEST:
        return None
    try:
        return validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return None


def _can_be_written_to(email: str) -> str:
    """Most mail servers take no other letters before the @: what can't reach anybody is said where it is entered."""
    if not email.rpartition("@")[0].isascii():
        raise ValueError(_("Email works only if the part before the @ has plain letters, a to z."))
    return email


Email = Annotated[EmailStr, AfterValidator(_can_be_written_to)]
"""An address that somebody enters, in its one spelling."""


def _unless_empty(email: Any, known: ValidatorFunctionWrapHandler) -> Any:
    return "" if email == "" else known(email)


EmailIfAny = Annotated[
    Email,
    WrapValidator(_unless_empty),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "email"}, {"type": "string", "const": ""}]}),
]
"""Such an address, or an empty text where there is none."""


class Mailbox(TypeDecorator[str]):
    """A column of addresses: whatever is written into it or compared with it is in its one spelling."""

    impl = CITEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return one_spelling(value) if isinstance(value, str) else value
