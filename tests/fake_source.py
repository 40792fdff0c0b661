"""A PaperSource over papers in memory, with its bad days, and a chat to talk to it through."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from analyzing import Analyzes, Parts, Texts
from fakes import FakeClock

from bot.commands.claiming import ClaimCode
from bot.commands.dispatch import Commands
from bot.commands.request import AccessRules, Context, Reply, Request
from formatters.document import Button, Buttons
from formatters.parts import TerminalRenderer
from formatters.terminal import render
from jobs import topics
from jobs.analyze import Allowances, Analyses, KeptTexts, Posting, Workshop
from jobs.arxiv_query import to_arxiv
from jobs.collect import store_papers
from jobs.digest import Desk
from jobs.matching import evaluate
from jobs.ports import Feed, RetryLater, SourceError
from jobs.summarize import BuiltIn
from storage import papers as paper_store
from storage.database import Database
from storage.models import AnnounceType, Lang, Paper, PaperId, Platform
from storage.search import DayIndex, IndexedPaper
from storage.syntax import Node

CATEGORIES = ("cs.CV", "cs.LG")
FRIDAY = date(2026, 10, 16)


def study(ident: str, **fields: object) -> Paper:
    """An invented paper; every field can be given."""
    known = {
        "version": 1,
        "title": f"An Invented Study, Number {ident}",
        "abstract": f"We invent study {ident} to see what a reader makes of it.",
        "authors": ("Imena Vorga", "Tolan Brisk"),
        "primary_category": "cs.CV",
        "categories": ("cs.CV",),
        "published": datetime(2026, 10, 14, 12, tzinfo=UTC),
    }
    return Paper(PaperId(ident), **{**known, **fields})


class FakeSource:
    """Knows the papers that it is given. `failing` is raised by whatever is asked."""

    def __init__(self, papers: Sequence[Paper] = ()) -> None:
        self.known = {paper.id: paper for paper in papers}
        self.failing: SourceError | RetryLater | None = None
        self.asked: list[str] = []

    @property
    def requests(self) -> int:
        return len(self.asked)

    async def announcements(self, categories, known=None) -> Feed | None:
        self._ask("announcements")
        return Feed(day=None, items=())

    async def papers(self, ids) -> list[Paper]:
        self._ask("papers")
        return [self.known[ident] for ident in ids if ident in self.known]

    async def search(self, node: Node, *, limit, submitted=None, newest_first=True) -> list[Paper]:
        to_arxiv(node)  # what arXiv can't be asked is refused
        self._ask("search")
        entries = list(self.known.values())
        with DayIndex() as index:
            index.add(
                IndexedPaper(row, p.id, p.title, p.abstract, p.authors, p.categories)
                for row, p in enumerate(entries)
            )
            rows = evaluate(node, index.rows, index.universe)
        return [entries[row] for row in sorted(rows)][:limit]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.failing is not None:
            raise self.failing


class Talk:
    """A chat with paperround on a database of its own."""

    def __init__(
        self,
        folder: Path,
        lang: Lang = Lang.EN,
        tz: str = "Asia/Shanghai",
        *,
        access: AccessRules | None = None,
        claim: ClaimCode | None = None,
        allowances: Allowances | None = None,
    ) -> None:
        self.db = Database.open(folder / "talk.db")
        self.clock = FakeClock(datetime(2026, 10, 16, 6, 0, tzinfo=UTC))
        self.source = FakeSource()
        self.changes = 0
        self.last: Reply | None = None
        self.address = "room"
        self.person = "terminal:reader"
        self.may_manage = True
        desk = Desk(
            db=self.db,
            clock=self.clock,
            engines=(BuiltIn(),),
            renderers={Platform.TERMINAL: TerminalRenderer()},
            parse=lambda text: topics.parse(text, default_categories=CATEGORIES),
            topic_name=topics.name_of,
            site="https://arxiv.org",
        )
        self.texts, self.analyst = Texts(), Analyzes()
        workshop = Workshop(
            self.db, self.clock, KeptTexts(self.db, self.clock, self.texts), [self.analyst]
        )
        renderers = {Platform.TERMINAL: TerminalRenderer(), Platform.TELEGRAM: Parts()}
        posting = Posting(self.db, self.clock, renderers, desk.site)
        self.analyses = Analyses(
            workshop, posting, allowances or Allowances(), changed=self._changed
        )
        self.commands = Commands(
            Context(
                desk,
                self.source,
                self.analyses,
                lang,
                tz,
                CATEGORIES,
                self._changed,
                access or AccessRules(),
                claim,
            )
        )

    async def ask(self, text: str) -> str:
        """Say a line; the answer as a terminal without colours shows it."""
        request = Request(
            Platform.TERMINAL, self.address, self.person, text, may_manage=self._may_manage
        )
        self.last = await self.commands.dispatch(request)
        assert self.last is not None
        return render(self.last.document, columns=200, colour=False)

    async def tell(self, text: str, *, user: int = 5, room: str = "", **fields: Any) -> str | None:
        """As `ask`, on Telegram: somebody's line in a room, else in their private chat."""
        known = {"address": room or str(user), "person": f"telegram:{user}", "room": room}
        request = Request(Platform.TELEGRAM, text=text, **{**known, **fields})
        self.last = await self.commands.dispatch(request)
        return self.last and render(self.last.document, columns=200, colour=False)

    async def _may_manage(self) -> bool:
        return self.may_manage

    async def announce(self, day: date, *found: Paper, live: bool = True) -> None:
        """Papers that arXiv announced on a day, each as new."""
        await store_papers(self.db, found)
        items = [(paper.id, paper.version, AnnounceType.NEW) for paper in found]
        await self.db.write(paper_store.announce, day, items, live=live)

    @property
    def reply(self) -> Reply:
        """The last answer."""
        assert self.last is not None
        return self.last

    @property
    def all_buttons(self) -> list[Button]:
        """The last answer's buttons."""
        blocks = self.reply.document.blocks
        return [b for block in blocks if isinstance(block, Buttons) for b in block.buttons]

    @property
    def buttons(self) -> dict[str, str]:
        """Label → command; of equal labels the last."""
        return {button.label: button.command for button in self.all_buttons}

    def close(self) -> None:
        self.db.close()

    def _changed(self) -> None:
        self.changes += 1


@asynccontextmanager
async def open_room(folder: Path, *papers: Paper) -> AsyncIterator[Talk]:
    """A paperround that everybody may talk to, with these papers announced."""
    talk = Talk(folder, access=AccessRules(open=True))
    await talk.announce(FRIDAY, *papers)
    try:
        yield talk
    finally:
        await talk.analyses.close()
        talk.close()
