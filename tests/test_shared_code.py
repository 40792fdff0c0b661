"""The code that only a paper's full text names: decided when it is read, shown for good."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from analyzing import Analyzes
from digest_stage import CATEGORIES, FRIDAY, THURSDAY, staged, study
from fakes import FakeClock

from jobs.analyze import KeptTexts, Workshop
from jobs.archive.stored import StoredSelection
from jobs.collect import store_papers
from jobs.ports import SourceError
from storage import analyses, papers
from storage.models import AnnounceType, FullText, Lang, Origin, Paper, Paragraph, Section

NOW = datetime(2026, 2, 6, 12, tzinfo=UTC)
OURS = "https://github.com/made-up/two"
HIDDEN = "Our code is available here."
IN_ABSTRACT, IN_TEXT = study(1, abstract="Code: https://github.com/made-up/one."), study(2)


@dataclass
class Reader:
    """A TextReader of papers of one paragraph and one link, or of none at all."""

    said: str = HIDDEN
    links: tuple[str, ...] = (OURS,)
    failing: SourceError | None = field(default=None)

    async def read(self, paper: Paper, tell) -> FullText:
        if self.failing is not None:
            raise self.failing
        body = Section("Introduction", passages=(Paragraph(self.said),))
        return FullText(paper.id, paper.version, Origin.HTML, (body,), links=self.links)


@pytest.fixture
async def stage(tmp_path):
    async with staged(tmp_path) as stage:
        for day, paper in ((THURSDAY, study(9)), (FRIDAY, IN_ABSTRACT), (FRIDAY, IN_TEXT)):
            await store_papers(stage.db, [paper])
            said = [(paper.id, 1, AnnounceType.NEW)]
            await stage.db.write(papers.announce, day, said, live=True)
        yield stage


async def read(stage, paper: Paper, reader: Reader) -> None:
    clock = FakeClock(NOW)
    workshop = Workshop(stage.db, clock, KeptTexts(stage.db, clock, reader), [Analyzes()])
    await workshop.answer(paper, "What is it?", Lang.EN)


async def shown(stage) -> dict[str, tuple[str, ...]]:
    """The code of Friday's papers as the archive has it, the same in each language."""
    selection = StoredSelection(stage.desk, CATEGORIES)
    found = await selection.entries(await selection.topics(), FRIDAY, FRIDAY)
    one, other = ({entry.paper.id: entry.code for entry in found[lang]} for lang in Lang)
    assert one == other
    return one


async def marks(stage):
    selection = StoredSelection(stage.desk, CATEGORIES)
    return await selection.planned(await selection.topics())


async def test_code_comes_from_the_abstract_else_from_the_text_once_it_was_read(stage):
    named = ("https://github.com/made-up/one",)
    assert await shown(stage) == {IN_ABSTRACT.id: named, IN_TEXT.id: ()}
    for paper in (IN_ABSTRACT, IN_TEXT):
        await read(stage, paper, Reader())
    assert await shown(stage) == {IN_ABSTRACT.id: named, IN_TEXT.id: (OURS,)}


async def test_it_stays_when_the_text_is_forgotten_and_when_the_paper_is_stored_anew(stage):
    await read(stage, IN_TEXT, Reader())
    await stage.db.write(analyses.forget, NOW + timedelta(days=31), NOW)
    assert await stage.db.read(analyses.text_of, IN_TEXT.id, 1) is None
    await store_papers(stage.db, [study(2, version=2)])
    assert (await shown(stage))[IN_TEXT.id] == (OURS,)


async def test_a_text_that_names_none_takes_nothing_away_and_another_version_s_code_follows(stage):
    await read(stage, IN_TEXT, Reader())
    await read(stage, study(2, version=2), Reader("Nothing is said of it.", ()))
    assert (await shown(stage))[IN_TEXT.id] == (OURS,)
    elsewhere = "https://github.com/made-up/three"
    await read(stage, study(2, version=3), Reader(f"Our code: {elsewhere}", (elsewhere,)))
    assert (await shown(stage))[IN_TEXT.id] == (elsewhere,)


async def test_a_text_that_is_not_to_be_had_names_none(stage):
    await read(stage, IN_TEXT, Reader(failing=SourceError("gone")))
    assert (await shown(stage))[IN_TEXT.id] == ()


async def test_the_day_is_made_anew_when_a_text_names_code_and_no_other_day(stage):
    before = await marks(stage)
    await read(stage, IN_TEXT, Reader())
    after = await marks(stage)
    assert before[FRIDAY] != after[FRIDAY]
    assert before[THURSDAY] == after[THURSDAY]
    await read(stage, IN_ABSTRACT, Reader("Nothing is said of it.", ()))
    assert await marks(stage) == after
