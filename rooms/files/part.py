"""What files bring."""

from rooms.files import sentences, uploads
from rooms.files.attachments import count_files, discard_files, follow_task, held_by_a_file, leave_task
from rooms.files.events import FileAdded
from rooms.files.files import change_file, find_files, remove_file, show_files
from rooms.files.forms import FileForm
from rooms.files.quotas import change_quota
from store.counts import Count
from store.finds import Find
from store.parts import Part
from store.tabs import Tab
from store.upkeep import Upkeep

FILES = Part(
    "files",
    verbs=(change_file, remove_file, change_quota),
    answers=(show_files, leave_task, follow_task, count_files, discard_files, held_by_a_file),
    finds=(Find("file", 5, "file", find_files),),
    shown={"room": (FileForm,)},
    counts=(Count("files", FileForm, FileAdded),),
    upkeep=Upkeep(
        chores=(uploads.forget_all_expired,),
        after=frozenset({"file.removed"}),
    ),
    timeline=sentences.TIMELINE,
    tabs=(Tab("files", 4, needs=("files",), icon="files"),),
)
