"""Choices: countries, currencies and days of the week, in the reader's language."""

from operator import itemgetter

from babel.dates import get_day_names
from babel.numbers import get_currency_name

from people.profiles import countries, currencies
from store.texts.sorting import by_name
from web.words.formatting import reader
from web.words.translations import LANGUAGES

Choice = tuple[str, str]


def country_choices() -> list[Choice]:
    """These are the countries by name."""
    names = reader().locale.territories
    found = ((code, str(names.get(code, code))) for code in countries())
    return by_name(found, reader().language, itemgetter(1))


def language_choices() -> list[Choice]:
    """These are the languages that Atrium speaks here, each by its own name."""
    return list(LANGUAGES.items())


def currency_choices() -> list[Choice]:
    """These are the currencies by their codes, each with its name."""
    locale = reader().locale
    return [(code, f"{code} – {get_currency_name(code, locale=locale)}") for code in sorted(currencies())]


def weekdays() -> list[tuple[int, str]]:
    """These are the days of the week, Monday being 1."""
    names = get_day_names("wide", context="stand-alone", locale=reader().locale)
    return [(number, str(names[number - 1]).capitalize()) for number in range(1, 8)]
