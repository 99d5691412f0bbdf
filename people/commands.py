"""What may be asked about people, at a glance."""

from people.checklists import hide_checklist, show_checklist
from people.installation.admins import activate_admin, add_admin, change_admin, deactivate_admin, judge_admin
from people.installation.deletions import delete_admin
from people.installation.further_languages import add_language, remove_language
from people.installation.hierarchy import enter_business, move_business
from people.installation.impersonations import acknowledge_impersonations, end_impersonation
from people.installation.openings import open_business
from people.installation.registration_decisions import approve_registration, refuse_registration
from people.installation.settings import change_installation
from people.installation.updates import run_update
from people.installation.vocabulary import change_wording, import_wordings, read_wordings, reset_wording
from people.mail.letters import retry_letter
from people.mail.mail_settings import change_mail_settings, send_test_letter
from people.persons.changes import change_person, demote_person, promote_person
from people.persons.departures import deactivate_person, erase_person, reactivate_person
from people.persons.emails import change_email
from people.persons.invitation_links import make_invitation_link, resend_invitation, withdraw_invitation
from people.persons.locks import lock_person, unlock_person
from people.persons.persons import add_person, change_account, invite_person, judge_newcomer
from people.persons.records import link_person, unlink_person
from people.persons.resets import send_reset
from people.profiles import change_business, renew_meetings_key
from people.roles import add_role, change_role, remove_role
from people.signing.access import change_password, judge_new_password, revoke_all_sessions, revoke_other_sessions
from people.signing.authenticators import confirm_authenticator, remove_authenticator, start_authenticator
from people.signing.domains.domain_proofs import check_domain, look_for_record, vouch_domain, withdraw_domain
from people.signing.factor_resets import reset_factors
from people.signing.identities import unlink_identity
from people.signing.known_devices import forget_device
from people.signing.passkeys import remove_passkey, rename_passkey
from people.signing.policies import change_installation_policy, change_sign_in_policy
from people.signing.providers import add_provider, change_provider, remove_provider
from people.signing.recovery import renew_recovery_codes
from people.signing.session_ends import revoke_session
from people.signing.tokens import make_api_token, revoke_api_token
from store.commands import Prepared

VERBS = (
    open_business,
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
    add_role,
    change_role,
    remove_role,
    change_business,
    renew_meetings_key,
)
"""Of persons, roles and the business."""

FURTHER_VERBS = (
    hide_checklist,
    show_checklist,
    change_email,
    Prepared(change_password, judge_new_password),
    revoke_session,
    revoke_other_sessions,
    revoke_all_sessions,
    forget_device,
    start_authenticator,
    confirm_authenticator,
    remove_authenticator,
    renew_recovery_codes,
    reset_factors,
    rename_passkey,
    remove_passkey,
    change_sign_in_policy,
    change_installation_policy,
    add_provider,
    change_provider,
    remove_provider,
    unlink_identity,
    Prepared(check_domain, look_for_record),
    vouch_domain,
    withdraw_domain,
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
    resend_invitation,
    withdraw_invitation,
    make_invitation_link,
    send_reset,
    make_api_token,
    revoke_api_token,
    change_mail_settings,
    send_test_letter,
    retry_letter,
)
"""Of one's own account, signing in, the installation, links and letters."""
