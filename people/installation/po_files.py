"""Files of gettext's form (.po), read. A sandbox's work: a long one takes a while."""

from collections.abc import Collection
from io import StringIO
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

BYTE_ORDER_MARK = "\ufeff"


def read(po: str, language: str, known: Collection[str]) -> tuple[str, Any]:
    """This is ``("read", (messages, unknown))``: each message of a known text, with its line, its English form and its
    translations, those that are in doubt apart, and how many others there are. Or why it can't be read: ``("forms",
    line)`` for a wrong number of plural forms, ``("line", line)``, or ``("form", 0)`` for what is no such file."""
    try:
        # As a text it is read whatever encoding its head names, and with any kind of line end.
        file = StringIO(po.lstrip(BYTE_ORDER_MARK), newline=None)
        catalogue = read_po(file, locale=language, abort_invalid=True)
    except PoFileError as error:
        return "forms" if "num_plurals" in str(error) else "line", (error.lineno or 0) + 1
    except (ValueError, UnicodeError, LookupError):
        return "form", 0
    said = [message for message in catalogue if message.id and not message.fuzzy]
    ours = [(message.lineno or 0, _id(message), _forms(message)) for message in said if _id(message) in known]
    return "read", (ours, len(said) - len(ours))


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
