"""What people as a whole bring: roles, the business, its first steps."""

from people import sentences
from people.checklists import hide_checklist, show_checklist
from people.profiles import change_business, renew_meetings_key
from people.roles import add_role, change_role, remove_role
from store.parts import Part

PEOPLE = Part(
    "people",
    verbs=(
        add_role,
        change_role,
        remove_role,
        change_business,
        renew_meetings_key,
        hide_checklist,
        show_checklist,
    ),
    notices=sentences.NOTICES,
)
