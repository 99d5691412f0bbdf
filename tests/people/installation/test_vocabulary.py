"""The vocabulary: what may be said otherwise, in files too, and further languages."""

from typing import Any

import pytest
from sqlalchemy import select

import web.translations  # noqa: F401 - it says which texts there are
from people.accounts import Account
from people.installation.registrations import RegistrationAsk
from people.installation.vocabulary import (
    LanguageKnown,
    LanguageNeeded,
    Wording,
    further_languages,
    plural_forms,
    texts,
    wordings,
)
from people.languages import LANGUAGES
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound
from store.log import read_log
from tests.people.offices import Office
from web.refusals import translate

COUNTED = "%(count)s person"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


async def run(office: Office, command: str, /, **fields: Any) -> Any:
    return (await office.agency.commands.run(office.root.actor, command, fields)).result


async def say(office: Office, english: str, *forms: str, language: str = "uk") -> None:
    await run(office, "wording.change", language=language, english=english, forms=list(forms))


async def kept(database: Database, language: str = "uk") -> dict[str, tuple[str, ...]]:
    async with database.reading() as tx:
        return (await wordings(tx)).get(language, {})


async def test_cc12_a_text_is_said_otherwise_and_again_as_shipped(database: Database, office: Office) -> None:
    await say(office, "Home", "Домівка")
    assert await kept(database) == {"Home": ("Домівка",)}
    await run(office, "wording.reset", language="uk", english="Home")
    assert await kept(database) == {}
    shipped = texts()["Home"].shipped["uk"]
    await say(office, "Home", "Домівка")
    await say(office, "Home", *shipped)
    assert await kept(database) == {}, "what Atrium says anyway needn't be kept"


async def test_cc12_plural_forms_are_as_many_as_the_language_has(database: Database, office: Office) -> None:
    forms = ("%(count)s особа", "%(count)s особи", "%(count)s осіб")
    await say(office, COUNTED, *forms)
    assert await kept(database) == {COUNTED: forms}
    with pytest.raises(Invalid):
        await say(office, COUNTED, *forms[:2])
    with pytest.raises(Invalid):
        await say(office, "Home", *forms)


@pytest.mark.parametrize("forms", [("un", "%(count)s"), ("un", "b", "c", "d", "e", "%(count)s")])
async def test_forms_kept_by_another_version_of_the_languages_rules_are_read_by_today_s(
    database: Database, office: Office, forms: tuple[str, ...]
) -> None:
    """French had two forms when they were written, and has three since CLDR gave it one for millions."""
    await run(office, "language.add", code="fr")
    async with database.transaction() as tx:
        tx.add(Wording(id=tx.new_id(), language="fr", text=COUNTED, forms=list(forms), changed_at=tx.now))
    said = (await kept(database, "fr"))[COUNTED]
    assert (len(said), said[0], said[-1]) == (plural_forms("fr"), "un", "%(count)s")


@pytest.mark.parametrize(
    "form",
    [
        "хтось писав",
        "%(who)s: %(what)s %(more)s",
        "%(who)s: %(what)s 100 %",
        "%(who)s: <b>%(what)s</b>",
        '"%(who)s: %(what)s',
        "  ",
    ],
)
async def test_cc12_what_would_break_a_page_is_refused(office: Office, form: str) -> None:
    english = next(
        text for text in texts() if "%(who)s" in text and "%(what)s" in text and texts()[text].plural is None
    )
    with pytest.raises(Invalid) as refused:
        await say(office, english, form)
    assert translate("uk", refused.value)["fields"]["forms.0"]


async def test_a_text_that_there_is_not_is_refused(office: Office) -> None:
    with pytest.raises(Invalid):
        await say(office, "There is no such text in Atrium", "Так")
    with pytest.raises(Invalid):
        await say(office, "Home", "Hjem", language="nb")


