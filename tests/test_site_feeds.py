"""Atom feeds that readers take, and what search loads."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from site_stage import FRIDAY, SPLATTING, VISION, entry, paper, site, summary

from formatters.site.contents import Tally
from formatters.site.feeds import MOST_ENTRIES, feed
from formatters.site.shards import LARGEST, day_shards, manifest
from storage.models import Lang

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOME = "https://papers.example.org"


def parsed(text: str):
    return etree.fromstring(text.encode())


def one(node, path: str) -> str:
    (found,) = node.xpath(path, namespaces=ATOM)
    return found if isinstance(found, str) else found.text


@pytest.mark.parametrize("lang", Lang)
def test_a_feed_has_what_rfc_4287_requires(lang):
    tree = parsed(feed(VISION, [entry(n, lang) for n in (1, 2)], lang, site(address=HOME)))
    assert tree.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = tree.xpath("a:entry", namespaces=ATOM)
    assert len(entries) == 2
    for node in (tree, *entries):
        assert one(node, "a:id").startswith("urn:uuid:")
        assert one(node, "a:title")
        assert datetime.fromisoformat(one(node, "a:updated")).tzinfo is not None
        assert one(node, "a:link[@rel='alternate']/@href").startswith(f"{HOME}/{lang}/")
        assert node.xpath("a:author/a:name/text()", namespaces=ATOM)
    assert one(tree, "a:link[@rel='self']/@href") == f"{HOME}/{lang}/feed/cs-cv.xml"
    ids = tree.xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == 3
    assert all(one(node, "a:summary") for node in entries)


def test_ids_stay_when_the_archive_moves_and_are_shared_between_topics():
    papers = [entry(1)]
    texts = [
        feed(VISION, papers, Lang.EN, site()),
        feed(VISION, papers, Lang.EN, site(address=HOME)),
        feed(SPLATTING, papers, Lang.EN, site()),
    ]
    ids = [parsed(text).xpath("//a:entry/a:id/text()", namespaces=ATOM) for text in texts]
    assert ids[0] == ids[1] == ids[2]


def test_without_an_address_a_feed_leads_to_arxiv():
    tree = parsed(feed(VISION, [entry(1)], Lang.EN, site()))
    assert one(tree, "a:entry/a:link/@href") == "https://arxiv.org/abs/2602.00001"
    assert not tree.xpath("a:link[@rel='self']", namespaces=ATOM)


def test_a_feed_is_newest_first_and_bounded():
    papers = [entry(n, day=FRIDAY - timedelta(days=200 - n)) for n in range(1, 160)]
    tree = parsed(feed(VISION, papers, Lang.EN, site()))
    days = tree.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    assert len(days) == MOST_ENTRIES
    assert days == sorted(days, reverse=True)
    assert one(tree, "a:updated") == days[0]


@pytest.mark.parametrize(
    ("today", "before", "kept"),
    [(300, 50, 300), (MOST_ENTRIES, 9, MOST_ENTRIES), (60, 70, MOST_ENTRIES), (0, 250, 250)],
)
def test_the_newest_day_is_whole_and_older_ones_fill_what_is_left(today, before, kept):
    papers = [entry(n, day=FRIDAY) for n in range(1, today + 1)]
    papers += [entry(900 + n, day=FRIDAY - timedelta(days=1)) for n in range(before)]
    tree = parsed(feed(VISION, papers, Lang.EN, site()))
    links = tree.xpath("a:entry/a:link/@href", namespaces=ATOM)
    assert len(links) == kept
    newest = papers[: today or before]
    assert set(links) >= {f"https://arxiv.org/abs/{one.paper.id}" for one in newest}


def test_a_topic_without_papers_has_a_feed_all_the_same():
    for known in (site(), site({})):
        tree = parsed(feed(VISION, [], Lang.ZH, known))
        assert not tree.xpath("a:entry", namespaces=ATOM)
        assert one(tree, "a:updated")


@given(said=st.text(), name=st.text())
@example(said="\ufffe\uffff", name="]]>\ud800")
def test_a_feed_is_well_formed_whatever_papers_hold(said, name):
    of = paper(1, title=said, abstract=said, authors=(name,))
    own = summary(of, Lang.ZH, tldr=said, title=name)
    tree = parsed(feed(VISION, [entry(paper=of, summary=own)], Lang.ZH, site()))
    assert len(tree.xpath("a:entry", namespaces=ATOM)) == 1


def records(shard: str) -> list[list[object]]:
    day, said = re.fullmatch(r'paperround\.add\("([\d-]+)",(.*)\);\n', shard, re.DOTALL).groups()
    assert day == FRIDAY.isoformat()
    return json.loads(said)


def test_search_knows_titles_in_both_languages_authors_ids_and_topics():
    (shard,) = day_shards(FRIDAY, [entry(1), entry(2)], [entry(1, Lang.ZH), entry(2, Lang.ZH)])
    assert records(shard)[0] == [
        "2602.00001",
        "2602.00001.html",
        "Invented Study 1 of Gaussian Splatting in ℝ³",
        "虚构研究：高斯泼溅",
        "Imena Vorga, Tolan Brisk, Ada Umbra",
        ["3dgs", "cs-cv"],
    ]


@given(st.lists(st.tuples(st.text(max_size=300), st.text(max_size=300)), max_size=30))
def test_a_day_s_pieces_hold_every_paper_once_whatever_it_says(said):
    papers = [
        entry(paper=paper(n, title=title, authors=(name,) * 40))
        for n, (title, name) in enumerate(said, 1)
    ]
    pieces = day_shards(FRIDAY, papers, papers)
    found = [record[0] for piece in pieces for record in records(piece)]
    assert found == [e.paper.id for e in papers]


def test_a_large_day_comes_in_pieces_of_bounded_size():
    papers = [entry(n) for n in range(1, 3000)]
    pieces = day_shards(FRIDAY, papers, papers)
    assert len(pieces) > 1
    assert all(len(piece.encode()) <= LARGEST for piece in pieces)
    assert sum(len(records(piece)) for piece in pieces) == len(papers)
    assert day_shards(FRIDAY, [], []) == []


def test_the_list_of_days_is_newest_first_with_sizes():
    days = {FRIDAY - timedelta(days=n): Tally(n, {}, (100, n)) for n in range(3)}
    said = manifest(site(days))
    known = json.loads(re.fullmatch(r"paperround\.open\((.*)\);\n", said, re.DOTALL)[1])
    assert known["days"] == [
        ["2026-02-06", 0, [100, 0]],
        ["2026-02-05", 1, [100, 1]],
        ["2026-02-04", 2, [100, 2]],
    ]
    assert known["topics"]["3dgs"] == {"en": "3D Gaussian Splatting", "zh": "三维高斯泼溅"}


def test_an_entry_without_a_summary_tells_its_abstract():
    tree = parsed(feed(VISION, [replace(entry(1), summary=None)], Lang.ZH, site()))
    assert one(tree, "a:entry/a:summary").startswith("We propose study 1.")
    assert one(tree, "a:entry/a:summary/@xml:lang") == "en"
