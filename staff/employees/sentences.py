"""What is said of who looked at somebody's card, or wrote on it: to themselves, on the card."""

from staff.employees.events import CardRead
from store.errors import _
from store.sentences import FromEvent, Is, Sentences, sentence, when

READINGS = Sentences(
    sentence(
        CardRead,
        when(_("{name} read the personal part"), Is("card_reading.act", "read"), icon="eye"),
        _("{name} changed the card"),
        kind="people",
        icon="pencil",
    ),
    blanks={"name": (FromEvent("card_reading", "reader"),)},
)
NOTICES = Sentences(blanks={}, silent=(CardRead,))
