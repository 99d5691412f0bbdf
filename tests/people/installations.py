"""What an installation has beside an office: another business with its admin, and two who registered."""

from sqlalchemy import select

from people.installation.registrations import RegisterBusiness, Registrar, Registration, RegistrationAsk, register
from store.database import Database
from tests.people.offices import Office, open_office

PASSWORD = "grey heron over water"


async def open_installed(database: Database) -> Office:
    """An office, in an installation that has more than it."""
    office = await open_office(database)
    office.things |= await installed(database, office)
    return office


async def installed(database: Database, office: Office) -> dict[str, str]:
    """These are the identifiers of what was made, by what it is."""

    async def run(command: str, /, **fields: object) -> dict[str, str]:
        found: dict[str, str] = (await office.agency.commands.run(office.root.actor, command, fields)).result
        return found

    await run("installation.change", registration_open=True)
    await run("language.add", code="de")
    admin = await run("admin.add", name="Vera", email="vera@fourth.example", password=PASSWORD, business_name="Fourth")
    for name in ("casa", "lemn"):
        wish = {"business_name": name, "name": "Nadia", "email": f"nadia@{name}.example", "password": PASSWORD}
        await registered(database, **wish)
    async with database.reading() as tx:
        first, second = await tx.scalars(select(Registration.id).order_by(Registration.asked_at))
    return {"other_admin": admin["id"], "registration": str(first), "second_registration": str(second)}


async def registered(database: Database, **wish: str) -> None:
    """Register someone, and let it be taken up as a worker does."""
    await register(database, RegisterBusiness.model_validate(wish), address="192.0.2.1")
    await take_up(database)


async def take_up(database: Database) -> None:
    """Take up who registered, as a worker does."""
    async with database.reading() as tx:
        asks = list(await tx.scalars(select(RegistrationAsk.id)))
    for ask in asks:
        await Registrar(database).answer(str(ask))
