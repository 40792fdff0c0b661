"""The source of papers against a loopback arXiv, with its good and its bad days."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import arxiv
import pytest
from arxiv_server import ArxivServer, Fault, Reply
from fakes import FakeClock, invented_paper

from jobs.arxiv_source import ArxivSource
from jobs.ports import PaperSource, RetryLater, SourceError
from jobs.web import Web
from storage.errors import UserError
from storage.models import AnnounceType, Paper, PaperId
from storage.syntax import And, Author, Category, Field, Not, PaperRef, Text

FRIDAY, SATURDAY = date(2026, 2, 6), date(2026, 2, 7)
SERVED = datetime(2026, 2, 6, 6, tzinfo=UTC)
NEW, CROSS, REPLACE = AnnounceType.NEW, AnnounceType.CROSS, AnnounceType.REPLACE


@asynccontextmanager
async def arxiv_of(papers, lines, tmp_path, **web_options):
    """A loopback arXiv that insists on its pace, and a source that reads it."""
    clock = FakeClock(SERVED)

    def seconds():
        return clock.now().timestamp()

    with ArxivServer(papers, lines, day=FRIDAY, interval=3.0, now=seconds) as server:
        async with Web(
            clock=clock, pace_file=tmp_path / "pace", contact="lab@round.example", **web_options
        ) as web:
            source = ArxivSource(web, api_url=server.api_url, feed_url=server.feed_url)
            yield server, source
    assert server.violations == []


def many(count, **fields):
    return [invented_paper(f"2602.{number:05}", **fields) for number in range(1, count + 1)]


def ids(papers):
    return [paper["id"] for paper in papers]


def all_new(papers):
    return {FRIDAY: [(paper["id"], 1, "new") for paper in papers]}


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


async def test_lesson_09_an_empty_page_in_the_middle_is_fetched_again(tmp_path):
    papers = many(1100)
    async with arxiv_of(papers, {}, tmp_path) as (server, source):
        server.fail(Fault.EMPTY_PAGE, after=1)
        found = await source.search(Category("cs.CV"), limit=1100)
    assert sorted(paper.id for paper in found) == ids(papers)
    assert [request.query["start"] for request in server.log] == ["0", "500", "500", "1000"]


async def test_lesson_09_an_empty_page_that_denies_all_results_is_fetched_again(tmp_path):
    papers = many(600)
    async with arxiv_of(papers, {}, tmp_path) as (server, source):
        server.fail(Fault.ZERO_RESULTS, after=1)
        found = await source.search(Category("cs.CV"), limit=600)
    assert len(found) == 600


async def test_lesson_09_a_page_that_stays_empty_is_an_error(tmp_path):
    async with arxiv_of(many(600), {}, tmp_path) as (server, source):
        server.fail(Fault.EMPTY_PAGE, times=99, after=1)
        with pytest.raises(SourceError, match="truncated: an empty page at 500 of 600"):
            await source.search(Category("cs.CV"), limit=600)
    assert len(server.log) == 5


BARE_PAGE = """<feed xmlns="http://www.w3.org/2005/Atom">
<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1
</opensearch:totalResults>
<entry><id>https://arxiv.org/abs/math.GT/0309136v2</id></entry></feed>"""

OLDER_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="html">ArXiv Query: id_list=2602.00001</title>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  <opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">0</opensearch:startIndex>
  <opensearch:itemsPerPage xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:itemsPerPage>
  <entry>
    <id>http://arxiv.org/abs/2602.00001v3</id>
    <updated>2026-02-05T01:02:03Z</updated>
    <published>2026-02-04T01:02:03Z</published>
    <title>A Title That Was
  Wrapped by Hand</title>
    <summary>  An abstract that begins late
and ends with a line break.
</summary>
    <author><name>Imena Vorga</name></author>
    <author>
      <name>Sel  Ottmar</name>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Lab</arxiv:affiliation>
    </author>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">8 pages,
  2 figures</arxiv:comment>
    <link href="http://arxiv.org/abs/2602.00001v3" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2602.00001v3" rel="related"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CV"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CV" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>
