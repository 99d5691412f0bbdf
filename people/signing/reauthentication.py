"""Reauthentication: someone who is signed in says once more who they are, before something grave.

    async with counted(database, actor, limits):   # outside of the transaction, which what is wrong rolls back
        ...
            await prove_own_password(tx, actor, password)

Their tries are counted against them alone: what strangers try at the door holds up nobody who is in.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from uuid import UUID

from people.accounts import Account
from people.actors import Actor
from people.hands import own_hands
from people.signing.passwords.passwords import verified
from people.signing.throttling import SignInLimits, Whence, WrongSecret, begin_try, forget_try, note_wrong
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Refusal, _
from store.scopes import EVERYWHERE

_is_counted: ContextVar[bool] = ContextVar("is_counted", default=False)


class ProvesWho(Command, touches="sign_in"):
    """A command by which the asker says once more who they are: each try is counted."""


@asynccontextmanager
async def counted(database: Database, actor: Actor, limits: SignInLimits | None) -> AsyncIterator[None]:
    """Count a try of somebody who is signed in, and forget it unless a secret was wrong.

    Raises:
        TooMany: there were too many, over all of their sessions.
    """
    whence = Whence(actor.address, actor.agent)
    attempt = await begin_try(database, actor.email, whence, limits, kind="own")
    before = _is_counted.set(True)
    try:
        yield
    except WrongSecret:
        await note_wrong(database, actor.email, whence, limits, attempt, how="signed_in")
        raise
    except Refusal:
        await _forget(database, attempt.id)
        raise
    finally:
        _is_counted.reset(before)
    await _forget(database, attempt.id)


async def _forget(database: Database, attempt_id: UUID) -> None:
    async with database.transaction(EVERYWHERE) as tx:
        await forget_try(tx, attempt_id)


async def prove_own_password(tx: Transaction, actor: Actor, password: str, *, field: str = "password") -> Account:
    """Refuse unless this is the asker's password; this is their account, locked.

    Raises:
        OwnHandsOnly: someone acts for them.
        WrongSecret: it isn't, on the field.
    """
    own_hands(actor)
    if not _is_counted.get():
        raise RuntimeError("What proves who somebody is has to be counted")
    account = await tx.get(Account, actor.id, lock=True)
    if account is None or not await verified(account.password_hash, password):
        raise WrongSecret(fields={field: _("This isn't your password.")})
    return account
