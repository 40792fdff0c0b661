"""Collecting on ordinary days: what is stored, what is new, what it costs, who is due."""

from datetime import UTC, date, datetime, time

import pytest
from arxiv_server import Fault
from collecting import days_of, morning_of, round_of
from fakes import invented_paper
from live_arxiv import FRIDAY, all_new, ids, many

from jobs.ports import SourceError
from jobs.schedule import EASTERN, at_local
from storage import papers, runs
from storage.models import RunState

MONDAY = date(2026, 2, 9)
OPENS = time(8, 30)


async def test_a_normal_day_is_stored_whole_and_leaves_a_record(tmp_path):
    found = [
        invented_paper("2602.00001"),
        invented_paper("2602.00002", primary_category="cs.LG", categories=["cs.LG", "cs.CV"]),
        invented_paper("2601.00003", version=2, comment="9 pages"),
    ]
    lines = [("2602.00001", 1, "new"), ("2602.00002", 1, "new"), ("2601.00003", 2, "replace")]
    async with round_of(found, {FRIDAY: lines}, tmp_path) as day:
        run = await day.probe()
        assert (run.state, run.cause, run.day) == (RunState.FRESH, "announced", FRIDAY)
        assert (run.announced, run.requests, run.detail) == (3, 2, "")
        assert sorted(await day.lines()) == [
            ("2601.00003v2", "replace", "Fri"),
            ("2602.00001v1", "new", "Fri"),
            ("2602.00002v1", "cross", "Fri"),
        ]
        stored = {c.paper.id: c.paper for c in await day.announced()}
        assert all(paper.enriched for paper in stored.values())
        assert stored["2601.00003"].comment == "9 pages"
        assert await day.db.read(runs.last) == run
        assert await day.db.read(papers.unenriched, 9) == []


async def test_collecting_again_changes_nothing(tmp_path):
    found = many(5)
    async with round_of(found, all_new(found), tmp_path) as day:
        await day.probe()
        before = await day.lines()
        again = await day.probe()
        assert (again.state, again.cause) == (RunState.WAITING, "next")
        assert (again.announced, again.requests) == (0, 1)
        assert "If-None-Match" in day.server.log[-1].headers
        assert await day.lines() == before


async def test_a_feed_that_says_the_same_anew_announces_nothing(tmp_path):
    found = many(5)
    async with round_of(found, all_new(found), tmp_path) as day:
        await day.probe()
        day.categories = ("cs.CV", "cs.LG")  # another feed, the same papers in it
        again = await day.probe()
        assert (again.state, again.announced, again.requests) == (RunState.WAITING, 0, 1)
        assert len(await day.lines()) == 5


async def test_a_morning_of_200_papers_costs_at_most_three_requests(tmp_path):
    found = morning_of(FRIDAY, 200)
    async with round_of(found, all_new(found), tmp_path) as day:
        await day.probe(date(2026, 2, 5))
        await day.previews()
        before = len(day.server.log)
        run = await day.probe(FRIDAY)
        await day.enrich()
        await day.previews()
        assert run.announced == 200
        assert len(day.server.log) - before <= 3


async def test_a_day_of_729_papers_is_stored_to_the_last(tmp_path):
    found = many(729)
    async with round_of(found, all_new(found), tmp_path) as day:
        run = await day.probe()
        assert (run.announced, run.requests) == (729, 5)
        assert [c.paper.id for c in await day.announced()] == ids(found)


async def test_a_transaction_holds_few_papers(tmp_path):
    found = many(90)
    statements = []
    async with round_of(found, all_new(found), tmp_path) as day:
        await day.db.write(lambda tx: tx.conn.set_trace_callback(statements.append))
        await day.probe()
    transactions = "\n".join(statements).split("BEGIN IMMEDIATE")
    sizes = [each.count("INSERT INTO paper (") for each in transactions]
    assert sum(sizes) == 90
    assert max(sizes) <= 20


async def test_a_paper_cross_listed_twice_is_announced_in_each_listing(tmp_path):
    paper = invented_paper("2602.00001", categories=["cs.CV", "cs.LG", "cs.RO"])
    lines = {
        date(2026, 2, 4): [("2602.00001", 1, "new")],
        date(2026, 2, 5): [("2602.00001", 1, "cross")],
        FRIDAY: [("2602.00001", 1, "cross")],
    }
    async with round_of([paper], lines, tmp_path) as day:
        for at in lines:
            assert (await day.probe(at)).announced == 1
        found = await day.lines()
        assert [line[1:] for line in found] == [("new", "Wed"), ("cross", "Thu"), ("cross", "Fri")]


async def test_a_second_version_is_a_replacement_of_the_stored_paper(tmp_path):
    paper = invented_paper("2602.00001", version=2, title="A Better Title")
    lines = {
        date(2026, 2, 5): [("2602.00001", 1, "new")],
        FRIDAY: [("2602.00001", 2, "replace")],
    }
    async with round_of([paper], lines, tmp_path) as day:
        await day.probe(date(2026, 2, 5))
        await day.probe(FRIDAY)
        assert await day.lines() == [
            ("2602.00001v1", "new", "Thu"),
            ("2602.00001v2", "replace", "Fri"),
        ]
        stored = await day.db.read(papers.get, "2602.00001")
        assert (stored.version, stored.title) == (2, "A Better Title")


