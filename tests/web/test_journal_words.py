"""The journal says everything that is written into it in words."""

import re
from pathlib import Path

from web.pages.journal import GROUPS, WORDS

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r"""\b(?:_journal|journal|note|note_own)\(\s*tx,(?:[^"()]*?)"([a-z_]+)\"""")


def test_what_is_written_has_words() -> None:
    folders = ("people", "staff", "rooms", "web")
    sources = [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]
    written = {what for source in sources for what in WRITTEN.findall(source)}
    assert {"sign_in", "sign_out", "password_changed", "token_made", "invitation_accepted"} <= written
    told = written - {"read", "changed", "admin_activated"}  # the employee cards have a journal of their own
    assert told <= WORDS.keys()


def test_what_is_asked_for_is_written() -> None:
    assert {what for _label, kinds in GROUPS.values() for what in kinds} <= WORDS.keys()
