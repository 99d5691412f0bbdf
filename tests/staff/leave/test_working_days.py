"""Reckoning: whatever the calendar and the leaves, working days and balances add up."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from staff.leave.calendars import legal, regions
from staff.leave.working_days import (
    AFTERNOON,
    MORNING,
    NOTHING,
    WHOLE,
    Balance,
    Employment,
    OwnWeek,
    Period,
    Spent,
    WorkingDays,
    balance,
    carried_over,
    entitlement,
)

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


WEEK = WorkingDays({1, 2, 3, 4, 5}, frozenset())
HALF_WEEKS = st.lists(st.integers(NOTHING, WHOLE), min_size=7, max_size=7).filter(any).map(tuple)
OWN_WEEKS = st.lists(st.builds(OwnWeek, DAYS, st.none() | HALF_WEEKS), max_size=4, unique_by=lambda own: own.since).map(
    lambda weeks: tuple(sorted(weeks, key=lambda own: own.since))
)


def part_of(days: Decimal, employment: Employment, year: int) -> Decimal:
    return entitlement(days, WEEK.shares(employment, year))


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


@given(HALVES, DAYS, DAYS, st.integers(2025, 2028))
def test_a_part_of_a_year_gives_that_part_of_its_days_up_to_the_next_half(
    days: Decimal, one: date, other: date, year: int
) -> None:
    employment = Employment(min(one, other), max(one, other))
    first, last = date(year, 1, 1), date(year, 12, 31)
    got, in_all = part_of(days, employment, year), (last - first).days + 1
    exact = days * employment.days_between(first, last) / in_all
    assert got * 2 % 1 == 0
    assert exact <= got < exact + Decimal("0.5")
    assert got <= days


@given(HALVES, DAYS, st.integers(2025, 2028))
def test_who_follows_on_another_has_no_less_than_the_year_between_them(days: Decimal, day: date, year: int) -> None:
    leaving, coming = Employment(None, day), Employment(day + timedelta(days=1), None)
    both = part_of(days, leaving, year) + part_of(days, coming, year)
    assert days <= both < days + 1


def test_the_days_of_one_who_comes_in_july() -> None:
    assert part_of(Decimal(21), Employment(date(2027, 7, 1)), 2027) == Decimal(11)  # 184 of 365 days: 10.59
    assert part_of(Decimal(21), Employment(date(2027, 7, 1)), 2028) == Decimal(21)
    assert part_of(Decimal(21), Employment(date(2027, 7, 1)), 2026) == Decimal(0)
    assert part_of(Decimal(21), Employment(None, date(2027, 3, 31)), 2027) == Decimal("5.5")  # 90 days: 5.18
    assert part_of(Decimal(21), Employment(date(2028, 1, 1), date(2028, 12, 31)), 2028) == Decimal(21)


def test_a_region_has_its_country_s_holidays_and_its_own() -> None:
    assert regions("DE")["BY"]
    assert legal("DE", 2027).keys() < legal("DE", 2027, region="BY").keys()
    assert date(2027, 1, 6) in legal("DE", 2027, region="BY")
    assert legal("DE", 2027, region="nowhere") == legal("DE", 2027)
    assert regions("RO") == {}
    assert regions(None) == {}


def test_a_half_of_a_day_is_a_half() -> None:
    days = WorkingDays({1, 2, 3, 4, 5}, frozenset())
    monday = date(2027, 3, 1)
    assert total(days, Period(monday, monday, starts_at_noon=True)) == Decimal("0.5")
    assert total(days, Period(monday, monday + timedelta(days=4), ends_at_noon=True)) == Decimal("4.5")
    assert Period(monday, monday, starts_at_noon=True, ends_at_noon=True).empty


@given(CALENDARS, OWN_WEEKS, periods())
def test_a_week_of_one_s_own_counts_what_it_works(days: WorkingDays, own: tuple[OwnWeek, ...], period: Period) -> None:
    mine, worked = days.of(own), Decimal(0)
    for day, halves in period.days():
        latest = [each for each in own if each.since <= day][-1:]
        week = latest[0].halves if latest else None
        works = week[day.isoweekday() - 1] if week else WHOLE if day.isoweekday() in days.week else NOTHING
        worked += Decimal((halves & works).bit_count()) / 2 if day not in days.holidays else 0
    assert total(mine, period) == worked
    assert not own or total(days.of([OwnWeek(date.min, None)]), period) == total(days, period)


@given(OWN_WEEKS, st.integers(2025, 2028))
def test_a_year_s_share_is_that_of_its_days(own: tuple[OwnWeek, ...], year: int) -> None:
    mine, first = WEEK.of(own), date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    shares = [WEEK.of(own).shares(Employment(day, day), year) for day in days]
    assert sum(shares) == mine.shares(Employment(), year)


def test_three_days_of_five_are_three_fifths_of_a_year() -> None:
    three = WEEK.of([OwnWeek(date(1900, 1, 1), (WHOLE, WHOLE, WHOLE, 0, 0, 0, 0))])
    week = Period(date(2027, 3, 1), date(2027, 3, 7))
    assert total(three, week) == 3
    assert entitlement(Decimal(21), three.shares(Employment(), 2027)) == 13  # 12.6
    mornings = WEEK.of([OwnWeek(date(1900, 1, 1), (MORNING,) * 5 + (0, 0))])
    assert total(mornings, week) == Decimal("2.5")
    assert total(mornings, Period(date(2027, 3, 1), date(2027, 3, 1), starts_at_noon=True)) == 0
    assert entitlement(Decimal(21), mornings.shares(Employment(), 2027)) == Decimal("10.5")
    from_july = WEEK.of([OwnWeek(date(2027, 7, 1), (WHOLE, WHOLE, WHOLE, 0, 0, 0, 0))])
    assert entitlement(Decimal(21), from_july.shares(Employment(), 2027)) == 17  # 181 days whole, 184 of three fifths
    assert entitlement(Decimal(21), from_july.shares(Employment(), 2026)) == 21


def test_a_saturday_is_worked_for_a_friday() -> None:
    friday, saturday = date(2027, 12, 31), date(2028, 1, 8)
    days = WorkingDays({1, 2, 3, 4, 5}, frozenset({friday}), {saturday: friday})
    assert total(days, Period(saturday, saturday)) == 1
    assert total(days, Period(friday, friday)) == 0
    mondays = days.of([OwnWeek(date(1900, 1, 1), (WHOLE, 0, 0, 0, 0, 0, 0))])
    assert total(mondays, Period(saturday, saturday)) == 0, "who doesn't work on Fridays has nothing to exchange"
    fridays = days.of([OwnWeek(date(1900, 1, 1), (0, 0, 0, 0, AFTERNOON, 0, 0))])
    assert total(fridays, Period(saturday, saturday)) == Decimal("0.5")
