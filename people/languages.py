"""Languages: those that Atrium brings words for, and those that an installation has added to them."""

from typing import Annotated

from pydantic import AfterValidator

from store.errors import _

SHIPPED = {"en": "English", "ro": "Română", "uk": "Українська"}
"""Each by its own name."""
LANGUAGES = dict(SHIPPED)
"""Those that can be chosen on this installation; ``people.installations`` keeps it up to date."""


def spoken(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(_("This language isn't available here."))
    return code


Language = Annotated[str, AfterValidator(spoken)]
