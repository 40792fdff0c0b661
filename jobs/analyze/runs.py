"""Analyses under way: what each is at, told to whoever watches."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jobs.ports import Clock, Progress
from storage.analyses import Job
from storage.models import ChatKey

PAUSES = (3.0, 5.0, 8.0, 13.0, 20.0)
"""Seconds between two words about the same run: platforms count every edit."""


@dataclass(frozen=True, slots=True)
class Update:
    """A word about a run."""

    ahead: int = 0
    """Runs that come first, while it waits for its turn."""
    progress: Progress | None = None
    """None: it has not begun."""
    seconds_left: float | None = None
    """As far as that can be told."""


class Ended(StrEnum):
    """The last word."""

    WELL = "well"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PUT_OFF = "put_off"
    """The process ends; the next one makes it."""


@dataclass(slots=True, eq=False)
class Watcher:
    """Somebody who watches a run."""

    chat: ChatKey | None
    """None: for nobody's chat."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is something to say."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is the last word."""

    def wake(self) -> None:
        """Say the last word at once."""
        self.over.set()
        self.news.set()


@dataclass(slots=True)
class Run:
    """One job under way in this process."""

    job: Job
    task: "asyncio.Task[None] | None" = None
    latest: Update = field(default_factory=Update)
    ended: Ended | None = None
    stage_began: datetime | None = None
    watchers: set[Watcher] = field(default_factory=set)
    left: set[ChatKey] = field(default_factory=set)
    """Chats that wait no more, though the run goes on."""

    def begin(self, progress: Progress, now: datetime) -> None:
        """Note a step as it begins."""
        before = self.latest.progress
        if before is None or before.stage is not progress.stage or self.stage_began is None:
            self.stage_began = now
        passed = (now - self.stage_began).total_seconds()
        left = passed / progress.done * (progress.of - progress.done) if progress.done else None
        self._tell(Update(progress=progress, seconds_left=left))

    def wait(self, ahead: int) -> None:
        """Note how many runs come first."""
        if self.latest.progress is None:
            self._tell(Update(ahead=ahead))

    def join(self, chat: ChatKey) -> None:
        """A chat waits for it, perhaps again."""
        self.left.discard(chat)

    def leave(self, chat: ChatKey) -> None:
        """A chat waits for it no more: to who watches there, it is cancelled."""
        self.left.add(chat)
        for watcher in self.watchers:
            if watcher.chat == chat:
                watcher.wake()

    def end(self, ended: Ended) -> None:
        """Say the last word; a second one is not heard."""
        self.ended = self.ended or ended
        for watcher in self.watchers:
            watcher.wake()

    def stop(self, ended: Ended) -> None:
        """Say the last word, and break it off."""
        self.end(ended)
        if self.task is not None:
            self.task.cancel()

    async def watch(
        self, clock: Clock, chat: ChatKey | None = None
    ) -> AsyncIterator[Update | Ended]:
        """Words about the run, ever more seldom, and the last one at once: the chat's own."""
        watcher = Watcher(chat)
        self.watchers.add(watcher)
        pauses = iter(PAUSES)
        try:
            while (last := self._last_word(chat)) is None:
                watcher.news.clear()
                yield self.latest
                await _rest(clock, next(pauses, PAUSES[-1]), watcher.over)
                await watcher.news.wait()
        finally:
            self.watchers.discard(watcher)
        yield last

    def _last_word(self, chat: ChatKey | None) -> Ended | None:
        return Ended.CANCELLED if chat in self.left else self.ended

    def _tell(self, update: Update) -> None:
        self.latest = update
        for watcher in self.watchers:
            watcher.news.set()


async def _rest(clock: Clock, seconds: float, over: asyncio.Event) -> None:
    """Let the time pass, unless it is over."""
    rest = asyncio.ensure_future(clock.sleep(seconds))
    ending = asyncio.ensure_future(over.wait())
    try:
        await asyncio.wait({rest, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        rest.cancel()
        ending.cancel()
