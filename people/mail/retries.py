"""Letters as who runs the installation sees them: the latest, and one that failed sent anew."""

from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.installations import must_run_it
from people.mail.forms import LetterForm
from people.mail.letters import Letter, send_anew, tell
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, NotFound, _


class RetryLetter(Command, touches="installation", needs="superadmin", area="installation"):
    letter_id: UUID


async def retry_letter(tx: Transaction, actor: Actor, command: RetryLetter) -> LetterForm:
    """Try again to send a letter, now.

    Raises:
        NotFound: there is no such letter.
        Conflict: it was sent, or what it tells of was withdrawn.
    """
    letter = await tx.get(Letter, command.letter_id, lock=True)
    if letter is None:
        raise NotFound()
    if letter.state not in ("queued", "failed") or letter.claimed_until(tx.now):
        raise Conflict(_("This email has been sent, is being sent, or is no longer needed."), code="letter_settled")
    await send_anew(tx, letter)
    return tell(tx, letter, by=actor.id)


async def letters(tx: Transaction, actor: Actor, limit: int = 50) -> list[Letter]:
    """These are the latest letters, the newest first.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    found = await tx.scalars(select(Letter).order_by(Letter.queued_at.desc(), Letter.id.desc()).limit(limit))
    return list(found)
