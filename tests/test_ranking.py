"""Ranking: the order within a topic, and a fair share of the places for each section."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.ranking import Placed, Ranked, interleave, order

FRIDAY = date(2026, 2, 6)


def ranked(paper, *, age=0, position=0, score=0.0):
    return Ranked(paper, FRIDAY - timedelta(days=age), position, score)


def section(papers):
    return [ranked(paper) for paper in papers]


def papers_of(ordered):
    return [r.paper for r in ordered]


def shown(selection):
    return [(placed.section, placed.paper) for placed in selection.shown]


def test_the_better_score_comes_first():
    assert papers_of(order([ranked("a", score=1), ranked("b", score=3)])) == ["b", "a"]


def test_a_newer_day_is_a_mild_advantage():
    old_and_good = ranked("old", age=6, score=3.0)
    assert papers_of(order([old_and_good, ranked("new", score=2.5)])) == ["new", "old"]
    assert papers_of(order([old_and_good, ranked("new", score=2.0)])) == ["old", "new"]


def test_a_bare_category_keeps_the_order_of_announcement_newest_day_first():
    given_order = [
        ranked("old", age=1, position=1),
        ranked("second", position=3),
        ranked("first", position=2),
    ]
    assert papers_of(order(given_order)) == ["first", "second", "old"]


def test_nothing_has_an_order():
    assert order([]) == ()


RANKED = st.lists(
    st.builds(
        lambda age, score: (age, score),
        st.integers(0, 7),
        st.sampled_from([0.0, 0.5, 1.0, 4.0]),
    ),
    max_size=12,
).map(lambda rows: [ranked(i, age=a, position=i, score=s) for i, (a, s) in enumerate(rows)])


@given(RANKED, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_asking(matched, random):
    shuffled = random.sample(matched, len(matched))
    assert order(shuffled) == order(matched)
    assert sorted(papers_of(order(matched))) == sorted(papers_of(matched))


def test_sections_take_turns():
    selection = interleave([section("abc"), section("xyz")], [None, None], 4)
    assert shown(selection) == [(0, "a"), (1, "x"), (0, "b"), (1, "y")]
    assert [placed.paper for placed in selection.left_over] == ["c", "z"]


def test_a_paper_of_two_sections_is_printed_once_where_it_ranks_best():
    selection = interleave([section("abm"), section("mcd")], [None, None], 6)
    assert Placed("m", 1, (0,)) in selection.shown
    assert [placed.paper for placed in selection.shown] == ["a", "m", "b", "c", "d"]


def test_at_equal_rank_the_earlier_section_prints_it_and_the_other_takes_its_next():
    selection = interleave([section("ma"), section("mb")], [None, None], 2)
    assert selection.shown == (Placed("m", 0, (1,)), Placed("b", 1, ()))


def test_a_limit_holds_for_its_section_alone():
    selection = interleave([section("abcd"), section("wxyz")], [1, None], 4)
    assert shown(selection) == [(0, "a"), (1, "w"), (1, "x"), (1, "y")]
    assert [placed.paper for placed in selection.left_over] == ["b", "z", "c", "d"]


def test_a_paper_beyond_one_sections_limit_may_be_shown_by_another():
    selection = interleave([section("ab"), section("b")], [1, None], 2)
    assert shown(selection) == [(0, "a"), (1, "b")]


def test_what_one_section_does_not_use_the_others_get():
    selection = interleave([section("a"), section("wxyz"), section("")], [None] * 3, 4)
    assert shown(selection) == [(0, "a"), (1, "w"), (1, "x"), (1, "y")]


SECTIONS = st.lists(
    st.lists(st.integers(0, 12), max_size=8, unique=True).map(section), min_size=1, max_size=4
)


@given(SECTIONS, st.data())
def test_each_paper_has_one_place_and_no_limit_is_passed(sections, data):
    limits = [data.draw(st.none() | st.integers(0, 5)) for _ in sections]
    total = data.draw(st.integers(0, 10))
    selection = interleave(sections, limits, total)

    placed = [*selection.shown, *selection.left_over]
    everything = {r.paper for papers in sections for r in papers}
    assert sorted(p.paper for p in placed) == sorted(everything)
    for p in placed:
        holding = {s for s, papers in enumerate(sections) if p.paper in papers_of(papers)}
        assert {p.section, *p.also} == holding
        assert p.section not in p.also
    assert len(selection.shown) <= total
    for s, limit in enumerate(limits):
        assert limit is None or sum(p.section == s for p in selection.shown) <= limit


@given(SECTIONS, st.integers(0, 10))
def test_no_section_has_two_more_than_one_that_still_has_papers(sections, total):
    selection = interleave(sections, [None] * len(sections), total)
    counts = [sum(p.section == s for p in selection.shown) for s in range(len(sections))]
    waiting = {s for p in selection.left_over for s in (p.section, *p.also)}
    for s in waiting:
        assert counts[s] >= max(counts) - 1
    assert len(selection.shown) == total or not selection.left_over
