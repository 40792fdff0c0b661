"""Collecting on bad days: what fails, lags or lies loses nothing and repeats nothing."""

from collections import Counter
from datetime import date, timedelta

import pytest
from arxiv_server import Fault
from collecting import days_of, morning_of, round_of
from fakes import invented_paper
from live_arxiv import FRIDAY, SATURDAY, SERVED, all_new, ids, many

from jobs import schedule
from storage import papers, runs
from storage.models import RunState

THURSDAY, MONDAY, TUESDAY = date(2026, 2, 5), date(2026, 2, 9), date(2026, 2, 10)
WAITING, QUIET, STALLED = RunState.WAITING, RunState.QUIET, RunState.STALLED


def each_once(lines):
    return max(Counter(line[0] for line in lines).values()) == 1


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.THROTTLED, "throttled"),
        (Fault.OVERLOADED, "server-error"),
        (Fault.FORBIDDEN, "refused"),
        (Fault.NOT_ACCEPTABLE, "refused"),
        (Fault.HTML, "foreign-page"),
        (Fault.RATE_EXCEEDED, "throttled"),
        (Fault.TRUNCATED, "truncated"),
    ],
)
async def test_a_failed_run_says_why_and_the_next_one_makes_good(fault, cause, tmp_path):
    found = many(3)
    async with round_of(found, all_new(found), tmp_path) as day:
        day.server.fail(fault, times=99, on="feed")
        run = await day.probe()
        assert (run.state, run.cause, run.announced) == (RunState.FAILED, cause, 0)
        assert (await day.db.read(runs.last)).cause == cause
        day.server.mend()
        day.source._web._clock.advance(timedelta(days=1))  # its cool-down is over
        assert (await day.probe()).announced == 3


async def test_a_throttled_run_carries_when_arxiv_wants_to_be_asked_again(tmp_path):
    async with round_of(many(1), all_new(many(1)), tmp_path) as day:
        day.server.fail(Fault.THROTTLED, times=99, Retry_After="5400")
        run = await day.probe()
        assert run.retry_after == timedelta(minutes=90)
        assert schedule.next_probe(SERVED, run) == SERVED + timedelta(minutes=90)


async def test_without_metadata_the_feeds_own_fields_serve_until_they_come(tmp_path):
    found = [invented_paper("2602.00001", comment="9 pages"), invented_paper("2602.00002")]
    async with round_of(found, all_new(found), tmp_path) as day:
        day.server.fail(Fault.OVERLOADED, times=99, on="api")
        run = await day.probe()
        assert (run.state, run.announced) == (RunState.FRESH, 2)
        bare = await day.db.read(papers.get, "2602.00001")
        assert (bare.enriched, bare.comment, bare.abstract[:9]) == (False, None, "We invent")
        day.server.mend()
        day.source._web._clock.advance(timedelta(hours=1))
        assert await day.enrich() == 2
        full = await day.db.read(papers.get, "2602.00001")
        assert (full.enriched, full.comment) == (True, "9 pages")
        assert await day.enrich() == 0


async def test_lesson_03_nothing_good_is_overwritten_by_something_empty(tmp_path):
    found = morning_of(FRIDAY, 3)
    async with round_of(found, all_new(found), tmp_path) as day:
        await day.probe()
        before = [c.paper for c in await day.announced()]
        day.server.library.announcements[FRIDAY].clear()  # an empty feed on a working day
        assert (await day.probe()).announced == 0
        day.server.fail(Fault.NOT_ACCEPTABLE, times=9)
        await day.probe()
        assert [c.paper for c in await day.announced()] == before


async def test_lesson_03_an_empty_description_leaves_the_feeds_own(tmp_path):
    paper = invented_paper("2602.00001")
    async with round_of([paper], all_new([paper]), tmp_path) as day:
        await day.probe()
        paper["abstract"] = ""
        day.server.library.announce(MONDAY, [("2602.00001", 1, "cross")])
        await day.db.write(lambda tx: tx.execute("UPDATE paper SET enriched = 0"))
        await day.probe(MONDAY)
        await day.enrich()
        assert (await day.db.read(papers.get, "2602.00001")).abstract.startswith("We invent")


