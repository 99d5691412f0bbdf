"""Pseudonyms of the erased: kept in one form, read in the reader's language wherever a name is shown."""

from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from tests.web.houses import House
from web.draw import environment
from web.words.formatting import Reader, reading_as


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Former colleague 3F2A"), ("ro", "Fost coleg 3F2A"), ("uk", "Колишній колега 3F2A")],
)
def test_it_is_said_in_the_reader_s_language(language: str, said: str) -> None:
    template = environment().from_string("<b title=\"{{ name }}\">{{ name }}</b> {{ _('by %(name)s', name=name) }}")
    with reading_as(Reader(language, UTC, datetime.now(UTC))):
        shown = template.render(name="Former colleague 3F2A")
        plain = template.render(name="<i>Former colleague</i>")
    assert shown.count(said) == 3
    assert "&lt;i&gt;Former colleague&lt;/i&gt;" in plain


def test_markup_stays_markup() -> None:
    with reading_as(Reader("ro", UTC, datetime.now(UTC))):
        shown = environment().from_string("{{ html }}").render(html=Markup("<b>Former client 00FF</b>"))
    assert shown == "<b>Fost client 00FF</b>"


async def test_whoever_is_erased_is_so_named_on_pages(own_house: House) -> None:
    agency = own_house.scene.agency
    ana, mihai = str(agency.ana.id), str(agency.mihai.id)
    await agency.run(agency.admin, "account.change", language="uk")
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=mihai)
    await agency.run(agency.admin, "person.erase", person_id=ana, name="Ana")
    async with own_house.browser("admin") as admin:
        room = (await admin.get(f"/rooms/{own_house.room}/plain")).text
    number = agency.ana.id.hex[-4:].upper()
    assert f"Колишній колега {number}" in room
    assert f"Former colleague {number}" not in room
