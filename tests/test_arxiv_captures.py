"""Captured answers of the real arXiv: each is read, or refused for the right reason."""

import json
import lzma
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from arxiv_server import ArxivServer, Reply
from arxiv_server_library import load_papers
from fakes import FakeClock

from jobs.arxiv_feed import read_feed
from jobs.arxiv_source import ArxivSource
from jobs.ports import SourceError
from jobs.web import Answer, Web
from storage.models import AnnounceType
from storage.syntax import Text

pytestmark = pytest.mark.real_data

FRIDAY = date(2026, 2, 6)
SERVED = datetime(2026, 2, 6, 6, tzinfo=UTC)


def captured_feed(real_data, name, status=200):
    return read_feed(Answer(status, (real_data / "rss" / name).read_bytes()))


def test_both_forms_of_fridays_feed_have_the_same_112_papers(real_data):
    rss = captured_feed(real_data, "rss2_cs.CV_2026-02-06_Fri.xml")
    atom = captured_feed(real_data, "atom_cs.CV_2026-02-06_Fri.xml")
    assert rss == atom
    assert rss.day == FRIDAY
    assert len(rss.items) == 112
    first = rss.items[0].paper
    assert (first.id, first.version, first.categories) == ("2602.04994", 1, ("cs.CV", "cs.LG"))
    assert first.authors[0] == "Zhuosen Bao"
    assert first.abstract.startswith("With the deep integration of facial recognition")


def test_no_field_of_fridays_feed_is_empty(real_data):
    for item in captured_feed(real_data, "rss2_cs.CV_2026-02-06_Fri.xml").items:
        paper = item.paper
        assert paper.title
        assert paper.abstract
        assert paper.authors
        assert paper.primary_category
        assert "Announce Type" not in paper.abstract
        assert not paper.enriched


def test_the_live_capture_tells_new_cross_and_replacement_apart(real_data):
    feed = captured_feed(real_data, "rss2_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24_4items.xml")
    assert feed.day == date(2026, 9, 24)
    assert [(item.paper.id, item.paper.version, item.kind) for item in feed.items] == [
        ("2609.26811", 1, AnnounceType.NEW),
        ("2609.26820", 1, AnnounceType.NEW),
        ("2205.06398", 2, AnnounceType.CROSS),
        ("2009.13987", 3, AnnounceType.REPLACE),
    ]
    assert feed.items[2].paper.doi == "10.1093/bioinformatics/btac431"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("rss2_cs.CV_2026-02-07_Sat_empty.xml", date(2026, 2, 7)),
        ("atom_cs.CV_2026-02-07_Sat_empty.xml", date(2026, 2, 7)),
        ("rss2_cs.CV_2026-02-08_Sun_empty.xml", date(2026, 2, 8)),
    ],
)
def test_a_weekends_feed_is_empty_and_says_which_day_it_is(real_data, name, day):
    feed = captured_feed(real_data, name)
    assert (feed.day, feed.items) == (day, ())


def test_an_unknown_archive_is_an_error_with_arxivs_own_words(real_data):
    with pytest.raises(SourceError) as raised:
        captured_feed(real_data, "rss2_error_bad_archive_http400.xml", 400)
    assert raised.value.cause == "bad-category"
    assert raised.value.detail.startswith("Bad archive 'xx'")


def test_no_captured_feed_is_left_untried(real_data):
    kinds = Counter(path.name.split("_")[0] for path in (real_data / "rss").glob("*.xml"))
    assert kinds == {"rss2": 5, "atom": 2}


def page(real_data, start_of_name, status=200):
    (path,) = (real_data / "atom").glob(f"{start_of_name}*.xml")
    return Reply(status, path.read_text("utf-8"))


@pytest.fixture
async def replayed(tmp_path):
    clock = FakeClock(SERVED)
    with ArxivServer([], {}, day=FRIDAY) as server:
        async with Web(clock=clock, pace_file=tmp_path / "pace") as web:
            yield server, ArxivSource(web, api_url=server.api_url, feed_url=server.feed_url)


async def test_four_consecutive_pages_are_forty_papers(real_data, replayed):
    server, source = replayed
    server.pages = {start: page(real_data, f"q_testing_s{start}_") for start in (0, 10, 20, 30)}
    papers = await source.search(Text("testing"), limit=40)
    assert len({paper.id for paper in papers}) == 40
    assert len(server.log) == 4
    for paper in papers:
        assert paper.enriched
        assert paper.title
        assert paper.abstract == paper.abstract.strip()
        assert paper.published
        assert paper.updated
        assert paper.published <= paper.updated
        assert paper.categories[0] == paper.primary_category


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("id_1707.08567_", ["1707.08567"], ["1707.08567"]),
        ("id_0808.05394_", ["0808.05394", "1707.08567"], ["1707.08567"]),
        ("id_0000.0000_", ["0000.0000"], []),
        ("id_astro-ph", ["astro-ph/0601001"], ["astro-ph/0601001"]),
    ],
)
async def test_captured_pages_of_ids_give_those_that_exist(real_data, replayed, name, asked, found):
    server, source = replayed
    server.pages[0] = page(real_data, name)
    assert [paper.id for paper in await source.papers(asked)] == found


async def test_the_captured_old_style_paper_is_whole(real_data, replayed):
    server, source = replayed
    server.pages[0] = page(real_data, "id_astro-ph")
    (paper,) = await source.papers(["astro-ph/0601001"])
    assert paper.version == 1
    assert paper.authors == ("Andrew Gould", "Susan Dorsher", "B. Scott Gaudi", "Andrzej Udalski")
    assert paper.journal_ref == "ActaAstron.56:1-50,2006"
    assert paper.published == datetime(2006, 1, 2, 14, 57, 58, tzinfo=UTC)
    assert paper.abstract.startswith("We derive the frequencies of hot Jupiters")


async def test_the_captured_error_entry_is_an_error(real_data, replayed):
    server, source = replayed
    server.pages[0] = page(real_data, "id_abc", 400)
    with pytest.raises(SourceError, match="error-entry: incorrect id format for abc"):
        await source.papers(["abc"])


async def test_a_real_morning_arrives_without_losing_a_word(real_data, tmp_path):
    """All that came on one Friday: the feed's text and the metadata's are the papers' own."""
    folder = real_data / "papers"
    papers = {each["id"]: each for each in load_papers(folder / "papers-2026-q1.jsonl.xz")}
    with lzma.open(folder / "announced-2026-q1.json.xz") as days:
        listed = dict.fromkeys(json.load(days)[FRIDAY.isoformat()])
    today = [papers[ident] for ident in listed if ident in papers]
    lines = {FRIDAY: [(paper["id"], paper["version"] or 1, "new") for paper in today]}
    wanted = sorted({paper["primary_category"] for paper in today})
    clock = FakeClock(SERVED)
    with ArxivServer(today, lines) as server:
        async with Web(clock=clock, pace_file=tmp_path / "pace") as web:
            source = ArxivSource(web, api_url=server.api_url, feed_url=server.feed_url)
            feed = await source.announcements(wanted)
            found = await source.papers([item.paper.id for item in feed.items])
    assert len(feed.items) == len(found) == len(today) > 200
    for announced, paper in zip(feed.items, found, strict=True):
        original = papers[paper.id]
        for told in (announced.paper, paper):
            assert told.title.split() == original["title"].split()
            assert told.abstract.split() == original["abstract"].split()
            assert told.primary_category == original["primary_category"]
        assert list(announced.paper.authors) == [" ".join(a.split()) for a in original["authors"]]
