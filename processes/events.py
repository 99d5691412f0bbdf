"""What happens to processes."""

from processes.forms import ProcessForm
from store.events import Event


class ProcessChanged(Event):
    """A process, or its stages, were fitted anew: renamed, added, moved or removed."""

    process: ProcessForm
    changed: list[str]
