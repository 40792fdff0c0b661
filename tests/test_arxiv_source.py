"""The source of papers against a loopback arXiv, with its good and its bad days."""

from datetime import UTC, datetime, timedelta

import arxiv
import pytest
from arxiv_server import Fault
from fakes import invented_paper
from live_arxiv import FRIDAY, SATURDAY, SERVED, all_new, arxiv_of, ids, many

from jobs.ports import PaperSource, RetryLater, SourceError
from storage.models import AnnounceType
from storage.syntax import Category

NEW, CROSS, REPLACE = AnnounceType.NEW, AnnounceType.CROSS, AnnounceType.REPLACE


@pytest.fixture
async def morning(tmp_path):
    """Three papers, all of them new today."""
    papers = many(3)
    async with arxiv_of(papers, all_new(papers), tmp_path) as (server, source):
        yield server, source


async def test_the_source_is_what_the_jobs_ask_for(morning):
    source: PaperSource = morning[1]
    assert source.requests == 0


async def test_an_announcement_has_its_day_and_its_papers(morning):
    _, source = morning
    feed = await source.announcements(["cs.CV"])
    assert feed.day == FRIDAY
    first = feed.items[0]
    assert first.kind is NEW
    assert (first.paper.id, first.paper.version) == ("2602.00001", 1)
    assert first.paper.title == "An Invented Study, Number 2602.00001"
    assert first.paper.abstract == "We invent study 2602.00001 to see what a reader makes of it."
    assert first.paper.authors == ("Imena Vorga", "Tolan Brisk")
    assert first.paper.categories == (first.paper.primary_category,) == ("cs.CV",)
    assert first.paper.published is None
    assert not first.paper.enriched


async def test_metadata_adds_what_the_feed_lacks(tmp_path):
    paper = invented_paper(
        "2602.00001",
        version=2,
        categories=["cs.CV", "cs.LG"],
        comment="12 pages,\n  3 figures",
        journal_ref="Invented Letters 3 (2026)",
        doi="10.1000/invented",
        updated="2026-02-05T09:30:00Z",
    )
    async with arxiv_of([paper], {}, tmp_path) as (_, source):
        (found,) = await source.papers(["2602.00001"])
    assert found.enriched
    assert found.version == 2
    assert found.categories == ("cs.CV", "cs.LG")
    assert found.comment == "12 pages, 3 figures"
    assert (found.journal_ref, found.doi) == ("Invented Letters 3 (2026)", "10.1000/invented")
    assert found.published == datetime(2026, 2, 4, 12, tzinfo=UTC)
    assert found.updated == datetime(2026, 2, 5, 9, 30, tzinfo=UTC)


async def test_an_idle_probe_costs_one_conditional_request(morning):
    server, source = morning
    feed = await source.announcements(["cs.CV"])
    assert await source.announcements(["cs.CV"], feed.validators) is None
    assert source.requests == len(server.log) == 2
    assert "If-None-Match" in server.log[1].headers


async def test_lesson_01_a_429_does_not_lose_the_morning(morning):
    server, source = morning
    server.fail(Fault.THROTTLED, on="feed", Retry_After="20")
    server.fail(Fault.OVERLOADED, on="api", times=2)
    feed = await source.announcements(["cs.CV"])
    papers = await source.papers([item.paper.id for item in feed.items])
    assert len(papers) == 3


async def test_lesson_01_a_lasting_429_is_told_with_its_end(morning):
    server, source = morning
    server.fail(Fault.THROTTLED, times=99, Retry_After="900")
    with pytest.raises(RetryLater, match="throttled") as raised:
        await source.papers(["2602.00001"])
    assert raised.value.after == timedelta(minutes=15)
    assert len(server.log) == 1


async def test_lesson_02_two_hundred_papers_cost_two_named_requests(tmp_path):
    papers = many(200)
    async with arxiv_of(papers, all_new(papers), tmp_path) as (server, source):
        feed = await source.announcements(["cs.CV"])
        found = await source.papers([item.paper.id for item in feed.items])
    assert [paper.id for paper in found] == ids(papers)
    assert len(server.log) == source.requests == 2
    assert server.requests("api")[0].query["max_results"] == "200"
    agents = {request.headers["User-Agent"] for request in server.log}
    assert [agent.startswith("paperround/") for agent in agents] == [True]
    assert all("lab@round.example" in agent for agent in agents)


