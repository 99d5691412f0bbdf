"""Kinds of letters. Whoever posts a letter declares its kind beside; ``hub.parts`` has all of them by their names.

Each has its template, ``web/templates/letters/<name>.html``.
"""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["invitation", "reset", "email", "registration"]


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of letter: its subject, with blanks for parameters, and what its secret link is for."""

    name: str
    subject: str
    listed: str
    """What it is called where letters are listed."""
    params: frozenset[str]
    """What it is sent with; texts and numbers, or lists of them."""
    link: Purpose | None = None
    """A letter with a link has the parameter ``<purpose>_id``, and dies with what that names."""


def mail_kind(name: str, subject: str, listed: str, *params: str, link: Purpose | None = None) -> MailKind:
    """This is a kind of letter, by what it is sent with."""
    return MailKind(name, subject, listed, frozenset(params), link)


NAMES = ("by", "inviter", "who")
"""Under one of these a letter names the person whose deed it tells of; who that is stands beside it: ``by_id``."""
