"""What persons bring."""

from people.persons import reads, resets, sentences
from people.persons.changes import change_person, demote_person, promote_person
from people.persons.departures import (
    ACCOUNT_CLOSED,
    ACCOUNT_REOPENED,
    deactivate_person,
    erase_person,
    reactivate_person,
)
from people.persons.emails import EMAIL_CHANGED, EMAIL_KNOWN, NEW_EMAIL, change_email
from people.persons.invitation_links import make_invitation_link, resend_invitation, withdraw_invitation
from people.persons.invitations import INVITATION
from people.persons.locks import ACCOUNT_LOCKED, ACCOUNT_UNLOCKED, lock_person, unlock_person
from people.persons.own_accounts import change_account
from people.persons.persons import add_person, invite_person, judge_newcomer
from people.persons.records import link_person, unlink_person
from people.persons.resets import RESET, Answerer, send_reset
from people.persons.search import find_people
from store.commands import Prepared
from store.finds import Find
from store.parts import Part
from store.upkeep import Upkeep

PERSONS = Part(
    "persons",
    verbs=(
        Prepared(add_person, judge_newcomer),
        invite_person,
        lock_person,
        unlock_person,
        reactivate_person,
        deactivate_person,
        erase_person,
        change_person,
        promote_person,
        demote_person,
        change_account,
        link_person,
        unlink_person,
        change_email,
        resend_invitation,
        withdraw_invitation,
        make_invitation_link,
        send_reset,
    ),
    reads=reads.READS,
    finds=(Find("person", 2, "user", find_people),),
    upkeep=Upkeep(
        forgets=(resets.forget_old,),
    ),
    jobs={"reset.answer": lambda shop: Answerer(shop.database).answer},
    letters=(
        INVITATION,
        RESET,
        NEW_EMAIL,
        EMAIL_KNOWN,
        EMAIL_CHANGED,
        ACCOUNT_LOCKED,
        ACCOUNT_UNLOCKED,
        ACCOUNT_CLOSED,
        ACCOUNT_REOPENED,
    ),
    journal=sentences.JOURNAL,
)
