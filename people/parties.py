"""Parties: everyone with a name and an e-mail, whether a person or a company. One e-mail, one party."""

from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Select, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.mailboxes import Mailbox
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, _
from store.rows import Row
from store.texts.folded_columns import folded_from
from store.texts.sorting import sort_key


class Party(Row):
    """Someone. The kind ``company`` is a firm, which has no account and so can't sign in."""

    __tablename__ = "parties"
    __table_args__ = (
        CheckConstraint("kind in ('superadmin', 'admin', 'staff', 'client', 'company')", name="kind"),
        CheckConstraint("(kind = 'superadmin') = (business_id is null)", name="business"),
        UniqueConstraint("id", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_folded: Mapped[str | None] = folded_from("name")
    email: Mapped[str | None] = mapped_column(Mailbox, unique=True)
    added_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class PartyName:
    """Someone, by name."""

    id: UUID
    name: str


async def page_by_name(
    tx: Transaction, names: Select[UUID, str], language: str, after: UUID | None, limit: int
) -> list[UUID]:
    """These are parties by the reader's alphabet, from after one of them on.

    All whom a query of identifiers and names finds are read and put in order here: no database sorts for every reader.
    """
    found = names.subquery()
    ids, named = (await tx.execute(select(*(func.array_agg(column) for column in found.c)))).one()  # not row by row
    places = {id: (sort_key(name, language), id) for id, name in zip(ids or (), named or (), strict=True)}
    if after is not None and after not in places:
        name = await tx.scalar(select(Party.name).where(Party.id == after))
        if name is None:
            return []
        last = sort_key(name, language), after
    else:
        last = places[after] if after is not None else ("", UUID(int=0))
    return [id for _key, id in nsmallest(limit, (place for place in places.values() if place > last))]


class NamesParty(Command):
    """A command whose ``email`` is to be a party's: by it one learns whether it is another's already."""


class EmailTaken(Conflict):
    code = "email_taken"
    message = _("This email is already in use.")


def email_taken() -> EmailTaken:
    return EmailTaken(fields={"email": EmailTaken.message})
