"""What rooms themselves bring; what is done in them has parts of its own."""

from people.forms import AccountForm, PersonForm
from processes.forms import ProcessForm
from rooms import reads, sentences
from rooms.access import Room
from rooms.companies import must_have_no_rooms, tell_company_s_rooms
from rooms.departures import count_rooms, erase_from_rooms, hand_over_rooms, held_in_rooms
from rooms.forms import MemberForm, MembershipForm, RoomForm
from rooms.landing_pages import must_be_open
from rooms.members import add_member, enlist_department, remove_member
from rooms.persons import tell_rooms
from rooms.rendered_texts import draw_ahead
from rooms.rooms import archive_room, change_room, open_room, restore_room
from rooms.search import find_rooms
from rooms.stages import count_rooms_at_stages, rooms_are_at
from rooms.summaries import sum_rooms
from store.commands import Prepared
from store.finds import Find
from store.parts import Part
from store.tabs import Tab
from store.upkeep import Upkeep

ROOMS = Part(
    "rooms",
    verbs=(
        Prepared(open_room, draw_ahead),
        Prepared(change_room, draw_ahead),
        archive_room,
        restore_room,
        add_member,
        remove_member,
        enlist_department,
    ),
    reads=reads.READS,
    answers=(
        held_in_rooms,
        hand_over_rooms,
        erase_from_rooms,
        tell_rooms,
        must_be_open,
        tell_company_s_rooms,
        must_have_no_rooms,
        count_rooms,
        sum_rooms,
        rooms_are_at,
        count_rooms_at_stages,
    ),
    finds=(Find("room", 1, "door", find_rooms),),
    shown={"room": (RoomForm, ProcessForm, PersonForm, MemberForm), "person": (AccountForm, MembershipForm)},
    upkeep=Upkeep(described=(Room,)),
    timeline=sentences.TIMELINE,
    notices=sentences.NOTICES,
    tabs=(Tab("overview", 1), Tab("timeline", 6)),
)
