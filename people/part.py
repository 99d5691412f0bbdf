"""What people as a whole bring: roles, the business, its first steps."""

from people import journal, rate_limits, sentences
from people.checklists import hide_checklist, show_checklist
from people.logos import discard_logo, is_logo, remove_logo
from people.profiles import change_business, renew_meetings_key
from people.roles import add_role, change_role, remove_role
from store.parts import Part
from store.upkeep import Upkeep

PEOPLE = Part(
    "people",
    verbs=(
        add_role,
        change_role,
        remove_role,
        change_business,
        remove_logo,
        renew_meetings_key,
        hide_checklist,
        show_checklist,
    ),
    answers=(discard_logo, is_logo),
    upkeep=Upkeep(
        forgets=(rate_limits.forget_old,),
        chores=(journal.forget_old_lines,),
    ),
    journal=sentences.JOURNAL,
    notices=sentences.NOTICES,
)
