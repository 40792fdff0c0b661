"""Which analyses and texts are kept, for whom, and for how long."""

import asyncio
from datetime import timedelta

import pytest
from analyzing import NOW, REFUSED, Analyzes, Study, Texts, settled
from fake_source import study
from fakes import FakeClock

from jobs.analyze import KeptTexts, Ready, Waiting
from jobs.ports import SourceError
from storage.database import Database
from storage.models import FullText, Lang, Origin, Paragraph, Section

PAPER = study("2602.06043", version=2)
DOWN = SourceError("unreachable")
PASSING = pytest.mark.parametrize("lacks", ["no_text", "too_slow", "too_much_memory", "crashed"])


class Given(Texts):
    """A TextReader whose texts lack what they are told to; `cut` ones have a section all the same.

    `length` is that section's, in sentences.
    """

    def __init__(self, lacks: str = "", length: int = 9) -> None:
        super().__init__()
        self.lacks = lacks
        self.length = length

    async def read(self, paper, tell) -> FullText:
        whole = await super().read(paper, tell)
        if self.lacks == "cut":
            section = Section("Training", passages=(Paragraph("We train. " * self.length),))
            return FullText(paper.id, paper.version, Origin.PDF, (section,), lacks="cut")
        return FullText.of_abstract(paper, self.lacks) if self.lacks else whole


@pytest.fixture
def db(tmp_path):
    db = Database.open(tmp_path / "kept.db")
    yield db
    db.close()


def lab_of(db: Database, texts: Texts, *analysts: Analyzes) -> Study:
    lab = Study(db, *analysts)
    lab.texts = texts
    lab.analyses = lab.opened()
    return lab


async def ordered(lab: Study, **fields) -> Ready | Waiting:
    """What came of an order; it is over."""
    placed = await lab.analyses.order(await lab.order_of(PAPER, **fields))
    await settled(lab.db)
    return placed


async def latest(lab: Study) -> tuple[str, str]:
    """Who made the latest analysis, and what its text lacked."""
    found = await lab.analyses.latest(PAPER, Lang.EN)
    return found.engine, found.coverage.lacks


async def test_what_was_posted_is_found_though_another_engine_is_asked_by_now(db):
    model, built_in = Analyzes("openai:gpt-x#a1"), Analyzes()
    model.failing = REFUSED
    lab = Study(db, model, built_in)
    assert await lab.analyses.latest(PAPER, Lang.EN) is None
    await ordered(lab)
    lab.clock.advance(timedelta(days=99))
    assert await lab.analyses.cached(PAPER, Lang.EN) is None
    assert await latest(lab) == ("built-in", "")
    lab.analysts = (Analyzes("openai:gpt-y#a2"),)
    lab.analyses = lab.opened()
    assert await latest(lab) == ("built-in", "")
    await ordered(lab)
    assert await latest(lab) == ("openai:gpt-y#a2", "")
    assert await lab.analyses.latest(PAPER, Lang.ZH) is None
    assert await lab.analyses.latest(study("2602.06043"), Lang.EN) is None


async def test_one_that_an_older_paperround_wrote_and_nobody_can_read_hides_no_other(db):
    lab = Study(db)
    await ordered(lab)
    later = "INSERT INTO analysis VALUES (?, 2, 'en', 'old#a1', '{}', '2099-01-01')"
    await db.write(lambda tx: tx.conn.execute(later, [PAPER.id]))
    assert await latest(lab) == ("built-in", "")


@PASSING
async def test_what_is_lacking_for_a_while_is_looked_for_again_after_an_hour(db, lacks):
    texts = Given(lacks)
    lab = lab_of(db, texts)
    await ordered(lab)
    lab.clock.advance(timedelta(minutes=50))
    assert isinstance(await ordered(lab), Ready)
    assert isinstance(await ordered(lab, lang=Lang.ZH), Waiting)
    assert len(texts.read_papers) == 1
    lab.clock.advance(timedelta(minutes=20))
    texts.lacks = ""
    assert await latest(lab) == ("built-in", lacks)
    assert isinstance(await ordered(lab), Waiting)
    assert len(texts.read_papers) == 2
    assert await latest(lab) == ("built-in", "")


@pytest.mark.parametrize("lacks", ["encrypted", "scanned", "too_large", "cut"])
async def test_what_a_pdf_is_it_remains(db, lacks):
    lab = lab_of(db, Given(lacks))
    await ordered(lab)
    lab.clock.advance(timedelta(days=9))
    assert isinstance(await ordered(lab), Ready)
    await ordered(lab, lang=Lang.ZH)
    assert len(lab.texts.read_papers) == 1


@pytest.mark.parametrize("lacks", ["too_slow", "scanned", "cut"])
async def test_anew_reads_again_what_lacks_something(db, lacks):
    texts = Given(lacks)
    lab = lab_of(db, texts)
    await ordered(lab)
    texts.lacks = ""
    await ordered(lab, anew=True)
    assert await latest(lab) == ("built-in", "")
    await ordered(lab, anew=True)
    assert len(texts.read_papers) == 2


async def test_anew_at_a_terminal_reads_again_too(db):
    texts = Given("crashed")
    lab = lab_of(db, texts)
    await ordered(lab)
    texts.lacks = ""
    *_, made = [word async for word in lab.analyses.directly(PAPER, Lang.EN, anew=True)]
    assert made.coverage.lacks == ""


async def test_of_two_texts_that_lack_something_the_longer_one_serves(db):
    texts = Given("cut", length=9)
    lab = lab_of(db, texts)
    await ordered(lab)
    for failing, lacks, length in ((DOWN, "", 0), (None, "too_slow", 0), (None, "cut", 3)):
        texts.failing, texts.lacks, texts.length = failing, lacks, length
        await ordered(lab, anew=True)
        found = await lab.analyses.latest(PAPER, Lang.EN)
        assert found.coverage.lacks == "cut"
        assert found.coverage.characters == len("We train. " * 9)


async def test_an_analysis_of_a_whole_text_gives_way_to_none_of_an_abstract(db):
    lab = Study(db)
    await ordered(lab)
    lab.clock.advance(timedelta(days=31))
    await lab.analyses.tidy()
    lab.texts.failing = DOWN
    await ordered(lab, anew=True)
    assert len(lab.texts.read_papers) == 2
    assert await latest(lab) == ("built-in", "")
    assert isinstance(await ordered(lab), Ready)


async def test_who_wants_a_text_that_is_being_read_waits_for_it(db) -> None:
    texts = Texts()
    kept = KeptTexts(db, FakeClock(NOW), texts)
    told = [kept.text(PAPER, lambda _: None) for _ in range(5)]
    read = await asyncio.gather(*told)
    assert texts.read_papers == [PAPER.id]
    assert len(set(map(str, read))) == 1


async def test_few_papers_are_read_beside_each_other(db) -> None:
    class Slow(Texts):
        now = most = 0

        async def read(self, paper, tell) -> FullText:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.01)
            self.now -= 1
            return await super().read(paper, tell)

    slow = Slow()
    kept = KeptTexts(db, FakeClock(NOW), slow)
    papers = [study(f"2602.{number:05}") for number in range(1, 9)]
    await asyncio.gather(*(kept.text(paper, lambda _: None) for paper in papers))
    assert (len(slow.read_papers), slow.most) == (8, 2)
