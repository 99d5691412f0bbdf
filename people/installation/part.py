"""What running the installation brings."""

from people.forms import InstallationForm
from people.installation import deletions, impersonations, registrations, sentences
from people.installation.admins import activate_admin, add_admin, change_admin, deactivate_admin, judge_admin
from people.installation.deletions import delete_admin
from people.installation.further_languages import add_language, remove_language
from people.installation.hierarchy import enter_business, move_business
from people.installation.impersonations import acknowledge_impersonations, end_impersonation
from people.installation.openings import open_business
from people.installation.registration_decisions import (
    ACCOUNT_APPROVED,
    ACCOUNT_REFUSED,
    approve_registration,
    refuse_registration,
)
from people.installation.registrations import (
    REGISTRATION_ASKED,
    REGISTRATION_CONFIRM,
    REGISTRATION_KNOWN,
    REGISTRATION_WAITING,
    Registrar,
    awaited,
)
from people.installation.settings import change_installation
from people.installation.updates import run_update
from people.installation.vocabulary import change_wording, import_wordings, read_wordings, reset_wording
from store.commands import Prepared
from store.parts import Part
from store.upkeep import Upkeep

INSTALLATION = Part(
    "installation",
    verbs=(
        open_business,
        change_installation,
        add_language,
        remove_language,
        change_wording,
        reset_wording,
        Prepared(import_wordings, read_wordings),
        Prepared(add_admin, judge_admin),
        change_admin,
        delete_admin,
        activate_admin,
        deactivate_admin,
        approve_registration,
        refuse_registration,
        move_business,
        enter_business,
        run_update,
        end_impersonation,
        acknowledge_impersonations,
    ),
    answers=(awaited,),
    shown={"installation": (InstallationForm,)},
    upkeep=Upkeep(
        forgets=(
            registrations.forget_old,
            impersonations.end_overdue,
        ),
        clears=(deletions.end_all,),
        after=frozenset({"admin.deleted"}),
    ),
    jobs={"registration.answer": lambda shop: Registrar(shop.database).answer},
    letters=(
        REGISTRATION_ASKED,
        REGISTRATION_WAITING,
        REGISTRATION_CONFIRM,
        REGISTRATION_KNOWN,
        ACCOUNT_APPROVED,
        ACCOUNT_REFUSED,
    ),
    journal=sentences.JOURNAL,
    notices=sentences.NOTICES,
)
