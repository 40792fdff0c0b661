"""The demo: a Thursday evening, a Friday morning and a Saturday on the built-in sample.

The same composition, collection, digests and delivery as the service; only the source is
the sample and the clock is set from scene to scene.
"""

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.app import App, opened
from bot.local import ADDRESS, request
from bot.settings import Settings
from formatters.catalogue import say
from formatters.document import (
    Bullets,
    Document,
    Heading,
    Inline,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from jobs.collect import collect, fill_previews
from jobs.deliver import Deliverer
from jobs.digest import make_due
from jobs.sample import DAY, SampleSource
from storage import chats
from storage.models import Lang, Platform

ZONE = "Asia/Shanghai"
THURSDAY = datetime(2026, 10, 15, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 10, 16, 4, 5, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 17, 4, 5, tzinfo=UTC)
CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO", "stat.ML")
"""What the sample was written for, whatever is set."""
CARDS = 3
LIVE = (
    ("check", "paperround check"),
    ("digest", "paperround digest 'cs.CV AND \"gaussian splatting\"' --max 10"),
    ("chat", "paperround chat"),
    ("run", "paperround run"),
)
"""What to type next, by the name of the text that says what it does."""


class SceneClock:
    """Shows the time of the scene."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The scene's time."""
        return self._now

    def set(self, now: datetime) -> None:
        """Begin another scene."""
        self._now = now

    async def sleep(self, seconds: float) -> None:
        """Nothing in the demo waits."""


async def play(settings: Settings, lang: Lang) -> None:
    """Play the demo on standard output, in a temporary database."""
    with tempfile.TemporaryDirectory(prefix="paperround-demo-") as folder:
        own = settings.model_copy(
            update={
                "database": Path(folder) / "demo.db",
                "lang": lang,
                "tz": ZONE,
                "categories": CATEGORIES,
            }
        )
        clock, source = SceneClock(THURSDAY), SampleSource(THURSDAY.date())
        async with opened(own, clock=clock, source=source) as app:
            await _Play(app, clock, source, lang).through()


class _Play:
    def __init__(self, app: App, clock: SceneClock, source: SampleSource, lang: Lang) -> None:
        self._app = app
        self._clock = clock
        self._source = source
        self._lang = lang

    async def through(self) -> None:
        self._say(Title(plain(say("demo.title", self._lang))))
        self._say(Text(plain(say("demo.intro", self._lang))))
        await self._prepare()
        self._scene("evening")
        await self._type("/subscribe 多模态 at fresh")
        self._scene("morning")
        await self._morning(FRIDAY, DAY)
        self._scene("afterwards")
        for typed in ("/more", "/search hallucination", "/subscriptions"):
            await self._type(typed)
        self._scene("saturday")
        await self._morning(SATURDAY, SATURDAY.date())
        await self._type("/digest")
        self._scene("going_live")
        self._say(Bullets(tuple(self._step(name, command) for name, command in LIVE)))

    def _step(self, name: str, command: str) -> Inline:
        return (Span(command, Style.CODE), Span(f"  {say(f'demo.live_{name}', self._lang)}"))

    async def _prepare(self) -> None:
        """The days up to Thursday are in, and this terminal shows three cards a digest."""
        app = self._app
        await self._collect()
        await fill_previews(
            db=app.db, source=app.source, clock=app.clock, categories=app.settings.categories
        )
        chat = await app.db.write(
            chats.ensure, Platform.TERMINAL, ADDRESS, lang=self._lang, tz=ZONE
        )
        await app.db.write(chats.update, replace(chat, length=CARDS))

    async def _morning(self, now: datetime, day: date) -> None:
        self._clock.set(now)
        self._source.day = day
        await self._collect()
        await make_due(self._app.desk)
        deliverer = Deliverer(
            db=self._app.db, messengers=self._app.messengers, clock=self._app.clock
        )
        await deliverer.deliver()
        await deliverer.drained()

    async def _collect(self) -> None:
        app = self._app
        await collect(
            db=app.db, source=app.source, clock=app.clock, categories=app.settings.categories
        )

    async def _type(self, text: str) -> None:
        self._say(Text((Span("> ", Style.FAINT), Span(text, Style.STRONG))))
        reply = await self._app.commands.dispatch(request(text, self._lang, ZONE))
        if reply is not None:
            self._app.terminal.show(reply.document)
        self._app.terminal.write("\n")

    def _scene(self, name: str) -> None:
        self._app.terminal.write("\n")
        self._say(Heading(plain(say(f"demo.{name}", self._lang))))

    def _say(self, block: Title | Heading | Text | Bullets) -> None:
        self._app.terminal.show(Document((block,)))
        self._app.terminal.write("\n")
