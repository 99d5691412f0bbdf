"""Who there is: businesses, persons, companies, and one e-mail for one party."""

import pytest

from people.persons.superadmins import add_superadmin
from people.signing.sign_in import sign_in
from people.signing.throttling import SignInLimits
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound, NotSignedIn, TooMany
from tests.hub.agencies import Agency, Person, open_agency
from tests.stages import staged

PASSWORD = "a long password"


agency = staged(open_agency)


async def hire(agency: Agency, by: Person | None = None, /, **fields: object) -> str:
    person = {"kind": "staff", "name": "Petru", "email": "petru@atelier.example", "password": PASSWORD} | fields
    return str((await agency.run(by or agency.admin, "person.add", **person)).result["id"])


async def enter(database: Database, email: str, password: str = PASSWORD, limits: SignInLimits | None = None) -> str:
    actor, _token = await sign_in(database, email, password, address="192.0.2.1", agent="test", limits=limits)
    return actor.kind


async def code_of(refused: pytest.ExceptionInfo[BaseException]) -> str:
    return str(getattr(refused.value, "code", ""))


@pytest.mark.parametrize("kind", ["admin", "staff", "client"])
async def test_cc01_each_kind_of_person_signs_in_and_cc08_the_email_decides_which(
    database: Database, agency: Agency, kind: str
) -> None:
    await hire(agency, kind=kind)
    assert await enter(database, "petru@atelier.example") == kind
    assert await enter(database, "PETRU@Atelier.example") == kind


async def test_cc01_a_superadmin_signs_in(database: Database) -> None:
    async with database.transaction() as tx:
        await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
    assert await enter(database, "rada@atrium.example") == "superadmin"


async def test_cc03_a_company_cannot_sign_in(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "company.add", name="Nord Bakery", email="office@nord.example")
    with pytest.raises(NotSignedIn) as refused:
        await enter(database, "office@nord.example")
    assert refused.value.code == "wrong_credentials"


@pytest.mark.parametrize("second", ["admin", "staff", "client", "company"])
@pytest.mark.parametrize("first", ["staff", "client", "company"])
async def test_cc04_one_email_one_party(agency: Agency, first: str, second: str) -> None:
    async def add(kind: str, email: str) -> None:
        if kind == "company":
            await agency.run(agency.admin, "company.add", name="Nord Bakery", email=email)
        else:
            await hire(agency, kind=kind, email=email)

    await add(first, "one@party.example")
    with pytest.raises(Exception) as refused:  # noqa: PT011 - its code says which
        await add(second, "One@Party.example")
    assert await code_of(refused) == "email_taken"
    assert getattr(refused.value, "fields", {}).keys() == {"email"}
    await add(second, "another@party.example")


async def test_cc04_holds_over_businesses(agency: Agency) -> None:
    await hire(agency)
    with pytest.raises(Exception) as refused:  # noqa: PT011
        await hire(agency, agency.outsider)
    assert await code_of(refused) == "email_taken"


async def test_cc05_a_client_and_a_staff_member_may_share_a_name(agency: Agency) -> None:
    await hire(agency, kind="staff", name="Ion Popa", email="ion@staff.example")
    await hire(agency, kind="client", name="Ion Popa", email="ion@client.example")


@pytest.mark.parametrize("kind", ["admin", "staff", "client"])
async def test_only_who_may_adds_people(agency: Agency, kind: str) -> None:
    for person in (agency.ana, agency.client):
        with pytest.raises(Forbidden):
            await hire(agency, person, kind=kind)


async def test_staff_with_the_permission_adds_people_but_gives_no_more_than_they_hold(
    database: Database, agency: Agency
) -> None:
    await hire(agency, permissions=["staff"])
    petru = await as_person(database, "petru@atelier.example")
    await hire(agency, petru, email="new@atelier.example", permissions=["staff"])
    with pytest.raises(Forbidden):
        await hire(agency, petru, email="other@atelier.example", permissions=["staff", "invoicing"])
    with pytest.raises(Forbidden):
        await hire(agency, petru, email="other@atelier.example", kind="client")


async def test_a_person_belongs_to_no_other_business_s_company(agency: Agency) -> None:
    company = (await agency.run(agency.outsider, "company.add", name="Elsewhere")).result["id"]
    with pytest.raises(Invalid) as refused:
        await hire(agency, kind="client", company_id=company)
    assert refused.value.fields.keys() == {"company_id"}


async def test_a_superadmin_opens_a_business_and_adds_its_admin(database: Database, agency: Agency) -> None:
    async with database.transaction() as tx:
        await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
    rada = await as_person(database, "rada@atrium.example")
    opened = (await agency.run(rada, "business.open", business_name="Third")).result["id"]
    await hire(agency, rada, kind="admin", email="admin@third.example", business_id=opened)
    assert await enter(database, "admin@third.example") == "admin"
    with pytest.raises(Forbidden):
        await agency.run(agency.admin, "business.open", business_name="Fourth")
    with pytest.raises(NotFound):
        await hire(agency, kind="staff", email="spy@third.example", business_id=opened)


async def test_tries_to_sign_in_are_limited_by_account_and_by_address(database: Database, agency: Agency) -> None:
    await hire(agency)
    limits = SignInLimits(per_account=3, per_address=5)
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            await enter(database, "petru@atelier.example", "wrong", limits)
    with pytest.raises(TooMany):
        await enter(database, "petru@atelier.example", PASSWORD, limits)
    with pytest.raises(NotSignedIn):  # the fifth from here: work that was set counts too
        await enter(database, "nobody@atelier.example", "wrong", limits)
    with pytest.raises(TooMany) as refused:
        await enter(database, "somebody@atelier.example", "wrong", limits)
    assert refused.value.code == "too_many_attempts"


async def test_wrong_and_unknown_are_one_answer(database: Database, agency: Agency) -> None:
    await hire(agency)
    answers = []
    for email in ("petru@atelier.example", "nobody@atelier.example"):
        with pytest.raises(NotSignedIn) as refused:
            await enter(database, email, "wrong")
        answers.append((refused.value.code, refused.value.message))
    assert answers[0] == answers[1]


async def as_person(database: Database, email: str) -> Person:
    actor, token = await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    return Person(actor, token)
