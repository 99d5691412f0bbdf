"""What may be refused, and why.

    Refusal
    ├── Malformed        400  the request can't be read
    ├── NotSignedIn      401  nobody known is asking
    ├── Forbidden        403  known, seen, and not allowed
    ├── NotFound         404  isn't there, or isn't yours: one answer
    ├── Conflict         409  true, but not in the state that things are in
    ├── TooLarge         413  more than a limit of size
    ├── Invalid          422  readable, but a field can't be so
    ├── TooMany          429  more often than a limit of pace
    └── Unavailable      503  an engine is away; nothing was changed
        └── Overloaded   503  all are there, and there is too much to do

Raising one rolls the transaction back; each transport turns it into its reply in one place.
A message is an English sentence and the key of its translation; its blanks are ``%(name)s``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar


def _(text: str) -> str:
    """Mark a text for the catalogue; it is translated where it leaves, in the reader's language."""
    return text


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its noun, ``%(count)s`` being the number's place: a param of a message, said like it where it
    leaves. The number may have a fraction."""

    one: str
    many: str
    count: float | Decimal

    def __str__(self) -> str:
        return (self.one if self.count == 1 else self.many) % {"count": f"{self.count:g}"}


@dataclass(frozen=True, slots=True)
class Size:
    """A size in bytes: a param of a message, said in the reader's units where it leaves."""

    bytes: int

    def __str__(self) -> str:
        return f"{self.bytes} B"


class Refusal(Exception):
    """Something that won't be done, in a form that every transport can answer with."""

    status: ClassVar[int] = 400
    code: str = "refused"
    message: str = _("This can't be done.")
    retry_after_seconds: float | None = None
    beside: Mapping[str, Any] = MappingProxyType({})
    """What the wire says beside, for programs."""

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        fields: dict[str, str] | None = None,
        **params: Any,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = fields or {}
        self.params = params
        super().__init__(self.message % params if params else self.message)


class Malformed(Refusal):
    status = 400
    code = "malformed"
    message = _("The request couldn't be read.")


class NotSignedIn(Refusal):
    status = 401
    code = "not_signed_in"
    message = _("Please sign in.")


class Forbidden(Refusal):
    status = 403
    code = "forbidden"
    message = _("You don't have permission to do this.")


class NotFound(Refusal):
    status = 404
    code = "not_found"
    message = _("This doesn't exist, or you don't have access to it.")


class Conflict(Refusal):
    status = 409
    code = "conflict"


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    message = _("This is too large.")


class Invalid(Refusal):
    status = 422
    code = "invalid"
    message = _("Please check what you entered.")


class KeyReused(Invalid):
    code = "key_reused"
    message = _("This idempotency key was already used for something else.")


class TooMany(Refusal):
    status = 429
    code = "too_many_requests"
    message = _("Too many requests. Please wait a moment.")
    retry_after_seconds: float

    def __init__(
        self, message: str | None = None, *, retry_after_seconds: float = 1, code: str | None = None, **params: Any
    ) -> None:
        super().__init__(message, code=code, **params)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refusal):
    status = 503
    code = "unavailable"
    message = _("The database can't be reached. Nothing was changed. Please try again.")


class Overloaded(Unavailable):
    """There is more to do than can be done. PostgreSQL is there."""

    code = "overloaded"
    message = _("The server is busy. Please try again in a moment.")
    retry_after_seconds = 5


class DiskFull(Unavailable):
    message = _("The server is out of space. Nothing was changed. You can continue once there is space again.")


class ToolFailed(Exception):
    """A program that the hub runs, such as pg_dump, ended with an error; the message is what it said."""
