"""Keeping the archive's folder: only what changed is written, and nothing is lost on the way."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from archive_stage import MONDAY, OLD, THURSDAY, MemoryFolder, Shelf, archive, shelf
from lxml import etree, html
from site_stage import FRIDAY, VISION

from formatters.site.contents import Tally
from jobs.archive.folder import DiskFolder
from jobs.archive.memory import FILE, Kept, Memory, due, remembered, told
from jobs.archive.ports import Planned
from jobs.archive.writing import update
from storage.errors import UserError
from storage.models import Lang


async def test_every_link_of_a_whole_site_leads_somewhere():
    made = archive(shelf())
    await update(made)
    files = made.folder.files
    checked = 0
    for path, text in files.items():
        if not path.endswith(".html"):
            continue
        tree = html.document_fromstring(text)
        for address in tree.xpath("//@href | //@src"):
            if address.startswith("https://"):
                continue
            target, _, anchor = address.partition("#")
            there = (
                urljoin(f"https://x/{path}", target).removeprefix("https://x/") if target else path
            )
            assert there in files, (path, address)
            if anchor:
                assert html.document_fromstring(files[there]).xpath(f"//*[@id='{anchor}']")
            checked += 1
    assert checked > 300
    for lang in Lang:
        for slug in ("cs-cv", "3dgs"):
            etree.fromstring(files[f"{lang}/feed/{slug}.xml"].encode())


async def test_the_same_papers_make_the_same_files_and_writing_again_writes_nothing():
    first, second = archive(shelf()), archive(shelf())
    assert (await update(first)).days == 4
    await update(second)
    assert first.folder.files == second.folder.files
    again = await update(first)
    assert (again.days, again.files, again.removed) == (0, set(), 0)
    anew = await update(first, anew=True)
    assert (anew.days, anew.files) == (4, set())


async def test_a_new_day_touches_its_own_files_its_topics_and_the_indexes():
    selection = shelf()
    made = archive(selection)
    await update(made)
    monday = FRIDAY + timedelta(days=3)
    selection.days[monday] = [10]
    selection.asked.clear()
    written = await update(made)
    assert written.days == 1
    assert written.files == {
        path
        for lang in Lang
        for path in (
            f"{lang}/paper/2602.00010.html",
            f"{lang}/day/{monday}.html",
            f"{lang}/topic/cs-cv/2026-02.html",
            f"{lang}/topic/cs-cv/index.html",
            f"{lang}/feed/cs-cv.xml",
            f"{lang}/index.html",
        )
    } | {f"search/{monday}-1.js", "search/manifest.js"}
    assert set(selection.asked) == {
        (monday, monday),
        (monday - timedelta(days=6), monday),
    }


async def test_late_papers_and_summaries_are_taken_in():
    selection = shelf()
    made = archive(selection)
    await update(made)
    selection.days[THURSDAY].append(9)
    selection.said[6] = "New words."
    written = await update(made)
    assert written.days == 1
    assert "2602.00009" in made.folder.files[f"en/day/{THURSDAY}.html"]
    assert "New words." in made.folder.files["en/paper/2602.00006.html"]
    assert "2602.00009" in made.folder.files["en/topic/3dgs/2026-02.html"]


async def test_days_that_are_filled_in_later_are_linked_from_the_next_ones():
    early, late = shelf(), shelf()
    filled = {day: early.days.pop(day) for day in (OLD, THURSDAY)}
    made, whole = archive(early), archive(late)
    await update(made)
    early.days |= filled
    await update(made)
    await update(whole)
    assert made.folder.files == whole.folder.files


@pytest.mark.parametrize("gone", [THURSDAY, FRIDAY, OLD])
async def test_a_paper_that_left_has_no_page_any_more(gone):
    selection, without = shelf(), shelf()
    made, whole = archive(selection), archive(without)
    await update(made)
    selection.days[gone] = selection.days[gone][1:]
    without.days[gone] = without.days[gone][1:]
    written = await update(made)
    await update(whole)
    assert made.folder.files == whole.folder.files
    assert written.removed >= 2


async def test_a_paper_that_moved_to_another_day_keeps_its_page():
    selection = shelf()
    made = archive(selection)
    await update(made)
    selection.days[THURSDAY].append(7)
    await update(made)
    selection.days[FRIDAY].remove(7)
    await update(made)
    assert f"day/{THURSDAY}.html" in made.folder.files["en/paper/2602.00007.html"]


async def test_a_topic_that_is_shown_no_more_leaves_no_trace():
    selection = shelf()
    made = archive(selection)
    await update(made)
    selection.shown = (VISION,)
    await update(made)
    alone = archive(Shelf(shelf().days, (VISION,)))
    await update(alone)
    assert made.folder.files == alone.folder.files
    assert not [path for path, text in made.folder.files.items() if "3dgs" in path + text]


async def test_a_large_day_that_shrinks_leaves_no_piece_behind():
    selection = Shelf({FRIDAY: list(range(1, 1500))}, (VISION,))
    made = archive(selection)
    await update(made)
    assert f"search/{FRIDAY}-2.js" in made.folder.files
    selection.days[FRIDAY] = [1]
    await update(made)
    assert [path for path in made.folder.files if path.startswith(f"search/{FRIDAY}")] == [
        f"search/{FRIDAY}-1.js"
    ]


async def test_what_others_put_into_the_folder_stays():
    selection = shelf()
    made = archive(selection)
    await update(made)
    foreign = {"README.md": "ours", "en/topic/3dgs/index.html": "<p>mine</p>"}
    made.folder.files |= foreign
    selection.shown = (VISION,)
    await update(made)
    assert {path: made.folder.files[path] for path in foreign} == foreign
    assert "zh/topic/3dgs/index.html" not in made.folder.files


async def test_a_folder_that_holds_another_site_is_refused():
    folder = MemoryFolder()
    folder.files["index.html"] = "<h1>Our group</h1>"
    with pytest.raises(UserError) as refused:
        await update(archive(shelf(), folder))
    assert refused.value.key == "archive.foreign"
    assert set(folder.files) == {"index.html"}


@pytest.mark.parametrize("path", ["static/style.css", "en/index.html", "markdown/span/README.md"])
async def test_what_others_have_where_the_archive_will_be_is_named_and_stays(path):
    made = archive(shelf(), formats=Counted())
    made.folder.files[path] = "mine"
    with pytest.raises(UserError) as refused:
        await update(made)
    assert (refused.value.key, refused.value.values) == ("archive.foreign", {"file": path})
    assert made.folder.files == {path: "mine"}


async def test_files_that_were_written_here_are_ours_whatever_the_folder_remembers():
    made = archive(shelf(), formats=Counted())
    await update(made)
    before = dict(made.folder.files)
    del made.folder.files[FILE]
    await update(made)
    assert made.folder.files == before


@pytest.mark.parametrize(
    "full_at",
    [
        "en/paper/2602.00005.html",
        "zh/day/2026-02-05.html",
        "search/2026-02-06-1.js",
        "en/topic/cs-cv/2026-02.html",
        "en/index.html",
        FILE,
    ],
)
async def test_after_a_full_disk_the_next_update_goes_on(full_at):
    made, whole = archive(shelf()), archive(shelf())
    made.folder.full_at = full_at
    with pytest.raises(UserError) as failure:
        await update(made)
    assert failure.value.values == {"file": full_at, "reason": "No space left on device"}
    made.folder.full_at = None
    await update(made)
    await update(whole)
    assert made.folder.files == whole.folder.files


async def test_only_the_days_asked_for_are_made():
    made = archive(shelf())
    written = await update(made, only={MONDAY})
    assert written.days == 1
    assert set(remembered(made.folder.files[FILE]).days) == {MONDAY}
    written = await update(made, only={MONDAY}, anew=True)
    assert (written.days, written.files) == (1, set())


class Counted:
    """Files that say how many papers they are made of."""

    place, span_place = "markdown", "markdown/span"

    def __call__(self, day, entries, former):
        for lang, some in entries.items():
            yield f"markdown/{day:%Y}/{day}.{lang}.md", f"{len(some)}"

    def of_span(self, first, last, entries, topics):
        for lang, some in entries.items():
            for topic in topics:
                yield f"markdown/span/{topic.slug}.{lang}.md", f"{len(some)} of a span"

    def is_of_span(self, text):
        return text.endswith(" of a span")


async def test_other_formats_are_written_beside_the_site():
    made = archive(shelf(), formats=Counted())
    written = await update(made)
    assert made.folder.files["markdown/2026/2026-02-06.zh.md"] == "2"
    assert made.folder.files["markdown/span/3dgs.zh.md"] == "4 of a span"
    assert sum(path.startswith("markdown/") for path in written.files) == 12
    made.selection.shown = (VISION,)
    await update(made)
    assert not [path for path in made.folder.files if path.startswith("markdown/span/3dgs")]


async def test_an_archive_without_papers_is_a_site_too():
    made = archive(Shelf({}))
    await update(made)
    assert "Nothing here yet." in made.folder.files["en/index.html"]
    assert "en/topic/3dgs/index.html" in made.folder.files


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"days": 3}', '{"days": {"x": {}}}', "null"]
)
def test_a_broken_memory_is_an_empty_one(text):
    assert remembered(text) == Memory({})


def kept(form: str, *papers: str) -> Kept:
    shown = {"cs-cv": len(papers)} if papers else {}
    marks = {paper: f"m{paper}" for paper in papers}
    return Kept(form, marks, Tally(len(papers), shown, (9, 8)), dict.fromkeys(shown, "l"))


def test_what_is_remembered_is_what_was_told():
    days = {FRIDAY: kept("a", "1", "2", "3"), OLD: kept("b")}
    memory = Memory(days, "x", ("a", "b"), {MONDAY: ("7",)}, frozenset({("cs-cv", "2026-02")}))
    assert remembered(told(memory)) == memory


def test_a_day_is_due_where_its_papers_their_marks_or_the_form_are_others():
    planned = {
        FRIDAY: Planned({"1": "m1"}, {"cs-cv": 1}),
        THURSDAY: Planned({"2": "another"}, {"cs-cv": 1}),
        OLD: Planned({}, {}),
    }
    known = Memory({FRIDAY: kept("a", "1"), THURSDAY: kept("a", "2"), OLD: kept("a")})
    assert due(known, planned, "a") == [THURSDAY]
    assert due(known, planned, "b") == [FRIDAY, THURSDAY, OLD]
    assert due(Memory({}), planned, "a", only=[FRIDAY]) == [FRIDAY]
    cut_off = Memory(known.days, begun={OLD: ()})
    assert due(cut_off, planned, "a") == [THURSDAY, OLD]


def names(folder: Path) -> Sequence[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_written_whole_and_only_where_it_differs(tmp_path):
    folder = DiskFolder(tmp_path / "archive")
    folder.check()
    assert folder.write("en/day/x.html", "one 一")
    before = (tmp_path / "archive/en/day/x.html").stat().st_mtime_ns
    assert not folder.write("en/day/x.html", "one 一")
    assert (tmp_path / "archive/en/day/x.html").stat().st_mtime_ns == before
    assert folder.write("en/day/x.html", "two")
    assert folder.read("en/day/x.html") == "two"
    assert folder.read("en/day/y.html") is None
    assert names(tmp_path / "archive") == ["en/day/x.html"]
    assert folder.remove("en/day/x.html")
    assert not folder.remove("en/day/x.html")


def test_the_files_of_a_place_are_listed_and_no_empty_folder_is_left(tmp_path):
    folder = DiskFolder(tmp_path)
    assert folder.paths("en/topic") == []
    for path in ("en/topic/b/index.html", "en/topic/a/2026-02.html", "en/index.html"):
        folder.write(path, "x")
    assert folder.paths("en/topic") == ["en/topic/a/2026-02.html", "en/topic/b/index.html"]
    assert folder.paths("en/index.html") == ["en/index.html"]
    folder.remove("en/topic/b/index.html")
    assert not (tmp_path / "en/topic/b").exists()
    assert (tmp_path / "en/topic/a").is_dir()
    folder.remove("en/topic/a/2026-02.html")
    assert not (tmp_path / "en/topic").exists()
    folder.remove("en/index.html")
    assert tmp_path.is_dir()


def test_a_file_that_can_not_be_written_is_named_and_stays_as_it_was(tmp_path):
    folder = DiskFolder(tmp_path)
    folder.write("en/x.html", "one")
    (tmp_path / "en/.x.html.part").mkdir()  # in the way of the new text
    with pytest.raises(UserError) as failure:
        folder.write("en/x.html", "two")
    assert failure.value.values["file"] == tmp_path / "en/x.html"
    assert folder.read("en/x.html") == "one"


def test_a_folder_without_a_place_is_told(tmp_path):
    with pytest.raises(UserError) as failure:
        DiskFolder(tmp_path / "no" / "where").check()
    assert failure.value.values["file"] == tmp_path / "no" / "where"
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError):
        DiskFolder(tmp_path / "file").check()


@pytest.mark.parametrize("path", ["../x", "/etc/x", "en/../../x"])
def test_no_path_leads_out_of_the_folder(tmp_path, path):
    with pytest.raises(ValueError, match="leads out"):
        DiskFolder(tmp_path / "archive").write(path, "x")
