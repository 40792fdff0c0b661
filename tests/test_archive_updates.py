"""An update of the archive costs what changed, brings the newest first, and ends as a rebuild."""

from contextlib import suppress
from copy import deepcopy
from datetime import timedelta

import pytest
from archive_stage import MONDAY, OLD, THURSDAY, MemoryFolder, Shelf, archive, shelf
from hypothesis import example, given, settings
from hypothesis import strategies as st
from site_stage import ARXIV, FRIDAY, SPLATTING, VISION

from jobs.archive.formats import MarkdownFiles
from jobs.archive.writing import update
from storage.errors import UserError
from storage.models import Lang

DAYS = (OLD, MONDAY, THURSDAY, FRIDAY)


def pages(number: int) -> set[str]:
    return {f"{lang}/paper/2602.{number:05}.html" for lang in Lang}


async def made_by(made) -> list[str]:
    """The files that an update makes, whether they differ or not, in turn."""
    made.folder.order.clear()
    await update(made)
    return made.folder.order


async def test_of_a_day_only_papers_that_changed_are_made_anew():
    selection = shelf()
    made = archive(selection)
    await update(made)
    selection.versions[5] = 2
    order = await made_by(made)
    assert {path for path in order if "/paper/" in path} == pages(5)
    assert {path for path in order if "/day/" in path} == {
        f"{la}/day/{THURSDAY}.html" for la in Lang
    }
    assert "2602.00005v2" in made.folder.files["en/paper/2602.00005.html"]


async def test_topics_pages_are_made_anew_only_where_they_would_show_something_else():
    selection = shelf()
    made = archive(selection)
    await update(made)
    selection.asked.clear()
    selection.versions |= {1: 2, 6: 2}
    assert not [path for path in await made_by(made) if "/topic/" in path]
    week = (FRIDAY - timedelta(days=6), FRIDAY)
    assert set(selection.asked) == {(OLD, OLD), (THURSDAY, THURSDAY), week}
    selection.said[6] = "New words."
    assert {path for path in await made_by(made) if "/topic/" in path} == {
        f"{lang}/topic/cs-cv/{page}.html" for lang in Lang for page in ("2026-02", "index")
    }


async def test_the_newest_day_and_the_front_come_first_then_the_rest_newest_first():
    order = await made_by(archive(shelf()))
    front = order.index("en/index.html")
    days = [order.index(f"en/day/{day}.html") for day in reversed(DAYS)]
    assert days == sorted(days)
    assert days[0] < front < days[1]
    assert order.index("en/topic/cs-cv/2026-02.html") < front


async def test_a_public_topic_is_on_the_front_before_old_days_are_made_anew():
    selection = shelf()
    selection.shown = (VISION,)
    made = archive(selection)
    await update(made)
    selection.shown = (VISION, SPLATTING)
    order = await made_by(made)
    assert order.index("en/feed/3dgs.xml") < order.index(f"en/day/{THURSDAY}.html")


async def test_another_topic_changes_only_days_that_have_papers_of_it():
    selection = Shelf({OLD: [2, 4], MONDAY: [3], FRIDAY: [6, 8]})
    made, whole = archive(selection), archive(Shelf(selection.days, (VISION,)))
    assert (await update(made)).days == 3
    for topics in ((VISION,), (VISION, SPLATTING), (VISION,)):
        selection.shown = topics
        written = await update(made)
        assert written.days == 1
        assert pages(3) <= written.files
        assert not {path for path in written.files if f"/day/{FRIDAY}" in path}
    await update(whole)
    assert made.folder.files == whole.folder.files


async def test_a_month_without_papers_is_left_out_of_the_pages_around_it():
    selection = Shelf({OLD: [1], MONDAY: [3], FRIDAY: [5]})
    made, whole = archive(selection), archive(Shelf({OLD: [1], MONDAY: [], FRIDAY: [5]}))
    await update(made)
    selection.days[MONDAY] = []
    await update(made)
    await update(whole)
    assert made.folder.files == whole.folder.files


