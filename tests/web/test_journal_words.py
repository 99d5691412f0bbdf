"""The journal says everything that is written into it in words."""

import re
from pathlib import Path

import pytest

from people.journal import note
from people.sentences import JOURNAL
from store.database import Database
from web.pages.journal import GROUPS

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r"""\b(?:_journal|journal|note|note_own|note_use)\(\s*tx,(?:[^"()]*?)"([a-z_]+)\"""")


def test_what_is_written_has_words() -> None:
    folders = ("people", "staff", "rooms", "web")
    sources = [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]
    written = {what for source in sources for what in WRITTEN.findall(source)}
    assert {"sign_in", "sign_out", "password_changed", "token_made", "invitation_accepted"} <= written
    told = written - {"read", "changed", "admin_activated"}  # the employee cards have a journal of their own
    assert told <= JOURNAL.keys()


async def test_what_has_no_words_is_not_written(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="no sentence for 'signed_inn'"):
            note(tx, "signed_inn")


def test_what_is_asked_for_is_written() -> None:
    kinds = {each.kind for each in JOURNAL.values()}
    asked = {kind for _label, those in GROUPS.values() for kind in those}
    assert asked <= kinds
    assert kinds - asked == {"accounts"}, "only everything has these"
