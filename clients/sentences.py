"""What is said of what befalls clients."""

from people.sentences import JOURNAL_BLANKS
from store.errors import _
from store.sentences import Sentences, sentence

JOURNAL = Sentences(
    sentence("invitation_sent", _("{name} was invited"), kind="accounts"),
    blanks=JOURNAL_BLANKS,
)
"""In the journal."""
