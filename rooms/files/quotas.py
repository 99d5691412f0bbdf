"""Quotas: how many bytes a business's files may take, and how many they do.

Each file counts with its size, however often the same bytes are there and without its preview; an upload counts from
its announcement on. The database counts by itself (migration 0022), in the transaction that begins, gives up or
removes: whoever begins an upload sees what all others have begun before, and two can't have the last megabyte.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.installation.events import QuotaChanged
from people.installation.forms import QuotaForm
from people.installation.settings import Gigabytes
from people.installations import current, installation_stream, must_run_it
from people.parties import Party
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, NotFound, Size, TooLarge, _
from store.rows import Row
from store.texts.sorting import by_name

GB = 1_000_000_000
NAMED_AT_MOST = 3


class Quota(Row):
    """What a business's files take, and may; there is none until a first file is begun or a number set."""

    __tablename__ = "quotas"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), primary_key=True)
    used_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    own_gb: Mapped[int | None]
    """How much this business may; null for as much as every other."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of its quota a business uses."""

    used_bytes: int = 0
    own_gb: int | None = None

    @property
    def quota_gb(self) -> int | None:
        """How much it may; None for without end."""
        return current().quota_gb if self.own_gb is None else self.own_gb

    @property
    def quota_bytes(self) -> int | None:
        return None if self.quota_gb is None else self.quota_gb * GB

    @property
    def left_bytes(self) -> int | None:
        return None if self.quota_bytes is None else max(0, self.quota_bytes - self.used_bytes)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken."""
        return self.left_bytes == 0

    @property
    def is_nearly_full(self) -> bool:
        return self.quota_bytes is not None and self.used_bytes * 10 >= self.quota_bytes * 9


class QuotaReached(TooLarge):
    code = "quota_reached"
    message = _("There isn't enough space for a file of this size. Please tell the people you work with.")


async def must_have_room(tx: Transaction, actor: Actor, business_id: UUID, more_bytes: int) -> None:
    """Refuse what this transaction has just begun, should it be more than the business may have.

    Raises:
        QuotaReached: it is; it says what is left and whom to ask.
    """
    usage = (await _usages(tx, Quota.business_id == business_id)).get(business_id, Usage())
    most = usage.quota_bytes
    if most is not None and usage.used_bytes > most:
        raise await _reached(tx, actor, business_id, most, max(0, most - usage.used_bytes + more_bytes))


async def _reached(tx: Transaction, actor: Actor, business_id: UUID, most_bytes: int, left_bytes: int) -> QuotaReached:
    """The refusal in words for who asks. How much the business has left is its team's to know."""
    if not actor.of_the_team:
        return QuotaReached(fields={"size": QuotaReached.message})
    left, most = Size(left_bytes), Size(most_bytes)
    if actor.kind != "admin":
        message, whom = OF_THE_TEAM, ", ".join(await _admins(tx, actor, business_id))
    elif whom := current().support:
        message = OF_AN_ADMIN
    else:
        message = OF_AN_ADMIN_ALONE
    return QuotaReached(message, fields={"size": message}, left=left, most=most, whom=whom)


OF_THE_TEAM = _(
    "Your business has %(left)s of its %(most)s of file storage left. Please ask an admin for more: %(whom)s."
)
OF_AN_ADMIN = _(
    "Your business has %(left)s of its %(most)s of file storage left. Remove files, or ask a superadmin "
    "for more: %(whom)s."
)
OF_AN_ADMIN_ALONE = _(
    "Your business has %(left)s of its %(most)s of file storage left. Remove files, or ask a superadmin for more."
)


async def _admins(tx: Transaction, actor: Actor, business_id: UUID) -> list[str]:
    of_it = select(Party.name).join(Account, Account.person_id == Party.id)
    names = await tx.scalars(of_it.where(Party.business_id == business_id, Party.kind == "admin", Account.active))
    return by_name(names, actor.language, str)[:NAMED_AT_MOST]


class ChangeQuota(Command, touches="installation", needs="superadmin", area="installation"):
    business_id: UUID
    quota_gb: Gigabytes | None
    """How much its files may take; null for as much as the installation gives every business."""


async def change_quota(tx: Transaction, actor: Actor, command: ChangeQuota) -> QuotaForm:
    """Set how much a business's files may take. What it has already stays, whatever the number.

    Raises:
        NotFound: there is no such business.
    """
    if await tx.get(Business, command.business_id) is None:
        raise NotFound()
    form = QuotaForm(id=command.business_id, quota_gb=command.quota_gb)
    before = (await _usages(tx, Quota.business_id == command.business_id)).get(command.business_id, Usage())
    if before.own_gb != command.quota_gb:
        row = insert(Quota).values(business_id=command.business_id, own_gb=command.quota_gb)
        await tx.execute(row.on_conflict_do_update(index_elements=["business_id"], set_={"own_gb": command.quota_gb}))
        tx.record(installation_stream(), QuotaChanged(quota=form), by=actor.id)
        tx.record(business_stream(command.business_id), QuotaChanged(quota=form), by=actor.id, audience="managers")
    return form


async def own_usage(tx: Transaction, actor: Actor) -> Usage:
    """This is how much of its quota the asker's business uses.

    Raises:
        Forbidden: the asker isn't an admin.
    """
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    return (await _usages(tx, Quota.business_id == actor.business_id)).get(actor.business_id, Usage())


async def usages(tx: Transaction, actor: Actor) -> dict[UUID, Usage]:
    """This is how much of its quota each business uses that has begun to.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    return await _usages(tx, true())


async def _usages(tx: Transaction, which: ColumnElement[bool]) -> dict[UUID, Usage]:
    rows = await tx.execute(select(Quota.business_id, Quota.used_bytes, Quota.own_gb).where(which))
    return {row.business_id: Usage(row.used_bytes, row.own_gb) for row in rows}