async def test_a_comment_goes_with_the_version_that_it_speaks_of(tmp_path):
    paper = invented_paper("2602.00001", comment="This paper has been withdrawn", doi="10.1/x")
    lines = {FRIDAY: [("2602.00001", 1, "new")], MONDAY: [("2602.00001", 2, "replace")]}
    async with round_of([paper], lines, tmp_path) as day:
        await day.probe(FRIDAY)
        assert (await day.db.read(papers.get, "2602.00001")).withdrawn
        paper |= {"comment": None, "doi": None}
        await day.probe(MONDAY)
        restored = await day.db.read(papers.get, "2602.00001")
        assert (restored.version, restored.withdrawn, restored.doi) == (2, False, "10.1/x")


async def test_an_announcement_wakes_who_waits_for_it(tmp_path):
    found = many(3)
    async with round_of(found, all_new(found), tmp_path) as day:
        awake, asleep = await day.subscribe("Asia/Shanghai"), await day.subscribe(EASTERN)
        run = await day.probe(FRIDAY, 0, 30)
        assert await day.due(awake) == run.finished  # 13:30 in Shanghai
        assert await day.due(asleep) == at_local(FRIDAY, OPENS, EASTERN)


async def test_a_few_late_papers_do_not_take_the_place_of_the_next_announcement(tmp_path):
    found = morning_of(FRIDAY, 10)
    async with round_of(found, all_new(found), tmp_path) as day:
        day.server.held = set(ids(found)[8:])
        await day.probe(FRIDAY)
        seq = await day.db.read(papers.last_seq)
        waiting = await day.subscribe(since=seq)
        day.server.held = set()
        late = await day.probe(FRIDAY, 10)
        assert (late.state, late.announced) == (RunState.FRESH, 2)
        assert await day.due(waiting) is None
        weekend = await day.probe(date(2026, 2, 7), 1)
        assert weekend.state is RunState.QUIET
        assert await day.due(waiting) == weekend.finished  # nothing else is to come today


async def test_history_for_previews_wakes_nobody(tmp_path):
    week = [paper for at in days_of(date(2026, 1, 29), 5) for paper in morning_of(at, 3)]
    friday = morning_of(FRIDAY, 2)
    async with round_of(week + friday, None, tmp_path) as day:
        await day.probe(FRIDAY)
        seq = await day.db.read(papers.last_seq)
        covered = await day.subscribe(since=seq)
        assert await day.previews() == 6
        assert await day.db.read(papers.last_seq) == seq
        await day.probe(date(2026, 2, 7))
        assert await day.due(covered) is None


async def test_previews_fill_the_last_week_once(tmp_path):
    week = [paper for at in days_of(date(2026, 1, 29), 7) for paper in morning_of(at, 4)]
    async with round_of(week, None, tmp_path) as day:
        await day.probe(FRIDAY)
        assert await day.previews() == 6  # Friday itself came live
        known = await day.db.read(papers.days_known, date(2026, 1, 29), FRIDAY)
        assert known == days_of(date(2026, 1, 29), 7)
        assert await day.db.read(papers.papers_between, date(2026, 1, 29), FRIDAY) == 28
        assert await day.db.read(papers.days_known, date(2026, 1, 1), FRIDAY, live=True) == [FRIDAY]
        asked = len(day.server.log)
        assert await day.previews() == 0
        assert len(day.server.log) == asked


async def test_what_is_not_announced_yet_is_not_searched_for_previews(tmp_path):
    found = morning_of(FRIDAY, 3)
    async with round_of(found, all_new(found), tmp_path) as day:
        await day.probe(FRIDAY)
        await day.previews()
        day.clock.set(at_local(MONDAY, OPENS, EASTERN))
        asked = len(day.server.log)
        assert await day.previews() == 0
        assert len(day.server.log) == asked


async def test_previews_cut_off_go_on_where_they_stopped(tmp_path):
    week = [paper for at in days_of(date(2026, 1, 29), 7) for paper in morning_of(at, 2)]
    async with round_of(week, None, tmp_path) as day:
        await day.probe(FRIDAY)
        day.server.fail(Fault.FORBIDDEN, times=1, on="api", after=3)
        with pytest.raises(SourceError, match="refused"):
            await day.previews()
        held = await day.db.read(papers.days_known, date(2026, 1, 1), FRIDAY)
        assert len(held) == 4


async def test_an_older_description_never_replaces_a_newer_one(tmp_path):
    paper = invented_paper("2602.00001", version=3, title="The Third")
    lines = {FRIDAY: [("2602.00001", 3, "replace")], MONDAY: [("2602.00001", 2, "cross")]}
    async with round_of([paper], lines, tmp_path) as day:
        await day.probe(FRIDAY)
        await day.probe(MONDAY)
        stored = await day.db.read(papers.get, "2602.00001")
        assert (stored.version, stored.title, stored.enriched) == (3, "The Third", True)
        assert stored.published == datetime(2026, 2, 4, 12, tzinfo=UTC)
