"""What is said of the domains from which people sign in."""

from people.sentences import JOURNAL_BLANKS
from store.errors import _
from store.sentences import Sentences, sentence

JOURNAL = Sentences(
    sentence("domain_proven", _("{name} verified a domain"), kind="accounts"),
    sentence("domain_vouched", _("{name} was verified manually"), kind="accounts"),
    sentence("domain_withdrawn", _("{name} lost its verification"), kind="accounts"),
    sentence("domain_lost", _("{name} is no longer verified"), kind="accounts"),
    blanks=JOURNAL_BLANKS,
)
"""In the journal."""
