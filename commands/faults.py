"""What is wrong with a command as it was sent: each fault by its field, in plain words."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from store.commands import Command
from store.errors import Invalid, _

C = TypeVar("C", bound=Command)


MOST_FAULTS = 20
"""Nobody mends more at once, and each is said in the reader's language."""


def read_command(command: type[C], fields: Mapping[str, Any]) -> C:
    """This is a command with these fields.

    Raises:
        Invalid: they don't fit; it says why, field by field.
    """
    try:
        return command.model_validate(fields)
    except ValidationError as error:
        raise Invalid(fields=faults_of(error)) from None


def faults_of(error: ValidationError) -> dict[str, str]:
    """This is why fields don't fit, by field, in words for whoever filled them in; of many, the first that don't."""
    return {_place(fault["loc"]): _words(fault) for fault in error.errors(include_url=False)[:MOST_FAULTS]}


def _place(where: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in where) or "fields"


_WORDS = {
    "missing": _("This is required."),
    "extra_forbidden": _("There is no such field."),
    "string_too_short": _("This is too short."),
    "string_too_long": _("This is too long."),
    "too_long": _("That's too many."),
    "string_type": _("This must be text."),
    "list_type": _("This must be a list."),
    "literal_error": _("This isn't one of the choices."),
    "uuid_parsing": _("This isn't an identifier."),
    "uuid_type": _("This isn't an identifier."),
    "date_from_datetime_parsing": _("This isn't a date."),
    "date_parsing": _("This isn't a date."),
    "date_type": _("This isn't a date."),
}


_OTHERWISE = _("This isn't valid.")


def _words(fault: Any) -> str:
    """Why a field doesn't fit, in our words: the library's own are for developers, and in English."""
    if fault["type"] == "value_error":
        reason = fault.get("ctx", {}).get("error")
        return str(reason) if reason else _("This isn't an email address.")  # the library's only one without an error
    return _WORDS.get(fault["type"], _OTHERWISE)