async def test_a_day_of_729_papers_is_complete_in_five_requests(tmp_path):
    papers = many(729)
    async with arxiv_of(papers, all_new(papers), tmp_path) as (server, source):
        feed = await source.announcements(["cs.CV"])
        found = await source.papers([item.paper.id for item in feed.items])
    assert [paper.id for paper in found] == ids(papers)
    assert len(server.log) == 5


async def test_lesson_03_a_406_is_no_empty_morning(morning):
    server, source = morning
    server.fail(Fault.NOT_ACCEPTABLE)
    with pytest.raises(SourceError, match="refused"):
        await source.announcements(["cs.CV"])


async def test_lesson_04_ids_and_not_dates_make_a_paper_new(tmp_path):
    """Moderation took two weeks: a window on submission dates would miss this paper."""
    late = invented_paper("2602.00009", published="2026-01-22T08:00:00Z")
    async with arxiv_of([late], all_new([late]), tmp_path) as (_, source):
        feed = await source.announcements(["cs.CV"])
        window = (SERVED - timedelta(days=3), SERVED)
        assert await source.search(Category("cs.CV"), limit=10, submitted=window) == []
    assert [item.paper.id for item in feed.items] == ["2602.00009"]


async def test_lesson_05_a_stale_category_is_empty_and_not_an_error(tmp_path):
    """The source can't know better; whoever collects compares with what other days had."""
    papers = [invented_paper("2602.00001"), invented_paper("2602.00002", primary_category="cs.CL")]
    async with arxiv_of(papers, all_new(papers), tmp_path) as (server, source):
        server.stale = {"cs.CL"}
        feed = await source.announcements(["cs.CV", "cs.CL"])
    assert [item.paper.primary_category for item in feed.items] == ["cs.CV"]


async def test_a_late_batch_changes_the_feed_of_the_same_day(morning):
    server, source = morning
    server.held = {"2602.00003"}
    early = await source.announcements(["cs.CV"])
    server.held.clear()
    late = await source.announcements(["cs.CV"], early.validators)
    assert (len(early.items), len(late.items)) == (2, 3)
    assert early.day == late.day == FRIDAY


async def test_a_saturday_says_that_it_is_one(morning):
    server, source = morning
    server.day = SATURDAY
    feed = await source.announcements(["cs.CV"])
    assert feed.items == ()
    assert feed.day == SATURDAY


FOREIGN = [
    (Fault.HTML, "foreign-page"),
    (Fault.RATE_EXCEEDED, "throttled"),
    (Fault.TRUNCATED, "truncated"),
    (Fault.UNCLOSED, "truncated"),
]


@pytest.mark.parametrize(("fault", "cause"), FOREIGN)
async def test_a_feed_that_is_none_is_never_an_empty_one(morning, fault, cause):
    server, source = morning
    server.fail(fault, times=99)
    with pytest.raises(SourceError) as raised:
        await source.announcements(["cs.CV"])
    assert raised.value.cause == cause


@pytest.mark.parametrize(("fault", "cause"), [*FOREIGN, (Fault.EMPTY_PAGE, "truncated")])
async def test_a_page_that_is_none_is_never_an_empty_one(morning, fault, cause):
    server, source = morning
    server.fail(fault, times=99)
    with pytest.raises(SourceError) as raised:
        await source.papers(["2602.00001"])
    assert raised.value.cause == cause


@pytest.mark.parametrize("fault", [fault for fault, _ in FOREIGN] + [Fault.ZERO_RESULTS])
async def test_a_passing_fault_costs_one_more_request(morning, fault):
    server, source = morning
    server.fail(fault)
    assert len(await source.papers(["2602.00001", "2602.00002"])) == 2
    assert len(server.log) == 2


async def test_unknown_ids_are_left_out_and_the_order_is_kept(morning):
    _, source = morning
    asked = ["2602.00003", "2602.99999", "2602.00001", "2602.00003"]
    assert [paper.id for paper in await source.papers(asked)] == ["2602.00003", "2602.00001"]


async def test_no_results_are_believed_when_they_are_said_twice(morning):
    server, source = morning
    assert await source.papers(["2602.99999"]) == []
    assert len(server.log) == 2


async def test_nothing_asked_costs_nothing(morning):
    server, source = morning
    assert await source.papers([]) == []
    assert await source.search(Category("cs.CV"), limit=0) == []
    assert server.log == []


