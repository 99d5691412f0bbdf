"""What a demo business is furnished with: a profile, services, and whom to call at its companies."""

from datetime import date

from clients.contacts import AddContact, add_contact
from clients.notes import AddCompanyNote, add_company_note
from clients.services import AddService, add_service
from clients.subscriptions import AddSubscription, add_subscription
from hub.demo.cast import Cast
from people.actors import Actor
from people.profiles import ChangeBusiness, change_business
from store.database import Transaction

PROFILE = ChangeBusiness(
    address="Strada Mihai Eminescu 12\n700001 Iași, Romania",
    tax_id="RO 1234 5678",
    registration_number="J22/123/2019",
    phone="+40 232 555 010",
    email="office@studio.example",
    website="https://studio.example",
    country="RO",
    currency="EUR",
    header="Creative Studio SRL\nStrada Mihai Eminescu 12, Iași",
    footer_left="RO 1234 5678 · J22/123/2019",
    footer_right="office@studio.example\n+40 232 555 010",
    meetings_url="https://meet.example/creative-studio",
)
SERVICES = (("Website", "Design, words and code"), ("Care", "Updates and backups, monthly"), ("Hosting", ""))
USES = {"nord": (("Website", date(2026, 2, 2)), ("Care", date(2026, 5, 1)))}
CONTACTS = {"nord": (("Vera Nord", "Accounts", "+40 722 555 020", "vera@nord.example"),)}
NOTES = {"nord": "Elena reads mail in the morning, before the ovens. Better to call after two."}


async def furnish(tx: Transaction, cast: Cast, by: Actor) -> None:
    """Furnish a business with what an office has after some years."""
    await change_business(tx, by, PROFILE)
    services = {name: (await add_service(tx, by, AddService(name=name, note=note))).id for name, note in SERVICES}
    for key, company_id in cast.companies.items():
        for name, since in USES.get(key, ()):
            command = AddSubscription(company_id=company_id, service_id=services[name], since_on=since)
            await add_subscription(tx, by, command)
        for name, role, phone, email in CONTACTS.get(key, ()):
            contact = AddContact(company_id=company_id, name=name, role=role, phone=phone, email=email)
            await add_contact(tx, by, contact)
        if key in NOTES:
            await add_company_note(tx, by, AddCompanyNote(company_id=company_id, body=NOTES[key]))
