"""The catalogue: every text that people read, by its English form, in each language.

One file a language (``ro.po``, ``uk.po``), read at start; English is the key and needs none. ``python -m
web.translations`` keeps the files in step with the sources.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "ro": "Română", "uk": "Українська"}
"""The languages, each by its own name."""


@cache
def translations(language: str) -> NullTranslations:
    """These are a language's texts; English, and what isn't translated, stays as it is written in the source."""
    if language not in LANGUAGES or language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translated(language: str, text: str) -> str:
    """This is a text in a language."""
    return translations(language).gettext(text) if text else text


def read_catalogue(language: str) -> Catalog:
    path = po_path(language)
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)


def po_path(language: str) -> Path:
    return FOLDER / f"{language}.po"


def accepted(header: str) -> str:
    """This is the language, of those spoken here, that a browser's ``Accept-Language`` likes best."""
    wishes: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    return next((language for _, language in sorted(wishes, key=lambda wish: wish[0]) if language in LANGUAGES), "en")