async def test_an_error_entry_is_no_paper(morning):
    server, source = morning
    with pytest.raises(SourceError, match="error-entry: incorrect id format for abc"):
        await source.papers(["abc"])
    assert len(server.log) == 1


async def test_a_category_that_is_none_is_named(morning):
    server, source = morning
    with pytest.raises(SourceError, match=r"bad-category: Bad archive 'xx\.YY'"):
        await source.announcements(["cs.CV", "xx.YY"])
    with pytest.raises(SourceError, match="bad-category"):
        await source.announcements([])
    assert len(server.log) == 1


async def test_a_whole_archive_is_asked_for_by_its_name(tmp_path):
    papers = [invented_paper("2602.00001"), invented_paper("2602.00002", primary_category="cs.RO")]
    async with arxiv_of(papers, all_new(papers), tmp_path) as (server, source):
        feed = await source.announcements(["cs.*", "cs.*"])
    assert len(feed.items) == 2
    assert server.log[0].path == "/rss/cs"


async def test_lesson_21_a_new_version_is_a_replacement_and_no_new_paper(tmp_path):
    papers = many(2)
    lines = {
        FRIDAY - timedelta(days=1): [("2602.00001", 1, "new")],
        FRIDAY: [("2602.00001", 2, "replace"), ("2602.00002", 1, "new")],
    }
    async with arxiv_of(papers, lines, tmp_path) as (_, source):
        feed = await source.announcements(["cs.CV"])
        metadata = await source.papers(["2602.00001", "2602.00002"])
    kinds = {item.paper.id: (item.kind, item.paper.version) for item in feed.items}
    assert kinds == {"2602.00002": (NEW, 1), "2602.00001": (REPLACE, 2)}
    assert [paper.version for paper in metadata] == [2, 1]


async def test_lesson_21_a_paper_that_is_listed_twice_comes_once(tmp_path):
    paper = invented_paper("2602.00001", categories=["cs.CV", "cs.LG", "cs.CL"])
    lines = {FRIDAY: [(paper["id"], 1, kind) for kind in ("cross", "new", "replace", "cross")]}
    async with arxiv_of([paper], lines, tmp_path) as (_, source):
        feed = await source.announcements(["cs.CV"])
    assert [(item.paper.id, item.kind) for item in feed.items] == [("2602.00001", NEW)]


async def test_a_paper_of_another_category_is_a_cross_list(tmp_path):
    paper = invented_paper("2602.00001", categories=["cs.CV", "cs.LG"])
    async with arxiv_of([paper], all_new([paper]), tmp_path) as (_, source):
        feed = await source.announcements(["cs.LG"])
    assert [item.kind for item in feed.items] == [CROSS]


async def test_a_feed_that_overflows_is_split_and_loses_no_new_paper(tmp_path):
    vision = many(1500)
    language = [
        invented_paper(f"2601.{number:05}", primary_category="cs.CL", version=2)
        for number in range(1, 1001)
    ]
    both = invented_paper(
        "2602.09000", primary_category="cs.CL", categories=["cs.CL", "cs.CV", "cs.LG"]
    )
    lines = [(paper["id"], 2, "replace") for paper in language]
    lines += [(paper["id"], 1, "new") for paper in [*vision, both]]
    async with arxiv_of([*vision, *language, both], {FRIDAY: lines}, tmp_path) as (server, source):
        feed = await source.announcements(["cs.CV", "cs.CL"])
        again = await source.announcements(["cs.CV", "cs.CL"], feed.validators)
    kinds = {item.paper.id: item.kind for item in feed.items}
    assert len(feed.items) == len(kinds) == 2501
    assert all(kinds[paper["id"]] is NEW for paper in [*vision, both])
    assert [request.path for request in server.log[:3]] == [
        "/rss/cs.CV+cs.CL",
        "/rss/cs.CV",
        "/rss/cs.CL",
    ]
    assert again is None
    assert len(server.log) == 4


async def test_the_arxiv_package_never_opens_a_connection_of_its_own(morning):
    """Its one private seam: should `Client._session` move, this is where it shows."""
    assert "_session" in vars(arxiv.Client())
    server, source = morning
    await source.papers(["2602.00001"])
    assert len(server.log) == source.requests == 1
    assert server.log[0].headers["User-Agent"].startswith("paperround/")
