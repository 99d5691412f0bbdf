"""What files bring."""

from rooms.files import garbage, sentences, uploads
from rooms.files.attachments import count_files, follow_task, leave_task
from rooms.files.events import FileAdded
from rooms.files.files import change_file, find_files, remove_file, show_files
from rooms.files.forms import FileForm
from rooms.files.garbage import discard_all
from rooms.files.logos import remove_logo
from rooms.files.quotas import change_quota
from store.counts import Count
from store.finds import Find
from store.parts import Part
from store.tabs import Tab
from store.upkeep import Upkeep

FILES = Part(
    "files",
    verbs=(change_file, remove_file, remove_logo, change_quota),
    answers=(show_files, leave_task, follow_task, count_files, discard_all),
    finds=(Find("file", 5, "file", find_files),),
    shown={"room": (FileForm,)},
    counts=(Count("files", FileForm, FileAdded),),
    upkeep=Upkeep(
        chores=(uploads.forget_all_expired,),
        clears=(garbage.delete_all_discarded,),
        after=frozenset({"file.removed", "admin.deleted"}),
    ),
    timeline=sentences.TIMELINE,
    tabs=(Tab("files", 4, needs=("files",), icon="files"),),
)
