"""What an installation has beside an office: another business with its admin, and two who registered."""

from sqlalchemy import select

from people.installation.registrations import RegisterBusiness, Registration, register
from store.database import Database
from tests.people.offices import Office

PASSWORD = "grey heron over water"


async def installed(database: Database, office: Office) -> dict[str, str]:
    """These are the identifiers of what was made, by what it is."""

    async def run(command: str, /, **fields: object) -> dict[str, str]:
        found: dict[str, str] = (await office.agency.commands.run(office.root.actor, command, fields)).result
        return found

    await run("installation.change", registration_open=True)
    admin = await run("admin.add", name="Vera", email="vera@fourth.example", password=PASSWORD, business_name="Fourth")
    for name in ("casa", "lemn"):
        wish = {"business_name": name, "name": "Nadia", "email": f"nadia@{name}.example", "password": PASSWORD}
        await register(database, RegisterBusiness.model_validate(wish), address="192.0.2.1")
    async with database.reading() as tx:
        first, second = await tx.scalars(select(Registration.id).order_by(Registration.asked_at))
    return {"other_admin": admin["id"], "registration": str(first), "second_registration": str(second)}
