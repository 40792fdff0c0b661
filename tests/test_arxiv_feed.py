"""The announcement feed in both forms, and what arXiv may leave out of it or of a page."""

from datetime import date

import arxiv_server_xml as xml
import pytest
from fakes import invented_paper
from hypothesis import given
from hypothesis import strategies as st

from jobs.arxiv_api import checked_page
from jobs.arxiv_feed import author_names, read_feed
from jobs.ports import SourceError
from jobs.web import Answer
from storage.models import AnnounceType

FRIDAY, SATURDAY = date(2026, 2, 6), date(2026, 2, 7)
ITEMS = [
    (invented_paper("2602.00001", title="On  <b>x</b> &\n  $y < z$"), 1, "new"),
    (invented_paper("math/0309136", categories=["cs.CV", "math.GT"]), 3, "replace-cross"),
]


def answer(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode())


def rss_item(body: str) -> str:
    return (
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>cs.CV</title>'
        f"<item>{body}</item></channel></rss>"
    )


def test_both_forms_say_the_same():
    one, other = (read_feed(answer(form("cs.CV", FRIDAY, ITEMS))) for form in (xml.rss, xml.atom))
    assert one == other
    assert one.day == FRIDAY
    assert one.items[0].paper.title == "On <b>x</b> & $y < z$"
    assert one.items[1].paper.id == "math/0309136"
    assert (one.items[1].paper.version, one.items[1].kind) == (3, AnnounceType.REPLACE_CROSS)


@pytest.mark.parametrize("form", [xml.rss, xml.atom])
def test_an_empty_feed_states_its_day(form):
    feed = read_feed(answer(form("cs.CV", SATURDAY, [])))
    assert (feed.day, feed.items) == (SATURDAY, ())


def test_an_empty_feed_may_state_no_day():
    assert read_feed(answer("<rss><channel><title>cs.CV</title></channel></rss>")).day is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Fri, 06 Feb 2026 00:00:00 -0500", FRIDAY),
        ("Fri, 06 Feb 2026 05:00:00 GMT", FRIDAY),
        ("2026-02-06T00:00:00-05:00", FRIDAY),
        ("2026-02-06T05:00:00Z", FRIDAY),
        ("Fri, 06 Feb 2026 04:59:59 +0000", date(2026, 2, 5)),
        ("9 Jul 2026 00:00:00 -0400", date(2026, 7, 9)),
        ("10 Jul 2026 00:00:00 -0400", date(2026, 7, 10)),
        ("yesterday", None),
    ],
)
def test_lesson_11_dates_are_read_and_not_compared_as_text(written, day):
    item = f"<guid>oai:arXiv.org:2602.00001v1</guid><pubDate>{written}</pubDate>"
    assert read_feed(answer(rss_item(item))).day == day


def test_lesson_10_an_item_may_lack_everything_but_its_id():
    (item,) = read_feed(answer(rss_item("<guid>oai:arXiv.org:2602.00001v2</guid>"))).items
    assert (item.paper.id, item.paper.version) == ("2602.00001", 2)
    assert item.kind is AnnounceType.REPLACE
    assert (item.paper.title, item.paper.abstract, item.paper.authors) == ("", "", ())
    assert (item.paper.primary_category, item.paper.categories) == ("", ())


@pytest.mark.parametrize(
    "body",
    [
        "<link>https://arxiv.org/abs/2602.00001</link>",
        "<description>arXiv:2602.00001v1 Announce Type: new \nAbstract: Short.</description>",
        "<guid>?</guid><link>https://arxiv.org/abs/2602.00001v1</link>",
    ],
)
def test_the_id_is_taken_from_wherever_it_is(body):
    (item,) = read_feed(answer(rss_item(body))).items
    assert (item.paper.id, item.paper.version, item.kind) == ("2602.00001", 1, AnnounceType.NEW)


def test_an_item_that_names_no_paper_is_not_dropped_in_silence():
    with pytest.raises(SourceError, match="foreign-page"):
        read_feed(answer(rss_item("<title>Nothing</title>")))


def test_an_unknown_announce_type_counts_by_its_version():
    body = "<guid>oai:arXiv.org:2602.00001v1</guid><arxiv:announce_type>odd</arxiv:announce_type>"
    assert read_feed(answer(rss_item(body))).items[0].kind is AnnounceType.NEW


