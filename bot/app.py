"""The composition root: the one place where everything is built and joined, and the clock.

`opened` gives the parts that every command of the command line needs; `bot.service` keeps
them running.
"""

import asyncio
import gc
import io
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from bot.archiving import Archiving
from bot.commands.claiming import ClaimCode
from bot.commands.dispatch import Commands
from bot.commands.request import AccessRules, Context
from bot.local import Terminal
from bot.settings import Settings
from formatters.parts import TerminalRenderer
from formatters.slack import SlackRenderer
from formatters.telegram import TelegramRenderer
from jobs import topics
from jobs.analyze import Analyses, KeptTexts, Posting, Workshop
from jobs.archive.edition import Archive
from jobs.archive.folder import DiskFolder
from jobs.archive.formats import MarkdownFiles
from jobs.archive.selecting import named_topics
from jobs.archive.stored import StoredSelection
from jobs.arxiv_source import ArxivSource
from jobs.digest import Desk
from jobs.fulltext.texts import AbstractsOnly, ArxivTexts
from jobs.parking import Parking
from jobs.ports import Analyst, Clock, Messenger, PaperSource, Renderer, Summarizer, TextReader
from jobs.summarize import BuiltIn
from jobs.web import Web
from storage import access
from storage.database import Database
from storage.errors import UserError
from storage.models import Platform, Topic

SWITCH_INTERVAL = 0.0002
"""Seconds between two threads' turns: a command waits this long for a morning's work."""

COLLECTIONS_APART = 1_000
"""Collections of the youngest objects' elders between two of everything: a full one stops
every thread, in a morning for 0.2 s. `bot.service` makes one in quiet hours."""
PARSED_TOPICS = 4096
"""Topics kept parsed: a morning and its commands ask for the same ones."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time, UTC-aware."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        await asyncio.sleep(seconds)

    def wall(self, moment: datetime) -> datetime:
        """When the process's own scheduler should wake for a moment: then."""
        return moment


