"""The catalogue: every text in every language, whole, and in the forms that the language has."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from people.installation.wording_rules import plural_forms
from web.draw import catalogue_json
from web.words.translations import LANGUAGES, Reworded, read_catalogue, translations
from web.words.translations.__main__ import blanks_lost, faults_of, template

TRANSLATED = [language for language in LANGUAGES if language != "en"]
BLANK = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MARK = re.compile(r"</?\w+[^>]*>|\*\*|`|--\w+")
ALIKE = {
    "ro": {
        *("%(name)s, %(at)s: %(reason)s", "{count} B", "Signal: ana.01", "h"),
        *("Africa", "America", "Antarctica", "Asia", "Australia"),
        *("Calendar", "Client", "client", "Contact", "Fax", "General", "Link", "Offline"),
        *("offline", "Personal", "Port", "Server", "Total", "Violet"),
    },
    "uk": {"%(name)s, %(at)s: %(reason)s", "Signal: ana.01"},
}
"""What a language writes as English does."""


@cache
def needed() -> Catalog:
    """All texts of the sources."""
    return template()


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_doubtful_or_left_over(language: str) -> None:
    assert list(faults_of(language, needed())) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_text_has_as_many_forms_as_the_language(language: str) -> None:
    catalogue = read_catalogue(language)
    assert catalogue.num_plurals == 3
    for message in messages(language):
        forms = 3 if message.pluralizable else 1
        assert len([text for text in said(message) if text]) == forms, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_gettext_and_the_browser_choose_the_same_form(language: str) -> None:
    """Intl goes by CLDR, gettext by the file's head; the browser numbers CLDR's forms in their order."""
    header = translations(language).plural  # type: ignore[attr-defined]  # GNUTranslations keeps it
    rule = Locale.parse(language).plural_form
    order: list[str] = [name for name in ("one", "few", "many", "other") if name in rule.tags | {"other"}]
    for count in range(1000):
        assert header(count) == min(order.index(str(rule(count))), 2), count


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_newer_rule_of_the_library_changes_no_form_of_a_shipped_language(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = translations(language).plural  # type: ignore[attr-defined]  # GNUTranslations keeps it
    monkeypatch.setattr("web.words.translations.get_plural", lambda _language: get_plural("ja"))
    monkeypatch.setattr("people.installation.wording_rules.get_plural", lambda _language: get_plural("ja"))
    reworded = Reworded(language, {"Home": ("Acasă",)})
    assert [reworded.plural(count) for count in range(200)] == [forms(count) for count in range(200)]
    assert plural_forms(language) == 3


@pytest.mark.parametrize("language", TRANSLATED)
def test_blanks_and_marks_are_kept(language: str) -> None:
    for message in messages(language):
        source = [message.id] if isinstance(message.id, str) else list(message.id)
        for text in said(message):
            assert sorted(BLANK.findall(text)) == sorted(BLANK.findall(source[-1])), message.id
            assert sorted(MARK.findall(text)) == sorted(MARK.findall(source[-1])), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english(language: str) -> None:
    left = {message.id for message in messages(language) if said(message)[0] == message.id}
    assert left == ALIKE[language]


@pytest.mark.parametrize("language", TRANSLATED)
def test_texts_are_set_with_the_language_s_own_letters_and_signs(language: str) -> None:
    wrong = re.compile({"ro": r"[şţŞŢ\"“‘]|\.\.\.", "uk": r"[ыэъё\"'“„]|\.\.\."}[language], re.IGNORECASE)
    for message in messages(language):
        for text in said(message):
            assert not wrong.search(text), text
            assert text == text.strip(), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_people_are_spoken_to_formally(language: str) -> None:
    familiar = re.compile(
        {
            "ro": r"\b(tu|tine|ta|tău|tăi|tale|ești|îți|poți|vrei|ai deja)\b",
            "uk": r"\b(ти|тебе|тобі|тво(я|ї|є|го)|можеш)\b",
        }[language],
        re.IGNORECASE,
    )
    for message in messages(language):
        for text in said(message):
            assert not familiar.search(text), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_sentence_stays_one(language: str) -> None:
    """What ends with a stop, an ellipsis or a question mark does so in each language."""
    for message in messages(language):
        if isinstance(message.id, str):
            for end in (".", "…", "?", ":"):
                assert said(message)[0].endswith(end) == message.id.endswith(end), message.id


def test_what_somebody_did_is_said_in_one_form_that_fits_any_name() -> None:
    """A Ukrainian verb of the past has a gender, which a name doesn't tell: who it was stands before a colon."""
    lines = [
        (found[1], said(message)[0])
        for message in messages("uk")
        if any(path.endswith("sentences.py") for path, _ in message.locations)
        and (found := re.match(r"(\{(?!what\})\w+\}) ", str(message.id)))
    ]
    assert len(lines) > 100
    assert [line for who, line in lines if not line.startswith(f"{who}: ")] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_browser_gets_each_text_that_it_says(language: str) -> None:
    """With all three forms of those that count."""
    page = str(catalogue_json(language))
    for message in needed():
        if message.id and any(path.endswith(".ts") for path, _ in message.locations):
            key = message.id if isinstance(message.id, str) else message.id[0]
            assert key in ALIKE[language] or f'"{key}":' in page.replace('\\"', '"'), key


def test_a_lost_blank_is_a_fault() -> None:
    assert list(blanks_lost("%(who)s wrote: %(what)s", "%(who)s a scris: %(what)s")) == []
    assert list(blanks_lost("%(who)s wrote: %(what)s", "%(who)s a scris")) == ["blanks differ (%(what)s)"]


def messages(language: str) -> Iterator[Message]:
    return (message for message in read_catalogue(language) if message.id)


def said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())
