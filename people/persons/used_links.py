"""Links of letters as they are used: what each leads to, an invitation or a reset, and that a dead one was tried."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from people.accounts import Account
from people.journal import may_note, note
from people.mail.kinds import Purpose
from people.mail.links import LinkDead, find_link
from people.persons.invitations import Invitation
from people.persons.sentences import JOURNAL
from people.signing.open_links import Reset
from people.signing.throttling import Whence
from store.clashes import despite_clashes
from store.database import Database, Transaction
from store.scopes import EVERYWHERE
from store.sentences import Sentence

L = TypeVar("L", Invitation, Reset)


async def led_to(
    tx: Transaction, purpose: Purpose, table: type[L], secret: str, *, lock: bool = False
) -> tuple[L | None, str]:
    """This is what a link leads to, and why it is no longer good, which is empty while it is. Locked, its person's
    account is too."""
    link = await find_link(tx, purpose, secret)
    found = await tx.get(table, link.subject_id) if link else None
    if lock and found is not None:
        await tx.get(Account, found.person_id, lock=True)  # first, as whatever closes what is open of it does
        found = await tx.get(table, found.id, lock=True)
    if link is None or found is None:
        return None, "unknown"
    if found.closed_at is not None:
        return found, found.outcome or "closed"
    return found, "" if link.expires_at > tx.now else "expired"


async def use_link(
    database: Database,
    purpose: Purpose,
    table: type[L],
    secret: str,
    whence: Whence,
    do: Callable[[Transaction, L], Awaitable[None]],
) -> L:
    """Do what a link is for, once; this is what it led to.

    Raises:
        LinkDead: it never was, or is no longer good.
    """

    async def used() -> tuple[L | None, str]:
        async with database.transaction(EVERYWHERE) as tx:
            found, why = await led_to(tx, purpose, table, secret, lock=True)
            if found is not None and not why:
                await do(tx, found)
            return found, why

    found, why = await despite_clashes(used, name=f"{purpose}_used")
    if why or found is None:
        await note_dead(database, purpose, found, why, whence)
        raise LinkDead()
    return found


async def note_dead(
    database: Database, purpose: Purpose, found: Invitation | Reset | None, why: str, whence: Whence
) -> None:
    """Journal that somebody came by a link that is no longer good, unless their network does so all the time."""
    if found is not None:
        async with database.transaction(EVERYWHERE) as tx:
            what = JOURNAL[f"{purpose}_refused"]
            if await may_note(tx, what, whence.address):
                note_use(tx, what, found, whence, why=why)


def note_use(tx: Transaction, what: Sentence, found: Invitation | Reset, whence: Whence, **details: str) -> None:
    """Journal what came of a link."""
    note(
        tx,
        what,
        person_id=found.person_id,
        business_id=found.business_id,
        address=whence.address,
        agent=whence.agent,
        **details,
    )
