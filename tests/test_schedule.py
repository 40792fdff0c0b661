"""When things are due, through every kind of clock change, and how a silent arXiv is judged."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobs import schedule
from storage.models import ChatKey, Slot, Subscription, SubscriptionKey, When

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
EVERY_DAY, WEEKDAYS = tuple(range(7)), tuple(range(5))
OPENS, CLOSES = time(8, 30), time(22, 0)


def utc(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)


def daily(tz: str, at: time, days: tuple[int, ...] = EVERY_DAY) -> When:
    return When(Slot.DAILY, tz, at, days)


def on_the_wall(moment: datetime, tz: str) -> str:
    return moment.astimezone(ZoneInfo(tz)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("tz", "day", "at", "wall"),
    [
        (NEW_YORK, date(2026, 3, 7), time(2, 30), "2026-03-07 02:30"),
        (NEW_YORK, date(2026, 3, 8), time(1, 59), "2026-03-08 01:59"),
        (NEW_YORK, date(2026, 3, 8), time(2, 0), "2026-03-08 03:00"),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08 03:00"),
        (NEW_YORK, date(2026, 3, 8), time(3, 0), "2026-03-08 03:00"),
        ("America/Santiago", date(2026, 9, 6), time(0, 0), "2026-09-06 01:00"),
        ("America/Santiago", date(2026, 9, 6), time(0, 45), "2026-09-06 01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-04 02:30"),
        ("America/Nuuk", date(2024, 3, 30), time(23, 30), "2024-03-31 00:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(8, 30), "2011-12-31 00:00"),
    ],
)
def test_a_time_in_a_gap_becomes_the_first_instant_after_it(tz, day, at, wall):
    assert on_the_wall(schedule.at_local(day, at, tz), tz) == wall


@pytest.mark.parametrize(
    ("tz", "day", "at", "moment"),
    [
        (NEW_YORK, date(2026, 11, 1), time(1, 30), utc(2026, 11, 1, 5, 30)),
        (NEW_YORK, date(2026, 11, 1), time(2, 0), utc(2026, 11, 1, 7, 0)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), utc(2026, 4, 4, 14, 45)),
        ("America/Santiago", date(2026, 4, 4), time(23, 30), utc(2026, 4, 5, 2, 30)),
    ],
)
def test_a_repeated_time_is_its_first_occurrence(tz, day, at, moment):
    assert schedule.at_local(day, at, tz) == moment


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
@pytest.mark.parametrize("minutes", range(0, 24 * 60, 30))
def test_lesson_25_a_clock_change_neither_skips_nor_doubles_a_slot(day, minutes):
    when = daily(NEW_YORK, time(minutes // 60, minutes % 60))
    due, dates = schedule.next_due(when, utc(day.year, day.month, day.day) - timedelta(2)), []
    while due and len(dates) < 5:
        dates.append(schedule.slot_date(when, due))
        due = schedule.next_due(when, due)
    assert dates == [dates[0] + timedelta(n) for n in range(5)]
    assert day in dates


ZONES = st.sampled_from(
    [
        NEW_YORK, SHANGHAI, "Europe/London", "America/Santiago", "Australia/Lord_Howe",
        "Pacific/Apia", "Africa/Casablanca", "America/Nuuk", "Asia/Kathmandu", "Africa/Cairo",
        "Pacific/Kiritimati", "America/Havana", "Asia/Beirut", "Pacific/Chatham", "UTC",
    ]
)  # fmt: skip


@settings(max_examples=40)
@given(
    tz=ZONES,
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    start=st.dates(date(2010, 1, 1), date(2029, 1, 1)),
)
@example(tz="Pacific/Apia", at=time(8, 30), days=(4,), start=date(2011, 6, 1))
@example(tz="America/Nuuk", at=time(23, 30), days=EVERY_DAY, start=date(2024, 1, 1))
@example(tz="America/Santiago", at=time(0, 0), days=EVERY_DAY, start=date(2026, 1, 1))
def test_lesson_25_two_years_of_slots_have_each_matching_date_once(tz, at, days, start):
    when = daily(tz, at, days)
    begin = schedule.at_local(start, time(12), tz)
    end = begin + timedelta(days=730)
    met: Counter[date] = Counter()
    moment = begin
    while (due := schedule.next_due(when, moment)) and due < end:
        assert due > moment
        met[schedule.slot_date(when, due)] += 1
        moment = due
    hours = (begin + timedelta(hours=n) for n in range(730 * 24))
    dates = {schedule.local_date(hour, tz) for hour in hours}
    inner = {day for day in dates if min(dates) < day < max(dates) and day.weekday() in days}
    assert set(met.values()) <= {1}
    assert inner <= set(met) <= {day for day in dates if day.weekday() in days}


def test_a_date_that_a_zone_left_out_has_no_slot():
    friday = daily("Pacific/Apia", time(8, 30), (4,))
    due = schedule.next_due(friday, utc(2011, 12, 23, 20))
    assert on_the_wall(due, "Pacific/Apia") == "2012-01-06 08:30"


def test_after_downtime_only_the_latest_slot_is_caught_up():
    when = daily(SHANGHAI, time(8, 30), WEEKDAYS)
    monday_noon = utc(2026, 2, 9, 4)
    assert schedule.slot_date(when, monday_noon) == date(2026, 2, 9)
    assert schedule.slot_date(when, utc(2026, 2, 9, 0)) == date(2026, 2, 6)
    assert schedule.next_due(when, monday_noon) == utc(2026, 2, 10, 0, 30)


def test_a_slot_that_is_caught_up_late_does_not_take_the_next_ones_place():
    when = daily(SHANGHAI, time(23, 30))
    due = schedule.next_due(when, utc(2026, 2, 5, 0))
    caught_up = due + timedelta(hours=2)
    assert schedule.slot_date(when, caught_up) == date(2026, 2, 5)
    assert schedule.slot_date(when, schedule.next_due(when, caught_up)) == date(2026, 2, 6)


def test_a_weekly_slot_comes_once_a_week():
    when = When(Slot.WEEKLY, SHANGHAI, time(9, 0), (0,))
    due = schedule.next_due(when, utc(2026, 2, 9, 1))
    assert due == utc(2026, 2, 16, 1)
    assert schedule.slot_date(when, utc(2026, 2, 15, 23)) == date(2026, 2, 9)


def test_a_fresh_slot_has_no_hour_of_its_own():
    fresh = When(Slot.FRESH, SHANGHAI)
    assert schedule.next_due(fresh, utc(2026, 2, 9)) is None
    assert schedule.slot_date(fresh, utc(2026, 2, 9, 17)) == date(2026, 2, 10)


def test_a_return_from_a_pause_is_not_before_its_date():
    when = daily(SHANGHAI, time(8, 30), (0,))
    due = schedule.next_due(when, utc(2026, 2, 3), not_before=date(2026, 3, 4))
    assert due == utc(2026, 3, 9, 0, 30)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(2026, 2, 9, 5), utc(2026, 2, 9, 5)),  # 13:00 in Shanghai: at once
        (utc(2026, 2, 9, 0, 29), utc(2026, 2, 9, 0, 30)),  # 08:29
        (utc(2026, 2, 9, 13, 59), utc(2026, 2, 9, 13, 59)),  # 21:59
        (utc(2026, 2, 9, 14, 0), utc(2026, 2, 10, 0, 30)),  # 22:00: tomorrow
        (utc(2026, 2, 13, 14, 30), utc(2026, 2, 16, 0, 30)),  # Friday night: Monday
        (utc(2026, 2, 14, 4), utc(2026, 2, 16, 0, 30)),  # Saturday
    ],
)
def test_a_fresh_digest_waits_for_the_chats_window(now, due):
    assert schedule.fresh_due(now, SHANGHAI, WEEKDAYS, OPENS, CLOSES) == due


@given(
    tz=ZONES,
    now=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    days=st.sets(st.integers(0, 6), min_size=1).map(tuple),
)
def test_a_fresh_digest_always_lands_in_the_window_of_a_wanted_day(tz, now, days):
    now = now.replace(tzinfo=UTC)
    due = schedule.fresh_due(now, tz, days, OPENS, CLOSES)
    local = due.astimezone(ZoneInfo(tz))
    assert due >= now
    assert local.weekday() in days
    assert OPENS <= local.time() < CLOSES


@pytest.mark.parametrize(
    ("until", "paused"),
    [(date(2026, 2, 10), True), (date(2026, 2, 9), False), (date.max, True), (None, False)],
)
def test_a_pause_ends_as_its_local_date_begins(until, paused):
    subscription = Subscription(
        key=SubscriptionKey(1),
        chat=ChatKey(1),
        topic="cs.CV",
        when=daily(SHANGHAI, time(8, 30)),
        lang=None,
        limit=None,
        split=False,
        replacements=False,
        since=0,
        paused_until=until,
        next_due=None,
        created=utc(2026, 1, 1),
    )
    begins = utc(2026, 2, 8, 16)  # midnight of 9 February in Shanghai
    assert schedule.is_paused(subscription, begins) is paused
    assert schedule.is_paused(subscription, begins - timedelta(seconds=1)) is (until is not None)


def test_papers_reach_shanghai_in_the_morning_and_at_noon():
    assert schedule.reaches(SHANGHAI, utc(2026, 2, 9)) == (time(9, 0), time(13, 0))
    assert schedule.reaches(SHANGHAI, utc(2026, 7, 6)) == (time(8, 0), time(12, 0))
