"""Entitlements: giving people their days of a year, and carrying over what was left of the year before."""

from decimal import Decimal
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.businesses import Business, today_in
from people.parties import Party
from people.streams import own_stream
from staff.colleagues import colleagues, must_be_colleague
from staff.leave.allowances import LeaveAllowance, employments, usual_of
from staff.leave.approvers import deciders_of
from staff.leave.events import LeaveAllowanceChanged
from staff.leave.forms import LeaveAllowanceForm
from staff.leave.kinds import LeaveKind, kind_of
from staff.leave.leave_lists import balances
from staff.leave.working_days import Employment, carried_over
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, _


class ChangeLeaveAllowance(Command, touches="work", needs="staff", area="leave"):
    person_id: UUID
    kind_id: UUID
    year: int = Field(ge=2000, le=2100)
    entitled: Decimal | None = Field(None, ge=0, le=366, multiple_of=0.5)
    carried: Decimal | None = Field(None, ge=0, le=366, multiple_of=0.5)


async def change_leave_allowance(tx: Transaction, actor: Actor, command: ChangeLeaveAllowance) -> LeaveAllowanceForm:
    """Say how many days somebody has in a year. Admins do, and who manages staff for other staff.

    Raises:
        Forbidden: it is for oneself, or for an admin, and one isn't an admin.
        NotFound: there is no such kind of leave.
        Invalid: there is no such person in the team, or the kind isn't counted.
    """
    business_id = actor.here
    if command.person_id == actor.id and actor.kind != "admin":
        raise Forbidden(_("Someone else has to set your days."))
    person = await must_be_colleague(tx, business_id, command.person_id)
    if person.kind == "admin" and actor.kind != "admin":
        raise Forbidden()
    kind = await _counted_kind(tx, business_id, command.kind_id)
    known = await tx.get(LeaveAllowance, (command.person_id, kind.id, command.year), lock=True)
    usual = (await _usual(tx, business_id, [command.person_id], kind, command.year))[command.person_id]
    entitled = known.entitled if known and known.entitled is not None else usual
    carried = known.carried if known else Decimal(0)
    form = LeaveAllowanceForm(
        id=command.person_id,
        kind_id=kind.id,
        year=command.year,
        entitled=entitled if command.entitled is None else command.entitled,
        carried=carried if command.carried is None else command.carried,
    )
    await _keep(tx, actor, business_id, form, usual)
    return form


class CarryLeaveAllowances(Command, touches="work", needs="admin", area="leave"):
    kind_id: UUID
    year: int = Field(ge=2001, le=2100)
    """The year that days go over into."""
    most: Decimal = Field(ge=0, le=366, multiple_of=0.5)


async def carry_leave_allowances(tx: Transaction, actor: Actor, command: CarryLeaveAllowances) -> None:
    """Carry over what everyone has left of the year before, up to so many days. An admin does. It can be done again.
    Who came since has nothing left of it: by their card, else by when they were added here, unless somebody said how
    many days they had.

    Raises:
        NotFound: there is no such kind of leave.
        Invalid: the kind isn't counted.
    """
    business = await tx.get(Business, actor.here, lock=True)
    assert business
    kind = await _counted_kind(tx, business.id, command.kind_id)
    people = await _there_before(tx, business, kind, command.year)
    usual = await _usual(tx, business.id, people, kind, command.year)
    before = await balances(tx, business, people, [kind], command.year - 1)
    now = await balances(tx, business, people, [kind], command.year)
    for person_id in people:
        carried = carried_over(before[person_id, kind.id].left, command.most)
        if carried != now[person_id, kind.id].carried:
            form = LeaveAllowanceForm(
                id=person_id,
                kind_id=kind.id,
                year=command.year,
                entitled=now[person_id, kind.id].entitled,
                carried=carried,
            )
            await _keep(tx, actor, business.id, form, usual[person_id])


async def _there_before(tx: Transaction, business: Business, kind: LeaveKind, year: int) -> list[UUID]:
    """These are the people of the team who had days of a kind in the year before."""
    people = [each.id for each in await colleagues(tx, business.id)]
    employed = await employments(tx, people)
    rows = await tx.execute(
        select(Party.id, Party.added_at, LeaveAllowance.year)
        .outerjoin(
            LeaveAllowance,
            and_(
                LeaveAllowance.person_id == Party.id,
                LeaveAllowance.kind_id == kind.id,
                LeaveAllowance.year == year - 1,
            ),
        )
        .where(Party.id.in_(people))
    )
    there = set()
    for id, added_at, said in rows:
        card = employed.get(id, Employment())
        came_on = card.starts_on or today_in(business, added_at)
        if said or came_on.year < year:
            there.add(id)
    return [id for id in people if id in there]


async def _usual(
    tx: Transaction, business_id: UUID, people: list[UUID], kind: LeaveKind, year: int
) -> dict[UUID, Decimal]:
    business = await tx.get(Business, business_id)
    assert business
    return {
        person_id: usual[kind.id] for person_id, usual in (await usual_of(tx, business, people, [kind], year)).items()
    }


async def _counted_kind(tx: Transaction, business_id: UUID, kind_id: UUID) -> LeaveKind:
    kind = await kind_of(tx, business_id, kind_id)
    if not kind.counted:
        raise Invalid(fields={"kind_id": _("Days of this kind aren't counted.")})
    return kind


async def _keep(tx: Transaction, actor: Actor, business_id: UUID, form: LeaveAllowanceForm, usual: Decimal) -> None:
    """Keep what somebody has. What is usual isn't written down, so that it goes on following the kind and the card."""
    amounts = {"entitled": None if form.entitled == usual else form.entitled, "carried": form.carried}
    place = {"person_id": form.id, "kind_id": form.kind_id, "year": form.year}
    query = insert(LeaveAllowance).values({**place, **amounts, "business_id": business_id})
    await tx.execute(query.on_conflict_do_update(index_elements=list(place), set_=amounts))
    for person_id in sorted({form.id} | await deciders_of(tx, business_id, form.id)):
        tx.record(own_stream(person_id, business_id), LeaveAllowanceChanged(leave_allowance=form), by=actor.id)
