"""Proofs: someone who is signed in says once more who they are, before something grave."""

from people.accounts import Account
from people.actors import Actor
from people.passwords import verified
from people.signing.factors import own_hands
from people.signing.tries import SignInLimits, WrongSecret, must_have_tries_left
from store.database import Transaction
from store.errors import _


async def prove_own_password(tx: Transaction, actor: Actor, password: str, *, field: str = "password") -> Account:
    """Refuse unless this is the asker's password; this is their account, locked.

    Raises:
        OwnHandsOnly: someone acts for them.
        TooMany: there were too many wrong tries.
        WrongSecret: it isn't, on the field.
    """
    own_hands(actor)
    await must_have_tries_left(tx, actor.email, SignInLimits())
    account = await tx.get(Account, actor.id, lock=True)
    if account is None or not await verified(account.password_hash, password):
        raise WrongSecret(fields={field: _("This isn't your password.")})
    return account
