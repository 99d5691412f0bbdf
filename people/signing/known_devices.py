"""Known devices: browsers in which somebody signed in. Strangers' wrong tries don't hold up whoever comes in by one.

The browser holds a random token, the same for all who sign in there; the row holds its digest, for one person. It opens
nothing: it says only against what a try is counted.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint, delete, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account, account_form
from people.actors import Actor
from people.devices import device
from people.events import AccountChanged
from people.forms import DeviceForm
from people.hands import own_hands
from people.journal import AGENT_LENGTH, note_own
from people.parties import Party
from people.signing.sentences import JOURNAL
from people.streams import person_stream
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound
from store.rows import Row

LIVES = timedelta(days=365)
"""So long a device is known that isn't used."""
MOST = 20
"""So many of one person: those that were used once give way first, then those that weren't used the longest."""
TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


class KnownDevice(Row):
    """A browser in which somebody signed in."""

    __tablename__ = "known_devices"
    __table_args__ = (UniqueConstraint("person_id", "digest", name="uq_known_devices_person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id", ondelete="CASCADE"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    agent: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)


def device_token(kept: str | None) -> str:
    """This is a browser's token: the one that it keeps, if it can be one, else a new one."""
    return kept if kept and TOKEN.fullmatch(kept) else secrets.token_urlsafe(32)


async def known_device(tx: Transaction, email: str, token: str) -> UUID | None:
    """This is a browser as a device of whoever has the e-mail, or None when it isn't known as one of theirs."""
    query = (
        select(KnownDevice.id)
        .join(Party, Party.id == KnownDevice.person_id)
        .where(Party.email == email, KnownDevice.digest == _digest(token), KnownDevice.used_at > tx.now - LIVES)
    )
    id: UUID | None = await tx.scalar(query)
    return id


async def know_device(
    tx: Transaction, person_id: UUID, business_id: UUID | None, token: str, agent: str
) -> UUID | None:
    """Know a browser as a device of somebody who has just signed in there; None when it keeps no token."""
    if not token:
        return None
    used = {"agent": agent[:AGENT_LENGTH], "used_at": tx.now}
    made = {"id": tx.new_id(), "business_id": business_id, "digest": _digest(token), "made_at": tx.now}
    fresh = insert(KnownDevice).values(person_id=person_id, **made, **used)
    known = fresh.on_conflict_do_update(constraint="uq_known_devices_person_id", set_=used)
    id: UUID = await tx.scalar(known.returning(KnownDevice.id))
    await _keep_few(tx, person_id, id)
    return id


async def _keep_few(tx: Transaction, person_id: UUID, but: UUID) -> None:
    too_many = (
        select(KnownDevice.id)
        .where(KnownDevice.person_id == person_id, KnownDevice.id != but)
        .order_by((KnownDevice.used_at > KnownDevice.made_at).desc(), KnownDevice.used_at.desc(), KnownDevice.id.desc())
        .offset(MOST - 1)
    )
    await tx.execute(delete(KnownDevice).where(KnownDevice.id.in_(too_many)))


async def own_devices(tx: Transaction, actor: Actor) -> list[DeviceForm]:
    """These are the browsers that are known as the asker's, the latest used first."""
    rows = await tx.scalars(
        select(KnownDevice)
        .where(KnownDevice.person_id == actor.id, KnownDevice.used_at > tx.now - LIVES)
        .order_by(KnownDevice.used_at.desc(), KnownDevice.id.desc())
    )
    return [DeviceForm(id=row.id, agent=row.agent, made_at=row.made_at, used_at=row.used_at) for row in rows]


class ForgetDevice(Command, touches="sign_in", needs="anyone"):
    device_id: UUID


async def forget_device(tx: Transaction, actor: Actor, command: ForgetDevice) -> None:
    """Forget a browser in which you signed in: wrong passwords there count like a stranger's. It stays signed in.

    Raises:
        NotFound: it isn't one of yours.
    """
    own_hands(actor)
    known = await tx.get(KnownDevice, command.device_id, lock=True)
    if known is None or known.person_id != actor.id:
        raise NotFound()
    await tx.delete(known)
    note_own(tx, actor, JOURNAL["device_forgotten"], device=device(known.agent))
    person, account = await tx.get(Party, actor.id), await tx.get(Account, actor.id)
    assert person is not None
    assert account is not None
    tx.record(
        person_stream(actor), AccountChanged(account=account_form(person, account), changed=["devices"]), by=actor.id
    )


async def use_devices(tx: Transaction, ids: Any) -> None:
    """Note that known devices are in use, at most once a day."""
    seen = KnownDevice.used_at < tx.now - timedelta(days=1)
    await tx.execute(update(KnownDevice).where(KnownDevice.id.in_(ids), seen).values(used_at=tx.now))


async def forget_devices(tx: Transaction, person_id: UUID, *, but: Any = None) -> None:
    """Forget somebody's devices, all or all but one."""
    others = true() if but is None else KnownDevice.id.is_distinct_from(but)
    await tx.execute(delete(KnownDevice).where(KnownDevice.person_id == person_id, others))


async def forget_old(tx: Transaction) -> None:
    """Forget those that weren't used for a year."""
    await tx.execute(delete(KnownDevice).where(KnownDevice.used_at < tx.now - LIVES))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
