"""Pages of results and live searches against a loopback arXiv."""

import asyncio
from datetime import UTC, datetime

import pytest
from arxiv_server import Fault, Reply
from fakes import invented_paper
from live_arxiv import arxiv_of, ids, many

from jobs.ports import SourceError
from storage.errors import UserError
from storage.models import Paper, PaperId
from storage.syntax import And, Author, Category, Field, Not, PaperRef, Text


@pytest.fixture
async def morning(tmp_path):
    async with arxiv_of(many(3), {}, tmp_path) as (server, source):
        yield server, source


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
