"""The catalogue: every text that people read, by its English form, in each language.

One file a language (``ro.po``, ``uk.po``), read at start; English is the key and needs none. ``python -m
web.words.translations`` keeps the files in step with the sources. Over the files lies what the installation says
otherwise (``reword``), which may be in further languages too.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations, c2py
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from people.installation import interface_texts
from people.installation.interface_texts import Forms, Text
from people.installations import current
from people.languages import LANGUAGES, SHIPPED

__all__ = [
    "LANGUAGES",
    "accepted",
    "counted",
    "po_path",
    "read_catalogue",
    "reword",
    "texts",
    "translated",
    "translations",
]

FOLDER = Path(__file__).parent
PARTS = (
    ("letters", ("web/templates/letters", "web/letters", "people/mail")),
    ("live", ("web/client",)),
    ("pages", ("web/templates",)),
)
_reworded: dict[str, "Reworded"] = {}


class Reworded(GNUTranslations):
    """A language's texts as the installation says them."""

    def __init__(self, language: str, words: Mapping[str, Forms]) -> None:
        super().__init__()
        shipped = as_shipped(language)
        self._catalog: dict[Any, str] = dict(getattr(shipped, "_catalog", {}))
        self.plural = getattr(shipped, "plural", None) or c2py(get_plural(language).plural_expr)
        known = texts()
        for text, forms in words.items():
            if (found := known.get(text)) and found.plural is None:
                self._catalog[text] = forms[0]
            elif found:
                self._catalog.update({(text, number): form for number, form in enumerate(forms)})


def translations(language: str) -> NullTranslations:
    """These are a language's texts; English, and what isn't translated, stays as it is written in the source."""
    return _reworded.get(language) or as_shipped(language)


def reword(words: Mapping[str, Mapping[str, Forms]]) -> None:
    """Say texts otherwise from now on: those of the given languages so, all others as Atrium says them."""
    made = {language: Reworded(language, said) for language, said in words.items() if said}
    _reworded.clear()
    _reworded.update(made)


@cache
def as_shipped(language: str) -> NullTranslations:
    """These are a language's texts as Atrium brings them."""
    if language not in SHIPPED or language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translated(language: str, text: str) -> str:
    """This is a text in a language."""
    return translations(language).gettext(text) if text else text


def counted(language: str, one: str, many: str, count: Decimal) -> str:
    """This is the text, of a plural, that fits a number, which may have a fraction.

    gettext chooses by whole numbers alone. A fraction takes the form of a whole number of its CLDR category, in
    Romanian that of 2; where no whole number has it, as in Ukrainian, the translation of ``many`` as a text of its own.
    """
    found = translations(language)
    if count == count.to_integral_value():
        return found.ngettext(one, many, int(abs(count)))
    alike = _whole_numbers(language).get(_category(language, abs(count)))
    if alike is not None:
        return found.ngettext(one, many, alike)
    of_fractions = found.gettext(many)
    return of_fractions if of_fractions != many else found.ngettext(one, many, FAR_FROM_ONE)


FAR_FROM_ONE = 5
WHOLE = (0, *range(2, 201), 1_000_000, 1)
"""One comes last: untranslated texts are in English, where it stands alone."""


@cache
def _whole_numbers(language: str) -> dict[str, int]:
    """These are a language's categories of plural that whole numbers have, each with one of them."""
    return {_category(language, Decimal(number)): number for number in reversed(WHOLE)}


def _category(language: str, count: Decimal) -> str:
    return str(Locale.parse(language).plural_form(count))


@cache
def texts() -> dict[str, Text]:
    """These are all texts of the interface, by their English (singular) form."""
    found: dict[str, Text] = {}
    catalogues = {language: read_catalogue(language) for language in SHIPPED if language != "en"}
    for language, catalogue in catalogues.items():
        for message in catalogue:
            if not message.id:
                continue
            one, many = (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            before = found.get(one) or Text(one, many, _part(message.locations), {})
            shipped = {**before.shipped, **({language: forms} if all(forms) else {})}
            found[one] = Text(one, before.plural, before.part, shipped)
    return found


def _part(locations: "list[tuple[str, int]]") -> str:
    """Where a text stands: a page, what the browser draws by itself, a letter, or what the hub says."""
    for path, _line in locations:
        for part, places in PARTS:
            if path.startswith(places):
                return part
    return "said"


interface_texts.offer(texts)


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
    spoken = (language for _, language in sorted(wishes, key=lambda wish: wish[0]) if language in LANGUAGES)
    return next(spoken, current().language)
