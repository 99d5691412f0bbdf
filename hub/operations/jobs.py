"""Every job that a worker can do, at a glance."""

from hub.operations.worker import Task
from people.installation.registrations import Registrar
from people.mail.delivery import Sender
from people.persons.resets import Answerer
from people.signing.domains.domain_records import Looker
from store.database import Database
from web.letters import draw_letter


def tasks_of(database: Database, site: str) -> dict[str, Task]:
    """These are the tasks by name; ``site`` is where links in letters lead unless the installation says where."""
    return {
        "letter.send": Sender(database, draw_letter, site).send,
        "reset.answer": Answerer(database).answer,
        "registration.answer": Registrar(database).answer,
        "domain.look": Looker(database).look,
    }
