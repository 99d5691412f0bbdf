"""Emojis: one sign by which somebody answers without words."""

from typing import Annotated

from pydantic import AfterValidator, Field

from store.errors import _

LONGEST = 20
"""So many code points at most are asked after. Source: Unicode Technical Standard 51, the longest of its sequences has
ten."""


def one_emoji(text: str) -> str:
    """This is an emoji as Unicode recommends it for interchange, whichever way it was typed.

    Raises:
        ValueError: it is none, or several.
    """
    import emoji  # noqa: PLC0415 - its tables take a tenth of a second, and only who reacts needs them

    if not emoji.is_emoji(text):
        raise ValueError(_("This isn't an emoji."))
    return emoji.emojize(emoji.demojize(text))


Emoji = Annotated[str, Field(max_length=LONGEST), AfterValidator(one_emoji)]
