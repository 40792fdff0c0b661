"""A digest's overview out of those of its topics: what is not shown there is not spoken of."""

from hypothesis import given
from hypothesis import strategies as st

from jobs.digest.gathering import gathered
from storage.models import Direction, Overview, OverviewTheme, PaperId, Read

IDS = [PaperId(f"2602.{number:05}") for number in range(1, 9)]
SOME = st.lists(st.sampled_from(IDS), unique=True, max_size=4).map(tuple)
THEMES = st.builds(OverviewTheme, st.sampled_from("ABCDE"), st.text(max_size=5), SOME)
OVERVIEWS = st.builds(
    Overview,
    st.just("tiny#o1"),
    st.lists(THEMES, max_size=4).map(tuple),
    st.lists(st.builds(Direction, st.text(max_size=5), SOME), max_size=3).map(tuple),
    st.lists(st.builds(Read, st.sampled_from(IDS), st.text(max_size=5)), max_size=3).map(tuple),
)


def theme(name: str, *papers: int) -> OverviewTheme:
    return OverviewTheme(name, f"About {name}.", tuple(IDS[n] for n in papers))


def test_topics_take_turns_and_each_theme_stands_once():
    one = Overview("m", (theme("a", 0, 1), theme("b", 0, 1), theme("c", 0, 1)))
    other = Overview("m", (theme("d", 2, 3), theme("A", 2, 3), theme("e", 2, 3)))
    found = gathered([one, other], IDS)
    assert found is not None
    assert [theme.name for theme in found.themes] == ["a", "d", "b", "c"]


def test_a_theme_of_which_one_paper_is_shown_is_none():
    one = Overview("m", (theme("a", 0, 1), theme("b", 1, 2)), reads=(Read(IDS[5], "why"),))
    found = gathered([one], IDS[1:3])
    assert found is not None
    assert [(theme.name, theme.papers) for theme in found.themes] == [("b", tuple(IDS[1:3]))]
    assert found.reads == ()
    assert gathered([one], IDS[:1]) is None
    assert gathered([], IDS) is None


@given(st.lists(OVERVIEWS, max_size=3), st.sets(st.sampled_from(IDS)))
def test_nothing_that_is_not_shown_is_named(overviews, shown):
    found = gathered(overviews, shown)
    if found is None:
        return
    assert found.themes or found.reads
    assert all(len(theme.papers) >= 2 and shown.issuperset(theme.papers) for theme in found.themes)
    assert all(shown.issuperset(direction.papers) for direction in found.directions)
    assert all(read.paper in shown for read in found.reads)
    parts = (found.themes, found.directions, found.reads)
    assert all(len(part) <= most for part, most in zip(parts, (4, 3, 3), strict=True))
