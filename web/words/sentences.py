"""Sentences in the reader's language: what is declared beside the events (``store.sentences``), with blanks filled."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from store.sentences import BLANK, Otherwise, Said
from web.words.translations import translated


def in_words(said: Said, language: str) -> str:
    """This is a sentence as plain text."""
    fillings = _fillings(said, language)
    return BLANK.sub(lambda blank: fillings.get(blank[1], blank[0]), translated(language, said.pattern))


def in_markup(said: Said, language: str, **shown: Markup) -> Markup:
    """This is a sentence for a page: names stand out, somebody's words don't; what is given here is as it is shown."""
    fillings = {
        name: escape(filling) if name == "words" else Markup("<b>{}</b>").format(filling)
        for name, filling in _fillings(said, language).items()
    } | shown
    pattern = str(escape(translated(language, said.pattern)))
    return Markup(BLANK.sub(lambda blank: fillings.get(blank[1], blank[0]), pattern))  # noqa: S704 - all is escaped


def _fillings(said: Said, language: str) -> Mapping[str, str]:
    return {
        name: translated(language, filling.text) if isinstance(filling, Otherwise) else filling
        for name, filling in said.params.items()
    }
