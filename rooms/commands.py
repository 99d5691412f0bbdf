"""What may be asked about rooms, at a glance."""

from rooms.files import change_file, remove_file
from rooms.members import add_member, change_account, remove_member
from rooms.rooms import archive_room, change_room, open_room, restore_room
from rooms.tasks import change_task, complete_task, create_task, remove_task, reopen_task
from rooms.timers import start_timer, stop_timer
from rooms.wall import delete_message, edit_message, post_at_once, post_message
from store.commands import Quick

VERBS = (
    open_room,
    change_room,
    archive_room,
    restore_room,
    add_member,
    remove_member,
    change_account,
    Quick(post_message, post_at_once),
    edit_message,
    delete_message,
    create_task,
    change_task,
    complete_task,
    reopen_task,
    remove_task,
    start_timer,
    stop_timer,
    change_file,
    remove_file,
)
