"""What may be asked about rooms, at a glance."""

from processes.stages import add_stage, change_process, change_stage, move_stage, remove_stage
from rooms.files.files import change_file, remove_file
from rooms.files.logos import remove_logo
from rooms.files.quotas import change_quota
from rooms.members import add_member, enlist_department, remove_member
from rooms.rendering import draw_ahead
from rooms.rooms import archive_room, change_room, open_room, restore_room
from rooms.tasks.tasks import change_task, complete_task, create_task, remove_task, reopen_task
from rooms.time.timers import start_timer, stop_timer
from rooms.wall.mentions import see_mentions
from rooms.wall.messages import delete_message, edit_message, post_at_once, post_message, write_ahead
from store.commands import Prepared

VERBS = (
    Prepared(open_room, draw_ahead),
    Prepared(change_room, draw_ahead),
    archive_room,
    restore_room,
    remove_logo,
    change_quota,
    change_process,
    add_stage,
    change_stage,
    move_stage,
    remove_stage,
    add_member,
    remove_member,
    enlist_department,
    Prepared(post_message, write_ahead, post_at_once),
    Prepared(edit_message, write_ahead),
    delete_message,
    see_mentions,
    Prepared(create_task, draw_ahead),
    Prepared(change_task, draw_ahead),
    complete_task,
    reopen_task,
    remove_task,
    start_timer,
    stop_timer,
    change_file,
    remove_file,
)
