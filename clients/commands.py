"""What may be asked about companies and their clients, at a glance."""

from clients.companies import add_company, archive_company, change_company, restore_company
from clients.company_clients import link_client, unlink_client
from clients.company_removals import remove_company
from clients.contacts import add_company_note, add_contact, change_contact, remove_company_note, remove_contact
from clients.kept_clients import invite_client, keep_client
from clients.services import add_service, add_subscription, change_service, remove_service, remove_subscription

VERBS = (
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
)