class Listener(Protocol):
    """A platform that people speak to us on."""

    async def listen(self) -> None:
        """Answer until cancelled. Raises UserError when it can't go on."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """Everything, joined."""

    settings: Settings
    db: Database
    source: PaperSource
    clock: Clock
    desk: Desk
    messengers: Mapping[Platform, Messenger]
    commands: Commands
    terminal: Terminal
    changed: asyncio.Event
    """Set after a change to subscriptions."""
    analyses: Analyses
    archiving: Archiving | None
    """None where no archive is kept."""
    parking: Parking
    """Tells those who subscribed a chat that it can't be reached any more."""
    listeners: Sequence[Listener] = ()
    claim: ClaimCode | None = None
    """What makes the first admin; None where there is one."""


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    clock: Clock | None = None,
    source: PaperSource | None = None,
    reader: TextReader | None = None,
    messengers: Mapping[Platform, Messenger] | None = None,
    columns: int | None = None,
) -> AsyncIterator[App]:
    """Open the database and join everything; closed again at the end.

    `source` stands in for arXiv, `reader` for where it has full texts, `clock` for the
    machine's, `messengers` for the platforms' own ways out. Raises StorageError.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.set_threshold(*gc.get_threshold()[:2], COLLECTIONS_APART)
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        db = Database.open(settings.database)
        stack.callback(db.close)
        if source is None:
            web = await stack.enter_async_context(arxiv_web(settings, clock))
            source = arxiv(settings, web)
            reader = ArxivTexts(web, settings.arxiv_site_url, settings.pdf_limits)
        terminal = _terminal(columns)
        engines = await _engines(stack, settings, db, clock)
        desk = _desk(settings, db, clock, terminal.renderer, engines)
        changed = asyncio.Event()
        parking = _parking(desk)
        analyses = _analyses(desk, reader or AbstractsOnly(), settings, changed)
        stack.push_async_callback(analyses.close)
        archiving = _archiving(settings, desk)
        context = Context(
            desk=desk,
            source=source,
            analyses=analyses,
            lang=settings.lang,
            tz=settings.tz,
            categories=settings.categories,
            changed=changed.set,
            access=AccessRules(
                open=settings.open,
                admins=frozenset(settings.admins),
                rooms=frozenset(settings.allowed_chats),
            ),
            claim=await _claim(settings, db),
            parked=parking.tell,
            archive_news=archiving.news if archiving else lambda: None,
            limits=settings.model_limits if settings.models else None,
        )
        yield App(
            settings=settings,
            db=db,
            source=source,
            clock=clock,
            desk=desk,
            messengers=messengers or {Platform.TERMINAL: terminal},
            commands=Commands(context),
            terminal=terminal,
            changed=changed,
            parking=parking,
            analyses=analyses,
            archiving=archiving,
            claim=context.claim,
        )


async def _claim(settings: Settings, db: Database) -> ClaimCode | None:
    """The code that makes the first admin, while there is none."""
    if settings.open or settings.admins:
        return None
    admins = await db.read(access.admins)
    return None if admins else ClaimCode()


def arxiv_web(settings: Settings, clock: Clock) -> Web:
    """The polite client to arXiv; its pace is shared by every process on the database."""
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    return Web(
        clock=clock,
        pace_file=settings.beside("arxiv-pace"),
        interval=settings.arxiv_interval,
        contact=settings.contact,
        proxy=settings.arxiv_proxy,
    )


def arxiv(settings: Settings, web: Web) -> ArxivSource:
    """arXiv, or what the settings name in its place."""
    return ArxivSource(web, api_url=settings.arxiv_api_url, feed_url=settings.arxiv_feed_url)


def _parking(desk: Desk) -> Parking:
    return Parking(desk.renderers, lambda topic, lang: desk.topic_name(desk.stored(topic), lang))


def _archiving(settings: Settings, desk: Desk) -> Archiving | None:
    if settings.archive is None:
        return None
    topics = named_topics(settings.archive_topics) or settings.categories
    folder = DiskFolder(settings.archive)
    archive = Archive(
        selection=StoredSelection(desk, topics),
        folder=folder,
        arxiv=desk.site,
        address=desk.archive,
        formats=MarkdownFiles(desk.site),
        give_way=desk.db.give_way,
    )
    return Archiving(
        archive, folder, desk.clock, settings.beside("archive"), settings.beside("archive-news")
    )


def _analyses(
    desk: Desk, reader: TextReader, settings: Settings, changed: asyncio.Event
) -> Analyses:
    analysts = [engine for engine in desk.engines if isinstance(engine, Analyst)]
    workshop = Workshop(desk.db, desk.clock, KeptTexts(desk.db, desk.clock, reader), analysts)
    posting = Posting(desk.db, desk.clock, desk.renderers, desk.site)
    return Analyses(workshop, posting, settings.allowances, changed=changed.set)


def _terminal(columns: int | None) -> Terminal:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal has every sign
    colour = sys.stdout.isatty()
    width = columns or _columns()
    return Terminal(sys.stdout, TerminalRenderer(columns=width, colour=colour))


def _columns() -> int:
    import shutil  # noqa: PLC0415 -- only a terminal's width is wanted of it

    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 100))


async def _engines(
    stack: AsyncExitStack, settings: Settings, db: Database, clock: Clock
) -> list[Summarizer]:
    """The models that are set, in order, and the built-in engine, which never fails."""
    if not settings.models:
        return [BuiltIn()]
    from jobs.llm.failure import Failure  # noqa: PLC0415
    from jobs.llm.ledger import Ledger  # noqa: PLC0415
    from jobs.llm.opening import engines  # noqa: PLC0415 -- heavy

    ledger = Ledger(db, clock, settings.model_limits, settings.model_price)
    models = engines(settings.models, db=db, clock=clock, ledger=ledger)
    try:
        return [*await stack.enter_async_context(models), BuiltIn()]
    except Failure as failure:
        raise UserError("settings.model", said=failure.said) from failure


def _desk(
    settings: Settings,
    db: Database,
    clock: Clock,
    renderer: Renderer,
    engines: Sequence[Summarizer],
) -> Desk:
    @lru_cache(maxsize=PARSED_TOPICS)
    def parse(text: str) -> Topic:
        return topics.parse(text, default_categories=settings.categories)

    return Desk(
        db=db,
        clock=clock,
        engines=engines,
        renderers={
            Platform.TERMINAL: renderer,
            Platform.TELEGRAM: TelegramRenderer(),
            Platform.SLACK: SlackRenderer(),
        },
        parse=parse,
        topic_name=topics.name_of,
        site=settings.arxiv_site_url,
        archive=settings.archive_url or "" if settings.archive else "",
    )
