"""E-mail addresses: one spelling each, so that one address is one party, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from people.mailboxes import LONGEST, Email, EmailIfAny, as_sent, one_domain, one_spelling
from people.parties import Party
from people.persons.resets import ResetAsk, ask_for_reset
from people.persons.superadmins import add_superadmin
from people.signing.sign_in import sign_in
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Conflict, Invalid
from tests.hub.agencies import Agency, open_agency
from tests.stages import staged

PASSWORD = "a long password"
KEPT, SENT = "ion@știri.example", "ion@xn--tiri-pxb.example"
SPELLINGS = (KEPT, SENT, "ion@ȘTIRI.example", "ion@XN--TIRI-PXB.Example", " ion@s\u0326tiri.example ")


agency = staged(open_agency)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_one_address(spelling: str) -> None:
    assert one_spelling(spelling) == KEPT
    assert as_sent(spelling.strip()) == SENT
    assert TypeAdapter(Email).validate_python(spelling.strip()) == KEPT
    assert one_domain(spelling.strip().partition("@")[2]) == "știri.example"


LABEL = st.from_regex(r"[a-zăâîșțїієґ]([a-zăâîșțїієґ0-9]{0,12}[a-z0-9])?", fullmatch=True)
LOCAL = st.from_regex(r"[A-Za-z0-9]+([.+_-][A-Za-z0-9]+){0,2}", fullmatch=True).filter(lambda local: len(local) < 60)


@given(LOCAL, LABEL)
def test_an_address_and_how_it_is_sent_are_one(local: str, label: str) -> None:
    email = f"{local}@{label}.example"
    assert as_sent(email).isascii()
    assert one_spelling(as_sent(email)) == one_spelling(email) == one_spelling(one_spelling(email))


@given(st.text(max_size=400) | st.text("a 1@.\U0001d160\u0344", min_size=300, max_size=400))
def test_what_is_no_address_stays_what_it_is(typed: str) -> None:
    assert one_spelling(one_spelling(typed)) == one_spelling(typed)
    assert len(one_spelling(typed)) <= LONGEST + 1


@pytest.mark.parametrize("more", ["x", " x", "\u0301", ".example"])
def test_what_is_longer_than_any_address_is_nobody_s(more: str) -> None:
    email = f"ion@{'știri.' * 51}example"
    assert one_spelling(email + " " * (LONGEST - len(email)) + more) not in {email, one_spelling(email)}


@pytest.mark.parametrize("email", ["ștefan@exemplu.example", "я@exemplu.example", "a\u202eb@exemplu.example"])
def test_what_mail_servers_don_t_take_is_refused_where_it_is_entered(email: str) -> None:
    for kind in (Email, EmailIfAny):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(email)


def test_an_address_that_may_be_missing_is_an_empty_text() -> None:
    assert TypeAdapter(EmailIfAny).validate_python("") == ""
    assert TypeAdapter(EmailIfAny).validate_python(SENT) == KEPT


@pytest.mark.parametrize("second", SPELLINGS[1:])
async def test_cc04_two_spellings_are_one_party(database: Database, agency: Agency, second: str) -> None:
    person = {"kind": "staff", "name": "Ion", "password": PASSWORD}
    await agency.run(agency.admin, "person.add", **person, email=KEPT)
    for refused_is in ("person.add", "company.add"):
        fields = person if refused_is == "person.add" else {"name": "Știri"}
        with pytest.raises(Conflict) as refused:
            await agency.run(agency.admin, refused_is, **fields, email=second.strip())
        assert refused.value.fields.keys() == {"email"}
    with pytest.raises(Conflict):
        async with database.transaction() as tx:
            await add_superadmin(tx, "Ion", second, PASSWORD)


@pytest.mark.parametrize("typed", SPELLINGS)
async def test_one_signs_in_and_is_found_by_any_spelling(database: Database, agency: Agency, typed: str) -> None:
    await agency.run(agency.admin, "person.add", kind="staff", name="Ion", email=SENT, password=PASSWORD)
    actor, _token = await sign_in(database, typed, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    assert actor.email == KEPT
    await ask_for_reset(database, typed, Whence("192.0.2.1", "test"))
    async with database.reading() as tx:
        assert await tx.scalar(select(Party.name).where(Party.email == typed)) == "Ion"
        assert await tx.scalar(select(ResetAsk.email)) == KEPT


@pytest.mark.parametrize(
    ("name", "field", "more"),
    [
        ("person.add", "email", {"kind": "staff", "name": "Ștefan", "password": PASSWORD}),
        ("person.invite", "email", {"kind": "staff", "name": "Ștefan"}),
        ("company.add", "email", {"name": "Ștefan"}),
        ("business.change", "email", {}),
        ("email.change", "email", {"password": PASSWORD}),
    ],
)
async def test_the_reason_stands_at_the_field(agency: Agency, name: str, field: str, more: dict[str, object]) -> None:
    for email, said in (("ștefan@exemplu.example", "Email works only"), ("nobody", "This isn't an email")):
        with pytest.raises(Invalid) as refused:
            await agency.run(agency.admin, name, **{field: email}, **more)
        assert refused.value.fields.keys() == {field}
        assert refused.value.fields[field].startswith(said)