@pytest.mark.parametrize(
    "full_at", ["en/index.html", f"en/day/{THURSDAY}.html", "en/feed/3dgs.xml"]
)
async def test_a_topic_withdrawn_after_an_update_was_cut_off_leaves_no_trace(full_at):
    selection = shelf()
    selection.shown = (VISION,)
    made, whole = archive(selection), archive(Shelf(shelf().days, (VISION,)))
    await update(made)
    selection.shown = (VISION, SPLATTING)
    made.folder.full_at = full_at
    with pytest.raises(UserError):
        await update(made)
    made.folder.full_at = None
    selection.shown = (VISION,)
    await update(made)
    await update(whole)
    assert made.folder.files == whole.folder.files


@pytest.mark.parametrize("full_at", ["zh/day/2026-02-05.html", "search/2026-02-05-1.js"])
async def test_a_paper_that_left_after_an_update_was_cut_off_has_no_page(full_at):
    selection = shelf()
    made, whole = archive(selection), archive(shelf())
    await update(made)
    selection.days[THURSDAY].append(9)
    made.folder.full_at = full_at
    with pytest.raises(UserError):
        await update(made)
    made.folder.full_at = None
    selection.days[THURSDAY].remove(9)
    await update(made)
    await update(whole)
    assert made.folder.files == whole.folder.files


NUMBERS, WORDS = st.integers(1, 9), st.sampled_from(["Some words.", "Other words."])
CHANGES = st.one_of(
    st.tuples(st.just("days"), st.sampled_from(DAYS), st.lists(NUMBERS, max_size=4, unique=True)),
    st.tuples(st.just("said"), NUMBERS, WORDS),
    st.tuples(st.just("versions"), NUMBERS, st.integers(1, 3)),
    st.tuples(
        st.just("shown"), st.sampled_from([(VISION,), (SPLATTING,), (SPLATTING, VISION), ()])
    ),
    st.tuples(st.just("cut off"), st.integers(0, 80)),
)


class FillingFolder(MemoryFolder):
    """A folder that is full after so many files."""

    room: int | None = None

    def write(self, path: str, text: str) -> bool:
        if self.room is not None:
            self.full_at = path if self.room == 0 else None
            self.room -= 1
        return super().write(path, text)


def on_one_day(days) -> dict:
    """Each paper on the first of its days alone, in an order that never changes."""
    found: set[int] = set()
    alone = {}
    for day in sorted(days):
        alone[day] = sorted(set(days[day]) - found)
        found |= set(alone[day])
    return alone


async def apply(made, change) -> None:
    """Change what is stored, or have an update break off."""
    selection, (what, *values) = made.selection, change
    if what == "cut off":
        made.folder.room = values[0]
        with suppress(UserError):
            await update(made)
        made.folder.room = made.folder.full_at = None
    elif what == "shown":
        selection.shown = values[0]
    else:
        getattr(selection, what)[values[0]] = values[1]
        selection.days = on_one_day(selection.days)


@settings(max_examples=40)
@example([[("days", OLD, [])], [("days", OLD, [1]), ("cut off", 3), ("days", OLD, [])]])
@example([[("days", OLD, [])], [("days", OLD, [1]), ("cut off", 10), ("days", OLD, [])]])
@example(
    [
        [("days", FRIDAY, []), ("days", THURSDAY, [])],
        [("days", FRIDAY, [1]), ("cut off", 15), ("days", FRIDAY, [])],
    ]
)
@given(st.lists(st.lists(CHANGES, min_size=1, max_size=3), min_size=1, max_size=3))
async def test_updates_lead_to_the_same_files_as_a_rebuild(changes):
    made = archive(shelf(), FillingFolder(), formats=MarkdownFiles(ARXIV))
    await update(made)
    for some in changes:
        for change in some:
            await apply(made, change)
        await update(made)
    whole = archive(deepcopy(made.selection), formats=MarkdownFiles(ARXIV))
    await update(whole)
    assert made.folder.files == whole.folder.files
