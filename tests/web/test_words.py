"""Words: the catalogue, and dates, hours and sizes as a reader reads them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from store.errors import Refusal, TooMany
from tests.web.houses import House
from web.draw import catalogue_json, embedded_json, environment, initials
from web.refusals import translate
from web.words import formatting
from web.words.excerpts import plain
from web.words.formatting import Reader, reading_as
from web.words.translations import accepted, translated
from web.words.translations.__main__ import blanks_lost
from web.words.zones import RENAMED, city

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
"""Already tomorrow in Kyiv."""


def test_a_translation_that_loses_a_blank_is_found() -> None:
    assert not list(blanks_lost("Hello %(name)s", "Salut %(name)s"))
    assert list(blanks_lost("Hello %(name)s", "Salut"))
    assert list(blanks_lost("{who} left", "{cine} a plecat"))
    assert not list(
        blanks_lost(("%(num)s task", "%(num)s tasks"), ("o sarcină", "%(num)s sarcini", "%(num)s de sarcini"))
    )


def test_a_refusal_is_said_in_the_asker_s_language_with_its_blanks_filled() -> None:
    refusal = Refusal("At most %(most)s", most=3, fields={"title": "This is required."})
    assert translate("en", refusal) == {
        "code": "refused",
        "message": "At most 3",
        "fields": {"title": "This is required."},
    }
    assert translate("ro", TooMany())["message"] == translated("ro", TooMany.message) != TooMany.message


def test_a_sentence_that_ends_with_a_filling_has_one_full_stop() -> None:
    page = environment().from_string(
        '{{ _("Ask %(who)s.", who=who) }} {% trans who=who %}{{ who }} left.{% endtrans %}'
    )
    with reading_as(Reader("en", UTC, NOW)):
        assert page.render(who="Nord S.R.L.") == "Ask Nord S.R.L. Nord S.R.L. left."
        assert page.render(who=Markup("<b>Nord & Co.</b>")) == "Ask <b>Nord & Co.</b> <b>Nord & Co.</b> left."
        assert page.render(who="<Ana>") == "Ask &lt;Ana&gt;. &lt;Ana&gt; left."
        bold = environment().from_string("{% trans who=who %}Ask <b>{{ who }}</b>.{% endtrans %}")
        assert bold.render(who="Nord S.R.L.") == "Ask <b>Nord S.R.L.</b>"
        assert bold.render(who="Ana") == "Ask <b>Ana</b>."
        assert page.render(who="3 dec.") == "Ask 3 dec. 3 dec. left."
    assert (
        translate("en", Refusal("Ask %(whom)s. Or wait.", whom="Nord S.R.L."))["message"] == "Ask Nord S.R.L. Or wait."
    )
    assert translate("en", Refusal("Ask %(whom)s.", whom="Ana"))["message"] == "Ask Ana."
    assert translate("en", Refusal("See %(site)s.example.", site="a."))["message"] == "See a..example."


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "en"),
        ("ro-RO,ro;q=0.9", "ro"),
        ("en;q=0.5, uk;q=0.8", "uk"),
        ("uk;q=x, ro", "ro"),
        ("*", "en"),
    ],
)
def test_the_browser_s_favourite_that_is_spoken_here(header: str, language: str) -> None:
    assert accepted(header) == language


@pytest.mark.parametrize(("new", "old"), RENAMED.items())
def test_a_renamed_zone_s_city_is_named_whichever_name_cldr_has(new: str, old: str) -> None:
    with reading_as(Reader("uk", ZoneInfo("UTC"), NOW)):
        assert city(new) == city(old)
        assert city(new)[0] in "КЯ"
        assert city("Europe/Bucharest") == "Бухарест"


def test_moments_are_the_reader_s_own() -> None:
    with reading_as(Reader("uk", ZoneInfo("Europe/Kyiv"), NOW)):
        assert formatting.time_of_day(NOW) == "00:30"
        assert formatting.long_day(NOW) == "Неділя, 22 листопада"
        assert formatting.due(date(2026, 11, 22)) == translated("uk", "Today")
        assert formatting.overdue(date(2026, 11, 21))
    with reading_as(Reader("en", UTC, NOW)):
        assert formatting.long_day(NOW) == "Saturday, 21 November"
        assert formatting.short_date("2026-11-21T09:12:00Z") == "21 Nov 2026"
        assert formatting.due("2026-11-22") == "Tomorrow"
        assert formatting.due("2027-01-02") == "2 Jan 2027"
        assert formatting.relative_words(NOW - timedelta(minutes=3)) == "3 minutes ago"
        assert formatting.greeting("Ana Popescu") == "Good evening, Ana"
    for hour, words in (
        (2, "Hello, Ana"),
        (4, "Good morning, Ana"),
        (12, "Good afternoon, Ana"),
        (18, "Good evening, Ana"),
    ):
        with reading_as(Reader("en", UTC, NOW.replace(hour=hour))):
            assert formatting.greeting("Ana Popescu") == words


def test_durations_keep_their_form() -> None:
    assert formatting.clock(2530) == "0:42:10"
    assert formatting.clock(-5) == "0:00:00"
    assert formatting.hours(112_800) == "31:20"


def test_words_in_a_page_s_script_can_t_end_it() -> None:
    assert "</script" not in embedded_json({"body": "</script><script>alert(1)</script>"})
    assert catalogue_json("en") == "{}"


def test_names_and_messages_are_shortened() -> None:
    assert (initials("Ana Popescu"), initials("Ana Maria Popescu"), initials("Cher"), initials("—")) == (
        "AP",
        "AP",
        "C",
        "?",
    )
    assert plain("**Hi** *you*, see [the text](https://x.example)\n> quoted") == "Hi you, see the text quoted"
    assert len(plain("word " * 100)) <= 110
    for signs in ("**", "```", "# "):
        assert plain(signs).strip()
    assert plain("[](https://x.example)") == "[](https://x.example)"


async def test_a_live_part_says_what_it_listens_to(house: House) -> None:
    for who, rooms in (("admin", 2), ("client", 1), ("freelancer", 0)):
        async with house.browser(who) as browser:
            part = await browser.get("/parts/home")
        streams = part.headers["x-streams"].split()
        names = [stream.partition("@")[0] for stream in streams]
        assert names[0] == "person"
        assert ("business" in names) == (who != "client")
        assert sum(name.startswith("room:") for name in streams) == rooms
