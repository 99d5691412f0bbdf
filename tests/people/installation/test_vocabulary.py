"""The vocabulary: what may be said otherwise, in files too, and further languages."""

from typing import Any

import pytest
from sqlalchemy import select

import web.words.translations  # noqa: F401 - it says which texts there are
from people.accounts import Account
from people.installation.further_languages import LanguageKnown, LanguageNeeded, further_languages
from people.installation.interface_texts import texts
from people.installation.registrations import RegistrationAsk
from people.installation.vocabulary import Wording, po_text, wordings
from people.installation.wording_rules import plural_forms
from people.languages import LANGUAGES
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound
from tests.people.offices import Office
from tests.reads import read_log
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
        "%(who)s: %(name)s %(more)s",
        "%(who)s: %(name)s 100 %",
        "%(who)s: <b>%(name)s</b>",
        '"%(who)s: %(name)s',
        "  ",
    ],
)
async def test_cc12_what_would_break_a_page_is_refused(office: Office, form: str) -> None:
    english = "%(name)s (by %(who)s)"
    assert texts()[english].plural is None
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


HOME = 'msgid "Home"\nmsgstr "Домівка"\n'
COUNT = 'msgid "%(count)s person"\nmsgid_plural "%(count)s people"\n'


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_a_file_is_read_with_a_byte_order_mark_and_any_line_end(
    database: Database, office: Office, mark: str, end: str
) -> None:
    po = mark + (HEAD + HOME).replace("\n\n", end * 2).replace('"\n', f'"{end}')
    assert (await run(office, "wordings.import", language="uk", po=po))["changed"] == 1
    assert await kept(database) == {"Home": ("Домівка",)}


async def test_a_head_that_names_another_encoding_changes_nothing_in_a_text(database: Database, office: Office) -> None:
    po = HEAD.replace("utf-8", "windows-1251") + HOME
    await run(office, "wordings.import", language="uk", po=po)
    assert await kept(database) == {"Home": ("Домівка",)}


READABLE = [
    ("utf-8", "utf-8"),
    ("utf-8-sig", "utf-8"),
    ("utf-16", "utf-16"),
    ("utf-16", "CHARSET"),
    ("utf-8", "CHARSET"),
]
READABLE += [("cp1251", "windows-1251"), ("koi8-u", "KOI8-U"), ("iso8859-5", "ISO-8859-5"), ("utf-8-sig", "CP1251")]


@pytest.mark.parametrize(("encoding", "named"), READABLE)
def test_a_file_is_read_in_the_encoding_that_it_names(encoding: str, named: str) -> None:
    po = HEAD.replace("utf-8", named) + HOME
    assert po_text(po.encode(encoding)).lstrip("\ufeff") == po


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + HOME).encode("cp1251"),
        HOME.encode("cp1251"),
        (HEAD.replace("utf-8", "no-such-thing") + HOME).encode(),
        (HEAD.replace("utf-8", "hex") + HOME).encode(),
        b"\xff\xfe\x00",
    ],
)
def test_a_file_in_another_encoding_is_refused_with_the_reason(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        po_text(content)
    assert "UTF-8" in translate("en", refused.value)["fields"]["po"]


async def test_what_is_fuzzy_is_left_aside(database: Database, office: Office) -> None:
    po = "#, fuzzy\n" + HEAD + "#, fuzzy\n" + HOME + '\nmsgid "Rooms"\nmsgstr "Зали"\n'
    assert (await run(office, "wordings.import", language="uk", po=po))["changed"] == 1
    assert await kept(database) == {"Rooms": ("Зали",)}


@pytest.mark.parametrize("count", [1, 2, 4, 6])
async def test_a_file_with_too_few_or_too_many_forms_is_refused_with_the_line(
    database: Database, office: Office, count: int
) -> None:
    forms = "".join(f'msgstr[{number}] "%(count)s особа"\n' for number in range(count))
    with pytest.raises(Invalid) as refused:
        await run(office, "wordings.import", language="uk", po=HEAD + COUNT + forms)
    said = translate("en", refused.value)["fields"]["po"]
    assert said.startswith("Lines 4: ")
    assert "forms: 3" in said if count > 3 else "form is empty" in said
    assert await kept(database) == {}


@pytest.mark.parametrize("declared", [2, 4])
async def test_a_head_with_another_count_of_forms_is_refused_too(office: Office, declared: int) -> None:
    head = HEAD.rstrip().removesuffix('"') + f'Plural-Forms: nplurals={declared}; plural=(n != 1);\\n"\n\n'
    forms = "".join(f'msgstr[{number}] "%(count)s особа"\n' for number in range(declared))
    with pytest.raises(Invalid) as refused:
        await run(office, "wordings.import", language="uk", po=head + COUNT + forms)
    assert "forms: 3" in translate("en", refused.value)["fields"]["po"]


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
