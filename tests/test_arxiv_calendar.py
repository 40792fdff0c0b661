"""arXiv's calendar: which day a submission belongs to, why nothing is there, when to look."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import schedule
from storage.models import Run, RunState

FRIDAY, SATURDAY, MONDAY = date(2026, 2, 6), date(2026, 2, 7), date(2026, 2, 9)
BLACK_FRIDAY = date(2026, 11, 27)
"""Its announcement would be on Thanksgiving's evening: a holiday."""


def eastern(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def run_of(state: RunState, cause: str, day: date | None = None, **fields: object) -> Run:
    at = eastern(2026, 2, 6, 0, 10)
    return replace(Run(at, at, state, cause, day=day), **fields)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 2, 10), FRIDAY, MONDAY),  # Tuesday's feed
        (MONDAY, date(2026, 2, 5), FRIDAY),
        (FRIDAY, date(2026, 2, 4), date(2026, 2, 5)),
        (date(2026, 11, 30), date(2026, 11, 25), BLACK_FRIDAY),  # two days' after a holiday
    ],
)
def test_an_announcement_covers_the_time_between_two_deadlines(day, first, last):
    start, end = schedule.submission_window(day)
    assert start == schedule.at_local(first, time(14), schedule.EASTERN)
    assert end == schedule.at_local(last, time(14), schedule.EASTERN)


@given(st.datetimes(datetime(2025, 1, 2), datetime(2027, 6, 1)))  # noqa: DTZ001
def test_each_submission_lies_in_the_window_of_its_announcement_day(submitted):
    submitted = submitted.replace(tzinfo=UTC)
    day = schedule.announcement_day_of(submitted)
    start, end = schedule.submission_window(day)
    assert schedule.is_announcement_day(day)
    assert start <= submitted < end


def test_announcement_days_leave_out_weekends_and_holidays():
    days = schedule.announcement_days(date(2026, 11, 25), date(2026, 12, 1))
    assert days == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 1)]
    assert schedule.announcement_days(MONDAY, FRIDAY) == []
    assert schedule.recent_days(eastern(2026, 2, 8, 12), 3) == [
        FRIDAY,
        date(2026, 2, 5),
        date(2026, 2, 4),
    ]


@pytest.mark.parametrize(
    ("now", "last_day", "shown", "state", "cause"),
    [
        (eastern(2026, 2, 7, 12), FRIDAY, SATURDAY, RunState.QUIET, "weekend"),
        (eastern(2026, 2, 7, 12), FRIDAY, None, RunState.QUIET, "weekend"),
        (eastern(2026, 2, 8, 21), FRIDAY, FRIDAY, RunState.QUIET, "weekend"),
        (eastern(2026, 2, 7, 12), None, SATURDAY, RunState.QUIET, "weekend"),
        (eastern(2026, 2, 8, 3), date(2026, 2, 5), date(2026, 2, 8), RunState.QUIET, "weekend"),
        (eastern(2026, 11, 27, 9), date(2026, 11, 26), BLACK_FRIDAY, RunState.QUIET, "holiday"),
        (eastern(2026, 2, 9, 0, 5), FRIDAY, FRIDAY, RunState.WAITING, "not-yet"),
        (eastern(2026, 2, 9, 9, 59), FRIDAY, MONDAY, RunState.WAITING, "not-yet"),
        (eastern(2026, 2, 9, 10, 0), FRIDAY, MONDAY, RunState.STALLED, "late"),
        (eastern(2026, 2, 9, 11, 0), None, None, RunState.STALLED, "late"),
        (eastern(2026, 2, 7, 12), date(2026, 2, 5), date(2026, 2, 5), RunState.STALLED, "late"),
        (eastern(2026, 2, 9, 16), MONDAY, MONDAY, RunState.WAITING, "next"),
    ],
)
def test_lesson_08_a_weekend_is_no_outage_and_an_outage_no_weekend(
    now, last_day, shown, state, cause
):
    verdict = schedule.judge(now, last_day, shown)
    assert (verdict.state, verdict.cause) == (state, cause)


def test_a_probe_is_often_around_midnight_and_hourly_once_the_day_is_in():
    waiting = run_of(RunState.WAITING, "not-yet")
    in_time = run_of(RunState.FRESH, "announced", FRIDAY)

    def pause(now: datetime, run: Run) -> timedelta:
        return schedule.next_probe(now, run) - now

    assert pause(eastern(2026, 2, 6, 0, 5), waiting) == timedelta(minutes=5)
    assert pause(eastern(2026, 2, 6, 4, 0), waiting) == timedelta(minutes=30)
    assert pause(eastern(2026, 2, 6, 0, 20), in_time) == timedelta(hours=1)
    evening = eastern(2026, 2, 5, 23, 55)
    assert pause(evening, run_of(RunState.WAITING, "next")) == timedelta(minutes=5)


def test_news_of_the_day_before_do_not_end_the_wait_for_the_newest():
    late_batch = run_of(RunState.FRESH, "announced", date(2026, 2, 5))
    now = eastern(2026, 2, 6, 0, 10)
    assert schedule.next_probe(now, late_batch) == now + timedelta(minutes=5)


def test_after_the_deadline_the_next_look_is_at_the_announcement():
    run = run_of(RunState.WAITING, "next")
    assert schedule.next_probe(eastern(2026, 2, 5, 14), run) == eastern(2026, 2, 5, 20)
    assert schedule.next_probe(eastern(2026, 2, 6, 14), run) == eastern(2026, 2, 8, 20)


def test_an_idle_weekend_costs_a_handful_of_probes():
    probes, now = 0, eastern(2026, 2, 6, 14)
    run = run_of(RunState.QUIET, "weekend")
    while now < eastern(2026, 2, 8, 20):
        now = schedule.next_probe(now, run)
        probes += 1
    assert probes <= 3


@pytest.mark.parametrize("asked", [timedelta(0), timedelta(hours=6)])
def test_a_failed_run_is_repeated_no_sooner_than_arxiv_asks(asked):
    now = eastern(2026, 2, 6, 1)
    failed = run_of(RunState.FAILED, "throttled", retry_after=asked)
    assert schedule.next_probe(now, failed) == now + max(asked, timedelta(minutes=10))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    st.sampled_from(
        [
            run_of(RunState.FRESH, "announced", FRIDAY),
            run_of(RunState.WAITING, "not-yet"),
            run_of(RunState.WAITING, "next"),
            run_of(RunState.QUIET, "weekend"),
            run_of(RunState.STALLED, "late"),
        ]
    ),
)
def test_every_probe_is_followed_by_another_within_a_holiday_weekend(now, run):
    now = now.replace(tzinfo=UTC)
    assert now < schedule.next_probe(now, run) <= now + timedelta(days=4)


@pytest.mark.parametrize(
    ("cause", "late"),
    [
        ("not-yet", timedelta(minutes=100)),
        ("late", timedelta(minutes=100)),
        ("next", timedelta(0)),
        ("throttled", timedelta(0)),
    ],
)
def test_lateness_is_told_only_where_it_was_watched(cause, late):
    fresh = run_of(RunState.FRESH, "announced", FRIDAY, finished=eastern(2026, 2, 6, 1, 40))
    assert schedule.lateness(fresh, run_of(RunState.WAITING, cause)) == late
    assert schedule.lateness(fresh, None) == timedelta(0)