async def test_lesson_04_a_paper_submitted_long_ago_is_new_when_it_is_announced(tmp_path):
    held_back = invented_paper("2602.00001", published="2026-01-12T09:00:00Z")
    async with round_of([held_back], all_new([held_back]), tmp_path) as day:
        day.server.fail(Fault.ZERO_RESULTS, times=9, on="api")  # the index does not have it yet
        run = await day.probe()
        assert (run.state, run.announced) == (RunState.FRESH, 1)
        assert await day.lines() == [("2602.00001v1", "new", "Fri")]


async def test_lesson_05_a_category_that_fell_silent_is_found_by_search(tmp_path):
    days = days_of(date(2026, 2, 3), 4)
    found = [p for at in days for p in morning_of(at, 6)]
    found += [p for at in days for p in morning_of(at, 6, "cs.LG", start=100)]
    async with round_of(found, None, tmp_path) as day:
        day.categories = ("cs.CV", "cs.LG")
        for at in days[:3]:
            assert (await day.probe(at)).announced == 12
        day.server.stale = {"cs.LG"}
        run = await day.probe(FRIDAY)
        assert (run.announced, run.detail) == (12, "cs.LG: absent from the feed")
        day.server.stale = set()  # it comes after all: known by then
        assert (await day.probe(FRIDAY, 9)).announced == 0
        lines = await day.lines()
        assert len(lines) == len(found) == 48
        assert each_once(lines)


async def test_lesson_06_probing_goes_on_until_new_ids_come(tmp_path):
    found = morning_of(THURSDAY, 2) + morning_of(FRIDAY, 3)
    async with round_of(found, None, tmp_path) as day:
        run = await day.probe(THURSDAY)
        states, appears = [], schedule.at_local(FRIDAY, schedule.time(4, 20), schedule.EASTERN)
        while run.day != FRIDAY:
            day.clock.set(schedule.next_probe(day.clock.now(), run))
            if day.clock.now() >= appears:
                day.server.day = FRIDAY
            run = await day.probe()
            states.append(run.cause)
        assert day.clock.now() - appears <= timedelta(minutes=30)
        assert run.announced == 3
        assert timedelta(hours=4) < run.late < timedelta(hours=5)
        assert "late" not in states
        assert states.count("not-yet") < 60


async def test_lesson_07_ids_decide_what_is_new_not_the_feeds_date(tmp_path):
    found = morning_of(THURSDAY, 4) + morning_of(FRIDAY, 4)
    by_day = {THURSDAY: ids(found)[:4], FRIDAY: ids(found)[4:]}
    lagging = {THURSDAY: [(ident, 1, "new") for ident in by_day[THURSDAY]]}
    async with round_of(found, lagging, tmp_path) as day:
        assert (await day.probe(THURSDAY)).announced == 4
        friday = [(ident, 1, "new") for ident in by_day[FRIDAY]]
        day.server.library.announcements[THURSDAY].clear()
        day.server.library.announce(THURSDAY, friday)  # Friday's papers under Thursday's date
        waiting = await day.subscribe(since=await day.db.read(papers.last_seq))
        run = await day.probe()
        assert (run.state, run.announced) == (RunState.FRESH, 4)
        assert await day.due(waiting) is not None
        day.server.library.announce(FRIDAY, friday)  # the date is put right
        assert (await day.probe(FRIDAY, 9)).announced == 0
        assert each_once(await day.lines())


async def test_lesson_08_a_weekend_is_quiet_and_a_missing_weekday_is_not(tmp_path):
    found = morning_of(FRIDAY, 2)
    async with round_of(found, {FRIDAY: [(i, 1, "new") for i in ids(found)]}, tmp_path) as day:
        await day.probe(FRIDAY)
        seen = []
        for at, hour in [(SATURDAY, 1), (SATURDAY, 12), (MONDAY, 1), (MONDAY, 11)]:
            run = await day.probe(at, hour)
            seen.append((run.state, run.cause))
        assert seen == [
            (QUIET, "weekend"), (QUIET, "weekend"), (WAITING, "not-yet"), (STALLED, "late"),
        ]  # fmt: skip


async def test_lesson_08_a_first_run_on_a_weekend_is_no_outage(tmp_path):
    async with round_of([], {}, tmp_path) as day:
        run = await day.probe(SATURDAY, 13)
        assert (run.state, run.cause) == (QUIET, "weekend")
        again = await day.probe(SATURDAY, 14)
        assert (again.cause, again.requests) == ("weekend", 1)


