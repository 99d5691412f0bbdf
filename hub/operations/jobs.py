"""Every job that a worker can do."""

from hub.parts import LETTERS, PARTS
from store.database import Database
from store.parts import Job, Workshop
from web.letters import draw_letter


def tasks_of(database: Database, site: str) -> dict[str, Job]:
    """These are the jobs by name; ``site`` is where links in letters lead unless the installation says where."""
    shop = Workshop(database, site, LETTERS, draw_letter)
    return {name: make(shop) for part in PARTS for name, make in part.jobs.items()}
