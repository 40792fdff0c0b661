"""The service's jobs go on, whatever is asked of them while they run."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from digest_stage import FRESH, THURSDAY, Announcer, study
from service_entry import FastClock

from bot.app import App, opened
from bot.service import Service
from bot.settings import Settings
from jobs.summarize import BuiltIn
from storage import chats, subscriptions
from storage.models import Lang, Platform, Subscription, SubscriptionKey

MORNING = datetime(2026, 2, 5, 9, tzinfo=UTC)
SPEED = 60
"""A minute, after which the service looks at the least, is a second."""


class Interrupted(BuiltIn):
    """An engine that takes a moment; meanwhile somebody changes something, several times."""

    def __init__(self, changed: asyncio.Event) -> None:
        super().__init__()
        self._changed = changed

    async def summarize(self, papers, lang):
        for _ in range(3):
            self._changed.set()
            await asyncio.sleep(0.05)
        return await super().summarize(papers, lang)


class Reached:
    """A platform that knows which chats something was sent to."""

    def __init__(self) -> None:
        self.chats: set[int] = set()

    async def turn(self, address: str) -> None:
        """Anything may go at once."""

    async def send(self, part) -> None:
        self.chats.add(part.chat)


@asynccontextmanager
async def disturbed(tmp_path):
    """A service that is asked for more while it works, and what it sends."""
    source, sent = Announcer(), Reached()
    source.announce(THURSDAY, *(study(number) for number in range(1, 5)))
    clock = FastClock(MORNING, time.time(), SPEED)
    known = Settings(_env_file=None, PAPERROUND_DATABASE=tmp_path / "p.db")
    messengers = {Platform.TERMINAL: sent}
    async with opened(known, clock=clock, source=source, messengers=messengers) as made:
        app = replace(made, desk=replace(made.desk, engines=(Interrupted(made.changed),)))
        service = Service(app, clock)
        running = asyncio.create_task(service.run())
        yield app, sent
        service.stop()
        await running


async def join(app: App, address: str) -> None:
    """Somebody subscribes, as another process stores it: the service isn't told."""

    def store(tx) -> None:
        chat = chats.ensure(tx, Platform.TERMINAL, address, lang=Lang.EN, tz="UTC")
        made = Subscription(
            SubscriptionKey(0), chat.key, "cs.CV", FRESH, None, None, False, False, 0, None,
            next_due=MORNING, created=MORNING,
        )  # fmt: skip
        subscriptions.add(tx, made)

    await app.db.write(store)


async def test_what_is_due_is_made_after_a_change_in_the_middle_of_making(tmp_path):
    async with disturbed(tmp_path) as (app, sent):
        for number in (1, 2):
            await join(app, f"room {number}")
            async with asyncio.timeout(15):
                while len(sent.chats) < number:  # noqa: ASYNC110 -- on its disk
                    await asyncio.sleep(0.05)
