"""Reckoning: whatever the calendar and the leaves, working days and balances add up."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from people.leave.calendars import legal
from people.leave.reckoning import Balance, Period, Spent, WorkingDays, balance, carried_over

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
HALVES = st.integers(0, 80).map(lambda halves: Decimal(halves) / 2)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    starts_on = draw(DAYS)
    ends_on = starts_on + timedelta(days=draw(st.integers(0, 60)))
    return Period(starts_on, ends_on, draw(st.booleans()), draw(st.booleans()))


CALENDARS = st.builds(
    WorkingDays,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.frozensets(DAYS, max_size=30) | st.just(frozenset(legal("RO", 2026))),
)
SPENT = st.builds(Spent, HALVES, st.sampled_from(("requested", "approved", "refused", "withdrawn", "cancelled")), DAYS)


def total(days: WorkingDays, period: Period) -> Decimal:
    return sum(days.by_year(period).values(), Decimal(0))


@given(CALENDARS, periods())
def test_a_leave_takes_no_more_days_than_it_has_and_none_that_is_free(days: WorkingDays, period: Period) -> None:
    working = [day for day, _part in period.days() if days.works(day)]
    halves = period.starts_at_noon + period.ends_at_noon
    assert len(working) - Decimal(halves) / 2 <= total(days, period) <= len(working)
    assert all(day.isoweekday() in days.week and day not in days.holidays for day in working)
    assert all(amount > 0 and amount * 2 % 1 == 0 for amount in days.by_year(period).values())
    assert set(days.by_year(period)) <= {day.year for day in working}


@given(CALENDARS, periods(), st.data())
def test_a_leave_cut_in_two_takes_as_much(days: WorkingDays, period: Period, data: st.DataObject) -> None:
    cut = data.draw(st.dates(period.starts_on, period.ends_on))
    whole = Period(period.starts_on, period.ends_on)
    first, second = Period(whole.starts_on, cut, ends_at_noon=True), Period(cut, whole.ends_on, starts_at_noon=True)
    assert total(days, first) + total(days, second) == total(days, whole)


@given(CALENDARS, periods(), DAYS)
def test_another_holiday_never_makes_a_leave_longer(days: WorkingDays, period: Period, day: date) -> None:
    more = WorkingDays(days.week, frozenset({*days.holidays, day}))
    taken = total(days, period) - total(more, period)
    assert 0 <= taken <= 1
    assert not taken or (days.works(day) and period.starts_on <= day <= period.ends_on)


@given(HALVES, HALVES, st.lists(SPENT, max_size=12), DAYS)
def test_a_balance_adds_up(entitled: Decimal, carried: Decimal, spent: list[Spent], today: date) -> None:
    found = balance(entitled, carried, spent, today)
    held = sum((each.days for each in spent if each.state in ("requested", "approved")), Decimal(0))
    assert found.left + held == entitled + carried
    assert found.taken + found.planned + found.asked == held
    assert balance(entitled, carried, reversed(spent), today) == found


@given(HALVES, st.lists(SPENT, max_size=6), DAYS, st.integers(0, 1000))
def test_time_makes_planned_days_taken_and_nothing_else(
    entitled: Decimal, spent: list[Spent], today: date, later: int
) -> None:
    now = balance(entitled, Decimal(0), spent, today)
    then = balance(entitled, Decimal(0), spent, today + timedelta(days=later))
    assert then.taken >= now.taken
    assert then.planned <= now.planned
    assert (then.left, then.asked) == (now.left, now.asked)


@given(st.builds(Balance, HALVES, HALVES, HALVES, HALVES, HALVES), HALVES)
def test_no_more_is_carried_over_than_is_left_and_allowed(before: Balance, most: Decimal) -> None:
    carried = carried_over(before.left, most)
    assert 0 <= carried <= most
    assert carried <= max(before.left, Decimal(0))
    assert carried in (before.left, most, Decimal(0))


def test_a_half_of_a_day_is_a_half() -> None:
    days = WorkingDays({1, 2, 3, 4, 5}, frozenset())
    monday = date(2027, 3, 1)
    assert total(days, Period(monday, monday, starts_at_noon=True)) == Decimal("0.5")
    assert total(days, Period(monday, monday + timedelta(days=4), ends_at_noon=True)) == Decimal("4.5")
    assert Period(monday, monday, starts_at_noon=True, ends_at_noon=True).empty
