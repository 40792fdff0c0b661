"""The built-in sample week: shaped like arXiv's announcements, and plainly invented."""

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from jobs.sample import SampleSource, sample
from jobs.topics import kind_for, parse, topic_categories
from storage.models import AnnounceType

SAMPLE_DAY = "2026-10-16"
FIELDS = {
    "day",
    "kind",
    "id",
    "version",
    "title",
    "abstract",
    "authors",
    "primary_category",
    "categories",
    "published",
    "updated",
    "comment",
}
DEFAULT_CATEGORIES = {"cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO", "stat.ML"}


@pytest.fixture(scope="module")
def records():
    text = files("jobs").joinpath("sample.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def today(records):
    return [record for record in records if record["day"] == SAMPLE_DAY]


def test_every_record_has_exactly_the_fields_of_a_paper(records):
    for record in records:
        assert set(record) == FIELDS
        assert AnnounceType(record["kind"])
        assert record["categories"][0] == record["primary_category"]
        assert len(set(record["categories"])) == len(record["categories"])
        assert record["authors"]


def test_every_paper_says_that_it_is_invented_and_has_an_id_that_arxiv_did_not_issue(records):
    for record in records:
        assert record["comment"].startswith("Invented sample paper."), record["id"]
        assert re.fullmatch(r"2610\.9\d{4}", record["id"])


def test_the_week_runs_from_monday_to_the_sample_friday(records):
    days = list(dict.fromkeys(date.fromisoformat(record["day"]) for record in records))
    assert [day.weekday() for day in days] == [0, 1, 2, 3, 4]
    assert days[-1].isoformat() == SAMPLE_DAY
    assert days == sorted(days)


def test_the_sample_day_has_every_announce_type(today):
    kinds = Counter(record["kind"] for record in today)
    assert kinds == {"new": 24, "cross": 4, "replace": 2, "replace-cross": 1}


def test_the_days_before_give_history(records, today):
    assert len(records) - len(today) == 18


def test_a_paper_is_announced_once_per_version(records):
    versions = Counter((record["id"], record["version"]) for record in records)
    assert max(versions.values()) == 1


def test_new_papers_are_first_versions_and_replacements_are_not(records):
    for record in records:
        replaced = AnnounceType(record["kind"]).is_replacement
        assert (record["version"] > 1) == replaced, record["id"]
        assert (record["published"] != record["updated"]) == replaced, record["id"]


def test_one_replacement_follows_a_paper_of_the_same_week(records, today):
    first = {record["id"] for record in records if record["version"] == 1}
    again = [record for record in today if record["version"] == 2 and record["id"] in first]
    assert len(again) == 1


def test_exactly_one_paper_is_withdrawn_and_it_is_a_replacement():
    withdrawn = [entry for entry in sample() if entry.announced.paper.withdrawn]
    assert [entry.announced.kind.is_replacement for entry in withdrawn] == [True]
    assert withdrawn[0].day.isoformat() == SAMPLE_DAY


def test_a_cross_list_has_its_home_outside_the_default_categories(records):
    for record in records:
        kind = AnnounceType(record["kind"])
        outside = record["primary_category"] not in DEFAULT_CATEGORIES
        assert outside == (kind in (AnnounceType.CROSS, AnnounceType.REPLACE_CROSS)), record["id"]
        assert DEFAULT_CATEGORIES & set(record["categories"])


def submission_window(day):
    """When arXiv took submissions for that day's announcement (14:00 US Eastern, workdays)."""
    eastern = ZoneInfo("America/New_York")
    close = day - timedelta(days=3 if day.weekday() == 0 else 1)
    opened = close - timedelta(days=3 if close.weekday() == 0 else 1)
    return tuple(datetime(d.year, d.month, d.day, 14, tzinfo=eastern) for d in (opened, close))


def test_submission_times_fall_into_the_window_of_their_announcement(records):
    for record in records:
        opened, closed = submission_window(date.fromisoformat(record["day"]))
        published = datetime.fromisoformat(record["published"])
        updated = datetime.fromisoformat(record["updated"])
        assert published <= updated
        assert opened <= updated < closed, record["id"]


def test_ids_ascend_with_their_submission(records):
    first = {record["id"]: record["published"] for record in records}
    ordered = [first[paper_id] for paper_id in sorted(first)]
    assert ordered == sorted(ordered)


def test_abstracts_have_the_length_and_the_figures_of_real_ones(records):
    for record in records:
        assert 100 <= len(record["abstract"].split()) <= 200, record["id"]
        assert re.search(r"\d", record["abstract"])
        assert "\n" not in record["title"] + record["abstract"]


def test_abstracts_open_in_different_words(records):
    openings = Counter(
        " ".join(record["abstract"].split()[:2]) for record in records if record["version"] == 1
    )
    assert max(openings.values()) == 1
    assert not any(record["abstract"].startswith("We propose") for record in records)


def test_titles_and_abstracts_have_latex_and_links_to_code(today):
    text = " ".join(f"{r['title']} {r['abstract']} {r['comment']}" for r in today)
    assert any(r"$\beta$" in record["title"] for record in today)
    assert r"$\mathcal{O}(n^2)$" in text
    assert r"\%" in text
    assert len(set(re.findall(r"https://github\.com/example/[\w-]+", text))) >= 3


def test_the_day_has_a_theme_that_the_days_before_lack(records, today):
    for theme in ("visual token", "streaming video", "hallucination"):
        having = [r for r in records if theme in f"{r['title']} {r['abstract']}".lower()]
        assert len(having) >= 3, theme
        assert all(r["day"] == SAMPLE_DAY for r in having), theme


async def test_the_demo_topic_finds_a_digest_full_with_a_cross_list_among_it():
    topic = parse("多模态", default_categories=())
    found = {paper.id for paper in await SampleSource().search(topic.node, limit=100)}
    announced = [
        entry.announced
        for entry in sample()
        if entry.day.isoformat() == SAMPLE_DAY and entry.announced.paper.id in found
    ]
    assert 6 <= len(announced) <= 9
    categories = topic_categories(topic.node)
    kinds = {kind_for(item.paper, item.kind, categories) for item in announced}
    assert kinds == {AnnounceType.NEW, AnnounceType.CROSS}


async def test_the_days_before_have_matches_for_the_preview():
    topic = parse("多模态", default_categories=())
    found = {paper.id for paper in await SampleSource().search(topic.node, limit=100)}
    earlier = [
        e for e in sample() if e.day.isoformat() < SAMPLE_DAY and e.announced.paper.id in found
    ]
    assert len(earlier) >= 2
