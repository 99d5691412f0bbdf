"""Queries: what an address says of what it asks for, as texts, and how each kind of it is read.

An empty one is as if not said, and what a read doesn't know is let be: addresses are written by hand and passed on.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from store.days import known_moment
from store.errors import _

DIGITS_AT_MOST = 18
WORDS_AT_MOST = 100
MOST_SOUGHT = 100
"""So long are the words that somebody looks for: as long as a name or a title could be, since they are folded."""


class Query(BaseModel):
    """What a read is asked with: the fields that its path names, and beside them those of its query."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)


def as_identifier(text: str) -> UUID:
    """This is an identifier.

    Raises:
        ValueError: it can't be one.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise ValueError(_("This isn't an identifier.")) from error


def as_whole(text: str) -> int:
    """This is a whole number, from nought on.

    Raises:
        ValueError: it isn't.
    """
    if not text.isdecimal() or len(text) > DIGITS_AT_MOST:
        raise ValueError(_("This must be a whole number."))
    return int(text)


def as_flag(text: str) -> bool:
    return text.lower() in ("1", "true", "yes", "on")


def as_moment(text: str) -> datetime:
    """This is a moment in UTC, or a day's first one.

    Raises:
        ValueError: it isn't one, or is out of bounds.
    """
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise ValueError(_("This isn't a date or a time.")) from error
    return known_moment(at)


def as_words(text: str) -> list[str]:
    """These are words between which commas stand.

    Raises:
        ValueError: there are very many.
    """
    found = [word for word in text.split(",") if word]
    if len(found) > WORDS_AT_MOST:
        raise ValueError(_("That's too many."))
    return found


def as_sought(text: str) -> str:
    """These are the words that somebody looks for."""
    return text.strip()[:MOST_SOUGHT]


def at_most(most: int) -> AfterValidator:
    """Hold a number of things to what one answer gives; it is at least one."""

    def held(number: int) -> int:
        return max(1, min(number, most))

    return AfterValidator(held)


Identifier = Annotated[UUID, BeforeValidator(as_identifier)]
Whole = Annotated[int, Field(ge=0), BeforeValidator(as_whole)]
Flag = Annotated[bool, BeforeValidator(as_flag)]
Moment = Annotated[datetime, BeforeValidator(as_moment)]
Words = Annotated[list[str], BeforeValidator(as_words), WithJsonSchema({"type": "string"})]
Sought = Annotated[str, BeforeValidator(as_sought)]
