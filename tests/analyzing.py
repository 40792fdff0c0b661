"""Analyses without a network or a model: texts and analysts that do as they are told."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from fakes import FakeClock

from jobs.analyze import Allowances, Analyses, KeptTexts, Order, Posting, Workshop
from jobs.collect import store_papers
from jobs.ports import Progress, RetryLater, SourceError, Stage, SummaryError, Tell
from storage import chats
from storage.analyses import jobs
from storage.database import Database
from storage.models import (
    Analysis,
    Answer,
    Aspect,
    Chat,
    Claim,
    Coverage,
    DraftPart,
    FullText,
    Lang,
    Origin,
    Paper,
    Paragraph,
    Platform,
    Section,
)

NOW = datetime(2026, 2, 6, 6, tzinfo=UTC)


class Texts:
    """A TextReader: every paper has one section. `failing` is raised instead."""

    def __init__(self) -> None:
        self.read_papers: list[str] = []
        self.failing: SourceError | RetryLater | None = None

    async def read(self, paper: Paper, tell: Tell) -> FullText:
        self.read_papers.append(paper.id)
        tell(Progress(Stage.FETCHING))
        if self.failing is not None:
            raise self.failing
        section = Section("Training", "1", passages=(Paragraph(f"We train {paper.id} well."),))
        return FullText(paper.id, paper.version, Origin.HTML, (section,), paper.abstract)


class Analyzes:
    """An Analyst that waits for `go` and then says what it was given, or fails."""

    def __init__(self, name: str = "built-in", *, waits: bool = False) -> None:
        self.analyst = name
        self.go = asyncio.Event()
        if not waits:
            self.go.set()
        self.failing: Exception | None = None
        self.analyzed: list[tuple[str, int, Lang]] = []
        self.asked: list[tuple[int, str]] = []
        self.at_once = self.most_at_once = 0

    async def analyze(self, paper: Paper, text: FullText, lang: Lang, tell: Tell) -> Analysis:
        self.analyzed.append((paper.id, paper.version, lang))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            tell(Progress(Stage.WRITING, 1, 2))
            await self.go.wait()
            if self.failing is not None:
                raise self.failing
        finally:
            self.at_once -= 1
        coverage = Coverage(text.origin, 1, 1, text.characters, text.lacks)
        core = Claim(f"What {self.analyst} says of {paper.id}.")
        return Analysis(
            paper.id, paper.version, lang, self.analyst, coverage, {Aspect.CORE: (core,)}
        )

    async def answer(self, paper: Paper, text: FullText, question: str, lang: Lang) -> Answer:
        self.asked.append((paper.version, question))
        await self.go.wait()
        if self.failing is not None:
            raise self.failing
        return Answer(self.analyst, f"{question} Well.", (Claim("We train", "1 Training"),))


class Parts:
    """A Renderer of which each part names what it is."""

    name = "parts"

    def analysis(self, pages, chat: Chat, /) -> list[DraftPart]:
        return [DraftPart(f"{pages.paper} for {chat.address}", about=pages.about)]

    def notice(self, document) -> list[DraftPart]:
        return [DraftPart("a word of regret")]


class Study:
    """Analyses on a database of their own."""

    def __init__(
        self, db: Database, *analysts: Analyzes, allowances: Allowances | None = None
    ) -> None:
        self.db = db
        self.clock = FakeClock(NOW)
        self.texts = Texts()
        self.analysts: Sequence[Analyzes] = analysts or (Analyzes(),)
        self.changes = 0
        self.allowances = allowances or Allowances()
        self.analyses = self.opened()

    def opened(self) -> Analyses:
        """The analyses of a process that has just started."""
        workshop = Workshop(
            self.db, self.clock, KeptTexts(self.db, self.clock, self.texts), self.analysts
        )
        posting = Posting(
            self.db, self.clock, dict.fromkeys(Platform, Parts()), "https://arxiv.org"
        )
        return Analyses(workshop, posting, self.allowances, changed=self._changed)

    def _changed(self) -> None:
        self.changes += 1

    async def order_of(self, paper: Paper, address: str = "room", **fields) -> Order:
        """A stored chat's wish for a stored paper."""
        await store_papers(self.db, [paper])
        chat = await self.db.write(chats.ensure, Platform.TELEGRAM, address, lang=Lang.EN, tz="UTC")
        known = {"lang": Lang.EN, "person": "telegram:7", **fields}
        return Order(paper, chat=chat, **known)

    async def posted(self) -> list[tuple[str, str]]:
        """Address and payload of everything in the outbox, in order."""

        def look(tx):
            rows = tx.conn.execute(
                "SELECT c.address, p.payload FROM part p JOIN chat c ON c.key = p.chat"
                " ORDER BY p.key"
            )
            return [tuple(row) for row in rows]

        return await self.db.read(look)


async def settled(db: Database) -> None:
    """Wait until no job is left."""
    async with asyncio.timeout(40):
        while await db.read(jobs):  # noqa: ASYNC110 -- the jobs are seen in the database alone
            await asyncio.sleep(0.01)


REFUSED = SummaryError("no")
