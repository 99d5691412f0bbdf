"""Changing what is a business's own: only what is given, and isn't so already."""

from types import SimpleNamespace
from uuid import uuid4

from clients.services import ChangeService
from rooms.files.files import ChangeFile
from store.own_rows import change, differing


def test_what_was_not_sent_and_what_is_null_changes_nothing() -> None:
    service_id = uuid4()
    assert ChangeService(service_id=service_id, note="").changes("service_id") == {"note": ""}
    assert ChangeService(service_id=service_id, name=None).changes("service_id") == {}


def test_null_empties_the_fields_that_may_be_empty() -> None:
    command = ChangeFile(file_id=uuid4(), task_id=None, audience=None)
    assert command.changes("file_id", null=("task_id",)) == {"task_id": None}


def test_only_what_differs_is_changed() -> None:
    row = SimpleNamespace(name="Hosting", note="")
    assert differing(row, {"name": "Hosting", "note": "Day"}) == ["note"]
    assert change(row, {"name": "Hosting", "note": "Day"}) == ["note"]
    assert (row.name, row.note) == ("Hosting", "Day")
    assert change(row, {"name": "Hosting", "note": "Day"}) == []