async def test_lesson_08_a_small_answer_is_completed_when_the_rest_comes(tmp_path):
    found = many(334)
    async with round_of(found, all_new(found), tmp_path) as day:
        day.server.held = set(ids(found)[12:])
        assert (await day.probe()).announced == 12
        day.server.held = set()
        rest = await day.probe()
        assert (rest.state, rest.announced, rest.requests) == (RunState.FRESH, 322, 3)
        assert await day.db.read(papers.unenriched, 9) == []


@pytest.mark.parametrize("missed", [1, 2, 5])
async def test_missed_days_are_caught_up_once_and_whole(missed, tmp_path):
    days = days_of(date(2026, 2, 3), missed + 3)
    found = [p for at in days for p in morning_of(at, 5)]
    async with round_of(found, None, tmp_path) as day:
        await day.probe(days[0])
        run = await day.probe(days[-2])
        assert run.announced == 5 * (missed + 1)
        assert (await day.probe(days[-2], 9)).announced == 0
        assert (await day.probe(days[-1])).announced == 5
        lines = await day.lines()
        assert [f"{ident}v1" for ident in ids(found)] == sorted(line[0] for line in lines)
        assert [line[2] for line in lines] == [at.strftime("%a") for at in days for _ in range(5)]
        assert each_once(lines)


async def test_a_missed_day_that_cannot_be_searched_is_caught_up_later(tmp_path):
    days = days_of(date(2026, 2, 4), 3)
    found = [p for at in days for p in morning_of(at, 3)]
    async with round_of(found, None, tmp_path) as day:
        await day.probe(days[0])
        day.server.fail(Fault.OVERLOADED, times=4, on="api")
        run = await day.probe(days[2])
        assert (run.state, run.announced) == (RunState.FRESH, 3)
        assert "2026-02-05" in run.detail
        day.source._web._clock.advance(timedelta(hours=1))
        assert (await day.probe()).announced == 3
        assert each_once(await day.lines())
        assert len(await day.lines()) == 9


async def test_a_paper_replaced_while_its_day_was_missed_is_still_new(tmp_path):
    paper = morning_of(THURSDAY, 1)[0] | {"version": 2}
    others = morning_of(date(2026, 2, 4), 1) + morning_of(FRIDAY, 1)
    new = {date.fromisoformat(p["announced"]): [(p["id"], 1, "new")] for p in others}
    lines = {**new, THURSDAY: [(paper["id"], 1, "new")]}
    lines[FRIDAY] = [*lines[FRIDAY], (paper["id"], 2, "replace")]
    async with round_of([paper, *others], lines, tmp_path) as day:
        await day.probe(date(2026, 2, 4))
        await day.probe(FRIDAY)
        kinds = [line[1:] for line in await day.lines() if line[0].startswith(paper["id"])]
        assert kinds == [("new", "Thu"), ("replace", "Fri")]


async def test_a_paper_held_back_until_today_is_not_taken_for_a_missed_days(tmp_path):
    days = days_of(date(2026, 2, 4), 3)
    found = [p for at in days for p in morning_of(at, 2)]
    held = morning_of(days[1], 1, "cs.LG", start=9)[0] | {"categories": ["cs.LG", "cs.CV"]}
    lines = {at: [(i, 1, "new") for i in ids(found)[2 * n :][:2]] for n, at in enumerate(days)}
    lines[days[2]].append((held["id"], 1, "new"))
    async with round_of([*found, held], lines, tmp_path) as day:
        await day.probe(days[0])
        await day.probe(days[2])
        assert (f"{held['id']}v1", "cross", "Fri") in await day.lines()
        assert each_once(await day.lines())


async def test_what_was_announced_before_the_first_day_is_not_caught_up(tmp_path):
    days = days_of(date(2026, 2, 2), 5)
    found = [p for at in days for p in morning_of(at, 3)]
    async with round_of(found, None, tmp_path) as day:
        await day.probe(days[2])  # the installation's first day
        await day.probe(days[4])
        assert {line[2] for line in await day.lines()} == {"Wed", "Thu", "Fri"}
        assert len(await day.lines()) == 9
