"""Factor resets: who lost phone and paper is let in again by who looks after them, by the password alone at first."""

from uuid import UUID

from sqlalchemy import delete

from people.accounts import account_form
from people.actors import Actor
from people.events import AccountChanged, PersonChanged
from people.forms import PersonForm
from people.hands import own_hands
from people.managers import LOOKING_AFTER, managed, must_be_here, spare_oneself, tell
from people.signing.access import end_access
from people.signing.factors import Authenticator, Passkey, RecoveryCode
from people.signing.sentences import JOURNAL
from store.commands import Command
from store.database import Transaction


class ResetFactors(Command, touches="sign_in", needs=LOOKING_AFTER):
    person_id: UUID


async def reset_factors(tx: Transaction, actor: Actor, command: ResetFactors) -> PersonForm:
    """Take away someone's app for codes, passkeys and recovery codes, since they lost them; their sign-ins end.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind.
        OwnHandsOnly: somebody acts for the asker.
        IsYourself: one's own are turned off on one's account.
        HasLeft: they have left.
    """
    whom = await managed(tx, actor, command.person_id)
    own_hands(actor)
    must_be_here(whom)
    spare_oneself(actor, whom)
    gone = [
        (await tx.scalars(delete(table).where(table.person_id == whom.id).returning(table.person_id))).all()
        for table in (Authenticator, Passkey, RecoveryCode)
    ]
    if any(gone):
        await end_access(tx, whom.id)
        event = AccountChanged(account=account_form(whom.person, whom.account), changed=["second_factor"])
        tx.record(whom.stream, event, by=actor.id)
        tell(tx, actor, whom, PersonChanged(person=whom.form, changed=["second_factor"]), JOURNAL["factors_reset"])
    return whom.form
