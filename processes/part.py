"""What processes bring."""

from processes.forms import ProcessForm
from processes.processes import change_process
from processes.stages import add_stage, change_stage, move_stage, remove_stage
from store.parts import Part

PROCESSES = Part(
    "processes",
    verbs=(change_process, add_stage, change_stage, move_stage, remove_stage),
    shown={"process": (ProcessForm,)},
)
