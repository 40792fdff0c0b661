"""Analyses under way: what each is at, told to whoever watches."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from jobs.ports import Clock, Progress
from storage.analyses import Job

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


@dataclass(frozen=True, slots=True)
class Ended:
    """The last word."""

    well: bool
    cancelled: bool = False


@dataclass(slots=True)
class Run:
    """One job under way in this process."""

    job: Job
    task: "asyncio.Task[None] | None" = None
    latest: Update = field(default_factory=Update)
    ended: Ended | None = None
    stage_began: datetime | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    watchers: set[asyncio.Event] = field(default_factory=set)
    """Each is set when there is news."""

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

    def end(self, ended: Ended) -> None:
        """Say the last word; a second one is not heard."""
        self.ended = self.ended or ended
        self.over.set()
        self._tell(self.latest)

    async def watch(self, clock: Clock) -> AsyncIterator[Update | Ended]:
        """Words about the run, ever more seldom, and the last one at once."""
        news = asyncio.Event()
        self.watchers.add(news)
        pauses = iter(PAUSES)
        try:
            while self.ended is None:
                news.clear()
                yield self.latest
                await self._rest(clock, next(pauses, PAUSES[-1]))
                await news.wait()
        finally:
            self.watchers.discard(news)
        yield self.ended

    def _tell(self, update: Update) -> None:
        self.latest = update
        for news in self.watchers:
            news.set()

    async def _rest(self, clock: Clock, seconds: float) -> None:
        """Let the time pass, unless the run ends."""
        rest = asyncio.ensure_future(clock.sleep(seconds))
        over = asyncio.ensure_future(self.over.wait())
        try:
            await asyncio.wait({rest, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            rest.cancel()
            over.cancel()
