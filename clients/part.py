"""What companies and their clients bring."""

from clients import reads, sentences
from clients.companies import add_company, archive_company, change_company, restore_company
from clients.company_clients import belong_to, companies_by_client, forget_client, link_client, unlink_client
from clients.company_removals import remove_company
from clients.contacts import add_contact, change_contact, remove_contact
from clients.kept_clients import invite_client, keep_client
from clients.notes import add_company_note, remove_company_note
from clients.search import find_companies
from clients.services import add_service, change_service, remove_service
from clients.subscriptions import add_subscription, remove_subscription
from store.finds import Find
from store.parts import Part

CLIENTS = Part(
    "clients",
    verbs=(
        add_company,
        archive_company,
        restore_company,
        change_company,
        remove_company,
        keep_client,
        invite_client,
        link_client,
        unlink_client,
        add_contact,
        change_contact,
        remove_contact,
        add_company_note,
        remove_company_note,
        add_service,
        change_service,
        remove_service,
        add_subscription,
        remove_subscription,
    ),
    reads=reads.READS,
    answers=(companies_by_client, belong_to, forget_client),
    finds=(Find("company", 3, "building", find_companies),),
    journal=sentences.JOURNAL,
)