async def test_a_file_is_taken_over_whole(database: Database, office: Office) -> None:
    po = (
        HEAD + 'msgid "Home"\nmsgstr "Домівка"\n\nmsgid "Not a text of ours"\nmsgstr "Ні"\n\nmsgid "Rooms"\nmsgstr ""\n'
    )
    first = await run(office, "wordings.import", language="uk", po=po)
    assert first == {"changed": 1, "same": 0, "unknown": 1}
    assert await run(office, "wordings.import", language="uk", po=po) == {"changed": 0, "same": 1, "unknown": 1}
    assert await kept(database) == {"Home": ("Домівка",)}


async def test_a_file_s_faults_are_named_by_line(database: Database, office: Office) -> None:
    english = next(text for text in texts() if "%(who)s" in text and texts()[text].plural is None)
    po = HEAD + f'msgid "Home"\nmsgstr "Домівка"\n\nmsgid "{english}"\nmsgstr "Нема"\n'
    with pytest.raises(Invalid) as refused:
        await run(office, "wordings.import", language="uk", po=po)
    assert "7" in translate("en", refused.value)["fields"]["po"]
    assert await kept(database) == {}, "nothing of it was taken over"
    with pytest.raises(Invalid) as refused:
        await run(office, "wordings.import", language="uk", po=HEAD + 'msgid "Home"\nmsgstr "Домівка\nmsgid msgid')
    assert "Line" in translate("en", refused.value)["fields"]["po"]
    with pytest.raises(Invalid):
        await run(office, "wordings.import", language="uk", po="x" * 900_001)


async def test_a_further_language_is_added(database: Database, office: Office) -> None:
    await run(office, "language.add", code="fr")
    async with database.reading() as tx:
        assert await further_languages(tx) == {"fr": "Français"}
    for code in ("fr", "uk"):
        with pytest.raises(LanguageKnown):
            await run(office, "language.add", code=code)
    with pytest.raises(Invalid):
        await run(office, "language.add", code="xq")
    assert "fr" not in LANGUAGES, "a node knows it when it reads the installation anew"


async def test_an_added_language_is_taken_away_with_its_words_and_from_who_used_it(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run(office, "language.add", code="fr")
    monkeypatch.setitem(LANGUAGES, "fr", "Français")
    await say(office, "Home", "Accueil", language="fr")
    ana, commands = office.agency.ana, office.agency.commands
    await commands.run(ana.actor, "account.change", {"language": "fr"})
    await run(office, "installation.change", language="fr")
    with pytest.raises(LanguageNeeded):
        await run(office, "language.remove", code="fr")
    await run(office, "installation.change", language="uk")
    async with database.transaction() as tx:
        ask = {"id": tx.new_id(), "at": tx.now, "business_name": "Casa", "name": "Nadia", "email": "nadia@casa.example"}
        tx.add(RegistrationAsk(**ask, language="fr", time_zone="UTC", address="192.0.2.1", password_hash="-"))
    await run(office, "language.remove", code="fr")
    assert await kept(database, "fr") == {}
    async with database.reading() as tx:
        assert await further_languages(tx) == {}
        account = await tx.get(Account, ana.id)
        assert account
        assert account.language == "uk"
        assert list(await tx.scalars(select(RegistrationAsk.language))) == ["uk"], "who has yet to be answered, too"
        told = (await read_log(tx, f"person:{ana.id}", 0))[-1]
    assert (told.name, told.body["changed"], told.body["account"]["language"]) == (
        "account.changed",
        ["language"],
        "uk",
    )
    for code in ("fr", "ro", "en"):
        with pytest.raises(NotFound):
            await run(office, "language.remove", code=code)


async def test_only_superadmins_change_words(office: Office) -> None:
    wish = {"language": "uk", "english": "Home", "forms": ["Дім"]}
    with pytest.raises(Forbidden):
        await office.agency.commands.run(office.agency.admin.actor, "wording.change", wish)