"""


async def test_lesson_10_an_entry_may_lack_everything_but_its_id(morning):
    server, source = morning
    server.pages[0] = Reply(200, BARE_PAGE)
    (paper,) = await source.papers(["math/0309136"])
    assert (paper.id, paper.version, paper.enriched) == ("math/0309136", 2, True)
    assert (paper.title, paper.abstract, paper.authors) == ("", "", ())
    assert (paper.primary_category, paper.categories) == ("", ())
    assert paper.published is paper.updated is paper.comment is paper.doi is None


async def test_the_older_form_of_a_page_is_read_alike(morning):
    server, source = morning
    server.pages[0] = Reply(200, OLDER_PAGE)
    (paper,) = await source.papers(["2602.00001"])
    assert paper == Paper(
        id=PaperId("2602.00001"),
        version=3,
        title="A Title That Was Wrapped by Hand",
        abstract="An abstract that begins late and ends with a line break.",
        authors=("Imena Vorga", "Sel Ottmar"),
        primary_category="cs.CV",
        categories=("cs.CV", "cs.LG"),
        published=datetime(2026, 2, 4, 1, 2, 3, tzinfo=UTC),
        updated=datetime(2026, 2, 5, 1, 2, 3, tzinfo=UTC),
        comment="8 pages, 2 figures",
    )


async def test_a_date_that_is_none_is_an_error_and_not_a_crash(morning):
    server, source = morning
    server.pages[0] = Reply(200, OLDER_PAGE.replace("2026-02-05T01:02:03Z", "soon"))
    with pytest.raises(SourceError, match="foreign-page"):
        await source.papers(["2602.00001"])


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
    with pytest.raises(SourceError, match="bad-category: Bad archive 'xx.YY'"):
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


SHELF = [
    invented_paper(
        f"2602.{number:05}",
        title=title,
        authors=[author],
        primary_category=category,
        published=f"2026-02-{number:02}T12:00:00Z",
    )
    for number, (title, author, category) in enumerate(
        [
            ("Low-Rank Adapters That Forget Less", "Imena Vorga", "cs.LG"),
            ("A Survey of Low-Rank Adapters", "Tolan Brisk", "cs.LG"),
            ("Splatting Rooms From Two Photographs", "Imena Vorga", "cs.CV"),
            ("Adapters for Radiance Fields", "Sel Ottmar", "cs.CV"),
        ],
        start=1,
    )
]


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (Text("adapters", Field.TITLE), [4, 2, 1]),
        (Text("low-rank adapters", phrase=True), [2, 1]),
        (And((Text("adapters"), Not(Text("survey")))), [4, 1]),
        (And((Category("cs.*"), Author("Imena Vorga"))), [3, 1]),
        (Text("splat", prefix=True), [3]),
        (PaperRef("2602.00003"), [3]),
    ],
)
async def test_a_live_search_finds_what_the_tree_means(tmp_path, node, found):
    async with arxiv_of(SHELF, {}, tmp_path) as (_, source):
        papers = await source.search(node, limit=10)
    assert [paper.id for paper in papers] == [f"2602.{number:05}" for number in found]


async def test_a_live_search_keeps_to_its_limit_and_its_span(tmp_path):
    span = (datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 2, 4, 12, tzinfo=UTC))
    async with arxiv_of(SHELF, {}, tmp_path) as (server, source):
        newest = await source.search(Category("cs.*"), limit=2, submitted=span)
        lone = await source.search(PaperRef("2602.00001"), limit=2, submitted=span)
        await source.search(Category("cs.*"), limit=2, newest_first=False)
    assert [paper.id for paper in newest] == ["2602.00004", "2602.00003"]
    assert lone == []
    assert server.log[0].query["sortBy"] == "submittedDate"
    assert server.log[-1].query["sortBy"] == "relevance"


async def test_a_tree_that_arxiv_cannot_search_costs_no_request(morning):
    server, source = morning
    with pytest.raises(UserError, match=r"search\.only-negation"):
        await source.search(Not(Category("cs.CV")), limit=5)
    assert server.log == []


async def test_many_searches_at_once_wait_for_one_another(tmp_path):
    async with arxiv_of(SHELF, {}, tmp_path) as (server, source):
        searches = (source.search(Category("cs.CV"), limit=5) for _ in range(12))
        found = await asyncio.gather(*searches)
    assert {len(papers) for papers in found} == {2}
    assert len(server.log) == 12


async def test_a_search_that_nobody_waits_for_ends(tmp_path):
    async with arxiv_of(SHELF, {}, tmp_path, timeout=30.0) as (server, source):
        server.fail(Fault.SILENT)
        search = asyncio.create_task(source.search(Category("cs.CV"), limit=5))
        await asyncio.to_thread(server.asked.wait, 5)
        search.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(search, 2)
        assert len(await source.search(Category("cs.CV"), limit=5)) == 2


async def test_the_arxiv_package_never_opens_a_connection_of_its_own(morning):
    """Its one private seam: should `Client._session` move, this is where it shows."""
    assert "_session" in vars(arxiv.Client())
    server, source = morning
    await source.papers(["2602.00001"])
    assert len(server.log) == source.requests == 1
    assert server.log[0].headers["User-Agent"].startswith("paperround/")
