"""The parts: what each folder brings to the whole, in the order of the layers."""

from clients import commands as clients
from clients import reads as client_reads
from clients.company_clients import belong_to, companies_by_client, forget_client
from clients.search import find_companies
from people import commands as people
from people import sentences as people_sentences
from people.installation import sentences as installation
from people.installation.registrations import awaited
from people.persons import reads as people_reads
from people.persons.search import find_people
from people.signing import reads as signing_reads
from rooms import commands as rooms
from rooms import reads as room_reads
from rooms import sentences as room
from rooms.companies import must_have_no_rooms, tell_company_s_rooms
from rooms.departures import count_rooms, erase_from_rooms, hand_over_rooms, held_in_rooms
from rooms.files import sentences as files
from rooms.files.attachments import count_files, leave_task
from rooms.files.attachments import follow_task as follow_with_files
from rooms.files.files import find_files, show_files
from rooms.files.garbage import discard_all
from rooms.landing_pages import must_be_open
from rooms.persons import tell_rooms
from rooms.search import find_rooms
from rooms.stages import count_rooms_at_stages, rooms_are_at
from rooms.tasks import reads as task_reads
from rooms.tasks import sentences as tasks
from rooms.tasks.departures import pass_on_tasks, rooms_of_tasks, tasks_held
from rooms.tasks.stages import count_tasks_at_stages, tasks_are_at
from rooms.tasks.summaries import sum_tasks
from rooms.tasks.tasks import find_tasks, show_tasks
from rooms.time import reads as time_reads
from rooms.time import sentences as time
from rooms.time.activity import name_work
from rooms.time.departures import stop_clock, timers_held
from rooms.time.entries import follow_task as follow_with_time
from rooms.time.entries import must_be_unused, show_entries, stop_in_room, stop_of_member, stop_on_task
from rooms.time.summaries import sum_time
from rooms.time.timers import show_own_timer, show_timers
from rooms.wall import reads as wall_reads
from rooms.wall import sentences as wall
from rooms.wall.addressees import name_addressees
from rooms.wall.mentions import leave_mentions, show_mentions
from rooms.wall.messages import find_messages, show_wall
from rooms.wall.summaries import sum_wall
from staff import reads as staff_reads
from staff.department_members import departments_held, leave_departments
from staff.employees import commands as employees
from staff.employees import sentences as cards
from staff.employees.erasures import erase_record
from staff.leave import commands as leave
from staff.leave import sentences as leave_sentences
from staff.leave.absences import show_absences
from staff.leave.departures import end_leave, leave_held
from staff.leave.erasures import erase_leave
from staff.leave.feeds import end_feed
from staff.leave.recounts import recount_by_profile
from store.announcements import Answers
from store.sentences import joined

VERBS = (*people.VERBS, *clients.VERBS, *people.FURTHER_VERBS, *employees.VERBS, *leave.VERBS, *rooms.VERBS)
"""Every verb that the wire can ask for."""

READS = (
    *room_reads.READS,
    *wall_reads.READS,
    *task_reads.READS,
    *time_reads.READS,
    *people_reads.READS,
    *client_reads.READS,
    *signing_reads.READS,
    *staff_reads.READS,
)
"""Every read of the HTTP API."""

ANSWERS = Answers(
    (
        find_rooms,
        awaited,
        find_people,
        find_companies,
        find_tasks,
        find_files,
        find_messages,
        show_wall,
        show_tasks,
        show_entries,
        show_files,
        show_own_timer,
        show_mentions,
        show_timers,
        show_absences,
        sum_tasks,
        sum_time,
        sum_wall,
        name_work,
        name_addressees,
        rooms_of_tasks,
        must_be_unused,
        leave_task,
        follow_with_time,
        follow_with_files,
        stop_on_task,
        stop_in_room,
        stop_of_member,
        leave_mentions,
        held_in_rooms,
        tasks_held,
        timers_held,
        hand_over_rooms,
        pass_on_tasks,
        stop_clock,
        count_files,
        erase_from_rooms,
        tell_rooms,
        must_be_open,
        tell_company_s_rooms,
        must_have_no_rooms,
        count_rooms,
        discard_all,
        companies_by_client,
        belong_to,
        forget_client,
        rooms_are_at,
        tasks_are_at,
        count_rooms_at_stages,
        count_tasks_at_stages,
        leave_held,
        end_leave,
        erase_leave,
        end_feed,
        recount_by_profile,
        departments_held,
        leave_departments,
        erase_record,
    )
)
"""What follows in one folder from what is announced in another."""

TIMELINE = joined(wall.TIMELINE, tasks.TIMELINE, time.TIMELINE, files.TIMELINE, room.TIMELINE)
"""What is said of what happens in a room: in its timeline, and of the latest on everyone's home."""

NOTICES = joined(
    people_sentences.NOTICES,
    installation.NOTICES,
    cards.NOTICES,
    leave_sentences.NOTICES,
    wall.NOTICES,
    time.NOTICES,
    room.NOTICES,
)
"""All that a person's own stream can tell."""
