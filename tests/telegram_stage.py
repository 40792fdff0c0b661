"""A whole paperround on the loopback Telegram, with an invented arXiv and a clock that is set.

Everything is real but the ends: commands, outbox, delivery, python-telegram-bot over HTTP.
Mornings are made when a test says so (`morning`), so that nothing depends on timers.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from digest_stage import Announcer, at
from telegram_server import TelegramServer
from telegram_users import User

from bot.app import App, opened
from bot.platforms import connected
from bot.settings import Settings
from jobs.collect import collect
from jobs.deliver import Deliverer, housekeep
from jobs.digest import make_due
from jobs.ports import TextReader
from storage.models import Announced, Paper

CATEGORIES = ("cs.CV", "cs.LG")
TUESDAY = date(2026, 2, 3)
BOSS = 1001
"""The admin's user id, as the settings name it."""


class SetClock:
    """Runs with the machine's clock from the moment that a test sets; sleeping is real."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def set(self, now: datetime) -> None:
        self._start, self._at = now, time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._at)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def wall(self, moment: datetime) -> datetime:
        return datetime.now(UTC) + (moment - self.now())


class Stage:
    """One running paperround and the Telegram around it."""

    def __init__(self, server: TelegramServer, app: App, clock: SetClock, lines: list[str]) -> None:
        self.server = server
        self.app = app
        self.clock = clock
        self.lines = lines
        """What was told to who started it."""
        self.deliverer = Deliverer(db=app.db, messengers=app.messengers, clock=clock)

    @property
    def source(self) -> Announcer:
        return self.app.source

    async def boss(self) -> User:
        """The admin, who has opened the private chat."""
        user = self.server.user("Imena Vorga", number=BOSS)
        await user.starts()
        await user.private.next()
        return user

    async def morning(self, day: date, *items: Paper | Announced, hour: int = 9) -> int:
        """arXiv announces these; digests are made and delivered. How many digests."""
        self.clock.set(at(day, hour))
        self.source.announce(day, *items)
        await collect(db=self.app.db, source=self.source, clock=self.clock, categories=CATEGORIES)
        made = await make_due(self.app.desk)
        await self.deliver()
        return made

    async def deliver(self) -> datetime | None:
        """Send what may go now; returns when to look again."""
        next_look = await self.deliverer.deliver()
        await self.deliverer.drained()
        return next_look

    async def housekeep(self) -> None:
        await housekeep(self.app.db, self.clock.now())

    async def query(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of the database, whatever the modules make of them."""
        return await self.app.db.study(lambda tx: list(tx.query(sql, list(values))))


@asynccontextmanager
async def telegram_stage(
    folder: Path,
    *,
    settings: dict[str, Any] | None = None,
    server: TelegramServer | None = None,
    reader: TextReader | None = None,
    tell: Callable[[str], None] | None = None,
) -> AsyncIterator[Stage]:
    """A paperround that listens; ended again. `settings` are further variables."""
    clock, lines = SetClock(at(TUESDAY, 6)), []
    async with server or TelegramServer() as telegram:
        known = Settings(
            **{
                "PAPERROUND_DATABASE": folder / "paperround.db",
                "PAPERROUND_CATEGORIES": ",".join(CATEGORIES),
                "PAPERROUND_ADMINS": str(BOSS),
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "TELEGRAM_API_URL": telegram.api_url,
                **(settings or {}),
            }
        )
        async with (
            opened(known, clock=clock, source=Announcer(), reader=reader) as local,
            connected(local, tell or lines.append) as app,
        ):
            listening = [asyncio.create_task(each.listen()) for each in app.listeners]
            try:
                await _ready(telegram, listening)
                yield Stage(telegram, app, clock, lines)
            finally:
                for task in listening:
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)


async def _ready(telegram: TelegramServer, listening: list["asyncio.Task[None]"]) -> None:
    """Wait until the bot asks for updates, or has ended before."""
    async with asyncio.timeout(10):
        while not telegram.calls["getUpdates"] and not telegram.calls["setWebhook"]:
            if any(task.done() for task in listening):
                return
            await asyncio.sleep(0.01)