@pytest.mark.parametrize(
    ("text", "status", "cause"),
    [
        (xml.feed_error("xx", "Bad archive 'xx'."), 400, "bad-category"),
        (xml.feed_error("xx", "Bad archive 'xx'."), 200, "bad-category"),
        (xml.feed_error("cs.XX", "Bad subject class 'XX'."), 400, "bad-category"),
        (xml.feed_error("cs", "Out of luck."), 400, "error-entry"),
        (xml.feed_error("cs", "Out of luck."), 200, "error-entry"),
        (xml.rss("cs.CV", FRIDAY, []), 404, "foreign-page"),
        ("", 200, "truncated"),
        (" \n", 200, "truncated"),
        ("<rss><channel>", 200, "truncated"),
        (xml.rss("cs.CV", FRIDAY, ITEMS)[:-6], 200, "truncated"),
        ("Rate exceeded.", 200, "throttled"),
        ("Service is down", 200, "foreign-page"),
        ("<html><body/></html>", 200, "foreign-page"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html><html/>', 200, "foreign-page"),
        ("<error/>", 200, "foreign-page"),
        ('{"feed": []}', 200, "foreign-page"),
    ],
)
def test_what_is_no_feed_has_a_cause(text, status, cause):
    with pytest.raises(SourceError) as raised:
        read_feed(answer(text, status))
    assert raised.value.cause == cause


def test_a_feed_that_speaks_of_rate_limits_is_a_feed():
    paper = invented_paper("2602.00001", title="Rate exceeded", abstract="Rate exceeded.")
    assert len(read_feed(answer(xml.rss("cs.CV", FRIDAY, [(paper, 1, "new")]))).items) == 1


@given(st.data())
def test_a_feed_that_is_cut_anywhere_is_refused(data):
    whole = xml.rss("cs.CV", FRIDAY, ITEMS).encode()
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(SourceError):
        read_feed(Answer(200, whole[:cut]))


def test_entities_are_no_way_in(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("10.1000/secret")
    text = f'<!DOCTYPE rss [<!ENTITY e SYSTEM "{secret.as_uri()}">]>' + rss_item(
        "<guid>oai:arXiv.org:2602.00001v1</guid><title>&e;</title>"
    )
    assert "secret" not in repr(read_feed(answer(text)))


@pytest.mark.parametrize(
    ("creators", "names"),
    [
        ("", ()),
        ("Imena Vorga", ("Imena Vorga",)),
        ("Imena Vorga, Tolan Brisk", ("Imena Vorga", "Tolan Brisk")),
        ("Imena  Vorga,\n Tolan Brisk,", ("Imena Vorga", "Tolan Brisk")),
        ("Sel Ottmar, Jr., Imena Vorga", ("Sel Ottmar, Jr.", "Imena Vorga")),
        ("Sel Ottmar, III, Tolan Brisk", ("Sel Ottmar, III", "Tolan Brisk")),
        ("Imena Vorga (Lab A, Town), Tolan Brisk", ("Imena Vorga", "Tolan Brisk")),
        (
            '<a href="/a">Imena Vorga</a>, Tolan Brisk',
            ("Imena Vorga", "Tolan Brisk"),
        ),
        ("(The Invented Collaboration)", ("(The Invented Collaboration)",)),
        ("Ó Brónach, 李想", ("Ó Brónach", "李想")),
    ],
)
def test_creators_are_names(creators, names):
    assert author_names(creators) == names


@given(st.text())
def test_no_list_of_creators_upsets_the_reader(creators):
    assert all(name.strip() for name in author_names(creators))


BARE = "<entry><id>http://arxiv.org/abs/2602.00001</id></entry>"


def page(entries: str, **numbers: int) -> Answer:
    return answer(xml.api_page([entries], **({"total": 1, "start": 0, "per_page": 1} | numbers)))


def test_a_page_is_whole_and_where_it_should_be():
    content, entries, total = checked_page(page(BARE), 0)
    assert (entries, total) == (1, 1)
    assert b"2602.00001" in content


@pytest.mark.parametrize(
    ("spoiled", "cause"),
    [
        (page(BARE, start=10), "foreign-page"),
        (page(BARE, total=0), "truncated"),
        (page("<entry><id>http://arxiv.org/</id></entry>"), "foreign-page"),
        (page("<entry><title>No id</title></entry>"), "foreign-page"),
        (answer(xml.api_error("bad")), "error-entry"),
        (answer(xml.api_error("bad"), 400), "error-entry"),
        (answer("<feed><title>no numbers</title></feed>"), "foreign-page"),
    ],
)
def test_a_page_that_contradicts_itself_is_refused(spoiled, cause):
    with pytest.raises(SourceError) as raised:
        checked_page(spoiled, 0)
    assert raised.value.cause == cause
