"""Feeds: a person's calendar for their own calendar program, at an address that only they know.

The address is kept as a digest, to be found by, and encrypted, to be shown to its person again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.announcements import AccessEnded
from people.businesses import today_in
from people.parties import Party
from people.signing.sessions import digest
from staff.colleagues import colleagues
from staff.leave.absences import absences
from staff.leave.calendars import Holiday, holidays, own_business
from staff.leave.forms import AbsenceForm, LeaveKindForm
from staff.leave.kinds import kinds
from store.commands import Command
from store.database import Transaction
from store.rows import Row
from store.secrets.ciphers import Sealed, cipher

BACK, AHEAD = timedelta(days=183), timedelta(days=400)
READ_EVERY = timedelta(hours=1)


class CalendarFeed(Row):
    __tablename__ = "calendar_feeds"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class RenewCalendarFeed(Command, touches="sign_in", needs="team"):
    pass


async def renew_calendar_feed(tx: Transaction, actor: Actor, command: RenewCalendarFeed) -> None:
    """Give your calendar an address, or a new one: the one before leads nowhere from then on. In it are your tasks that
    are due on a day, leave and holidays.
    """
    token = secrets.token_urlsafe(32)
    fresh = {"digest": digest(token), "sealed": cipher().encrypt(token), "made_at": tx.now, "read_at": None}
    query = insert(CalendarFeed).values({**fresh, "person_id": actor.id, "business_id": actor.business_id})
    await tx.execute(query.on_conflict_do_update(index_elements=["person_id"], set_=fresh))


class RemoveCalendarFeed(Command, touches="sign_in", needs="team"):
    pass


async def remove_calendar_feed(tx: Transaction, actor: Actor, command: RemoveCalendarFeed) -> None:
    """Take back the address of your calendar."""
    await tx.execute(delete(CalendarFeed).where(CalendarFeed.person_id == actor.id))


async def end_feed(tx: Transaction, ended: AccessEnded) -> None:
    """Take back the address of somebody's calendar: whoever knows it reads it in their name."""
    await tx.execute(delete(CalendarFeed).where(CalendarFeed.person_id == ended.person_id))


async def own_feed(tx: Transaction, actor: Actor) -> tuple[str, CalendarFeed] | None:
    """This is the secret part of the address of the asker's calendar, if it has one."""
    feed = await tx.get(CalendarFeed, actor.id) if actor.impersonator_id is None else None
    return (cipher().decrypt(feed.sealed), feed) if feed else None


async def reader_of_feed(tx: Transaction, token: str) -> Actor | None:
    """This is whose calendar an address leads to; they read it as themselves, while they can sign in."""
    row = (
        await tx.execute(
            select(Party, Account)
            .join(Account, Account.person_id == Party.id)
            .join(CalendarFeed, CalendarFeed.person_id == Party.id)
            .where(CalendarFeed.digest == digest(token), Account.active, Party.kind.in_(("admin", "staff")))
        )
    ).first()
    if row is None or row[0].business_id is None:
        return None
    party, account = row
    return Actor(
        id=party.id,
        kind=party.kind,
        business_id=party.business_id,
        name=party.name,
        language=account.language,
        time_zone=account.time_zone,
        permissions=frozenset(account.permissions),
    )


async def note_read(tx: Transaction, actor: Actor) -> None:
    """Note that somebody's calendar was read, now and then."""
    recent = CalendarFeed.read_at > tx.now - READ_EVERY
    await tx.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == actor.id, recent.is_not(True))
        .values(read_at=tx.now)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands in someone's calendar of leave and holidays."""

    business: str
    time_zone: str
    hours_a_day: Decimal
    names: dict[UUID, str]
    kinds: dict[UUID, LeaveKindForm]
    absences: list[AbsenceForm]
    holidays: list[Holiday]
    """And the days that are worked in exchange for another."""


async def feed(tx: Transaction, actor: Actor) -> Feed:
    """This is what stands in the asker's calendar of leave: their own, the team's, and the holidays."""
    business = await own_business(tx, actor)
    today = today_in(business, tx.now)
    first, last = today - BACK, today + AHEAD
    free = await holidays(tx, business, range(first.year, last.year + 1), actor.language)
    return Feed(
        business.name,
        business.time_zone,
        business.hours_a_day,
        {each.id: each.name for each in await colleagues(tx, business.id)},
        {kind.id: kind for kind in await kinds(tx, business.id, retired=True)},
        await absences(tx, actor, first, last),
        [day for day in free if day.change != "removed" and first <= day.day <= last],
    )
