"""The people of the demo, and the companies that they work for."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from clients.companies import AddCompany, add_company
from people.actors import Actor, Permission
from people.first_roles import OFFERED, Role
from people.installation.openings import OpenBusiness, open_business
from people.languages import Language
from people.persons.own_accounts import ChangeAccount, change_account
from people.persons.persons import AddPerson, add_with_hash
from people.persons.superadmins import AddSuperadmin, add_superadmin_with_hash
from people.signing.passwords.passwords import hashed
from store.database import Transaction

PASSWORD = "atrium-demo"  # noqa: S105 - printed on the sign-in page
ROOT = "root@atrium.example"
ZONE = "Europe/Bucharest"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the demo, by a short name."""

    key: str
    name: str
    email: str
    kind: str
    language: Language = "en"
    company: str | None = None
    role: str = "employee"
    """One of the roles that a business begins with."""
    permissions: tuple[Permission, ...] = ()
    """What they may do beside it."""
    zone: str = ZONE


@dataclass(frozen=True, slots=True)
class DemoCompany:
    key: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class House:
    """A business with everyone in it; the admin is the first."""

    name: str
    people: tuple[Person, ...]
    companies: tuple[DemoCompany, ...]


STUDIO = House(
    "Creative Studio",
    (
        Person("adriana", "Adriana Dumitru", "admin@atrium.example", "admin", "en"),
        Person("ana", "Ana Popescu", "ana@atrium.example", "staff", "ro"),
        Person("mihai", "Mihai Ionescu", "mihai@atrium.example", "staff", "en"),
        Person("oksana", "Oksana Kovalenko", "oksana@atrium.example", "staff", "uk", zone="Europe/Kyiv"),
        Person("dan", "Dan Marin", "dan@atrium.example", "staff", "ro", None, "project_manager", ("clients",)),
        Person("iryna", "Iryna Bondar", "iryna@atrium.example", "staff", "uk", zone="Europe/Kyiv"),
        Person("petru", "Petru Lungu", "petru@atrium.example", "staff", "ro", zone="Europe/Chisinau"),
        Person("sofia", "Sofia Rusu", "sofia@atrium.example", "staff", "ro", role="accountant"),
        Person("vlad", "Vlad Stan", "vlad@atrium.example", "staff", "en"),
        Person("elena", "Elena Nord", "client@atrium.example", "client", "en", "nord"),
        Person("ioana", "Ioana Munteanu", "ioana@atrium.example", "client", "ro", "verde"),
        Person("taras", "Taras Shevchuk", "taras@atrium.example", "client", "uk", "karpaty", zone="Europe/Kyiv"),
        Person("grace", "Grace Bennett", "grace@atrium.example", "client", "en", "dental", zone="Europe/London"),
        Person("radu", "Radu Enache", "radu@atrium.example", "client", "ro", "crama"),
    ),
    (
        DemoCompany("nord", "Nord Bakery", "hello@nordbakery.example"),
        DemoCompany("verde", "Casa Verde", "contact@casaverde.example"),
        DemoCompany("karpaty", "Karpaty Tours", "office@karpaty.example"),
        DemoCompany("dental", "Brightwell Dental", "reception@brightwell.example"),
        DemoCompany("crama", "Crama Dealul Mare", "vin@dealulmare.example"),
    ),
)

OTHER = House(
    "Other Business",
    (
        Person("olivia", "Olivia Grant", "admin@other.example", "admin"),
        Person("stefan", "Stefan Weber", "staff@other.example", "staff"),
        Person("carla", "Carla Rossi", "client@other.example", "client", "en", "harbour"),
    ),
    (DemoCompany("harbour", "Harbour Legal", "mail@harbour.example"),),
)


@dataclass(slots=True)
class Cast:
    """The people and companies that were made, by their short names."""

    actors: dict[str, Actor] = field(default_factory=dict)
    companies: dict[str, UUID] = field(default_factory=dict)


async def make_root(tx: Transaction) -> Actor:
    """Make who runs the installation."""
    command = AddSuperadmin(name="Rodica Ene", email=ROOT, password=PASSWORD)
    id = await add_superadmin_with_hash(tx, command, await hashed(PASSWORD))
    return Actor(id, "superadmin", None, "Rodica Ene")


async def make_house(tx: Transaction, root: Actor, house: House) -> Cast:
    """Make a business with everyone in it."""
    opening = OpenBusiness(business_name=house.name, language="en", time_zone=ZONE)
    business = await open_business(tx, root, opening)
    cast, password_hash = Cast(), await hashed(PASSWORD)
    admin, *others = house.people
    cast.actors[admin.key] = by = await _make_person(tx, root, admin, business.id, cast, password_hash)
    for company in house.companies:
        made = await add_company(tx, by, AddCompany(name=company.name, email=company.email))
        cast.companies[company.key] = made.id
    for person in others:
        cast.actors[person.key] = await _make_person(tx, by, person, business.id, cast, password_hash)
    return cast


async def _make_person(
    tx: Transaction, by: Actor, person: Person, business_id: UUID, cast: Cast, password_hash: str
) -> Actor:
    role = await tx.scalar(select(Role.id).where(Role.business_id == business_id, Role.key == person.role))
    command = AddPerson.model_validate(
        {
            "kind": person.kind,
            "role_id": role,
            "name": person.name,
            "email": person.email,
            "password": PASSWORD,
            "company_id": cast.companies[person.company] if person.company else None,
            "permissions": list(person.permissions),
            "language": person.language,
            "business_id": business_id,
        }
    )
    form = await add_with_hash(tx, by, command, password_hash)
    actor = Actor(
        id=form.id,
        kind=form.kind,
        business_id=business_id,
        name=person.name,
        email=person.email,
        language=person.language,
        time_zone=person.zone,
        permissions=frozenset((*OFFERED[person.role][1], *person.permissions)),
    )
    if person.zone != ZONE:
        await tx.flush()
        await change_account(tx, actor, ChangeAccount(time_zone=person.zone))
    return actor
