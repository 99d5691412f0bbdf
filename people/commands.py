"""What may be asked about people, at a glance. An account is changed in ``rooms``, where names stand too."""

from people.businesses import open_business
from people.companies import add_company
from people.installation.settings import change_installation
from people.installation.vocabulary import add_language, change_wording, import_wordings, reset_wording
from people.persons import add_person, invite_person
from people.roles import add_role, change_role, remove_role
from people.sessions import change_password, revoke_other_sessions, revoke_session

VERBS = (
    open_business,
    add_person,
    invite_person,
    add_role,
    change_role,
    remove_role,
    add_company,
    change_password,
    revoke_session,
    revoke_other_sessions,
    change_installation,
    add_language,
    change_wording,
    reset_wording,
    import_wordings,
)
