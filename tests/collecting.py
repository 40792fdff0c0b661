"""The collecting job on a loopback arXiv and a database of its own, day by day."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from arxiv_server import ArxivServer
from arxiv_server_library import Listing
from fakes import FakeClock, invented_paper
from live_arxiv import SERVED, arxiv_of

from jobs import collect
from jobs.arxiv_source import ArxivSource
from jobs.schedule import EASTERN, at_local, submission_window
from storage import chats, papers, subscriptions
from storage.database import Database
from storage.models import (
    Candidate,
    Chat,
    ChatKey,
    Lang,
    Platform,
    Run,
    Slot,
    Subscription,
    SubscriptionKey,
    When,
)


@dataclass(slots=True)
class Round:
    """What a test of the collecting job works with."""

    server: ArxivServer
    source: ArxivSource
    db: Database
    clock: FakeClock
    categories: tuple[str, ...] = ("cs.CV",)

    async def probe(self, day: date | None = None, hour: int = 1, minute: int = 0) -> Run:
        """One run; with a day, the feed shows it and it is that Eastern hour of it."""
        if day is not None:
            self.server.day = day
            self.clock.set(at_local(day, time(hour, minute), EASTERN))
        return await collect.collect(
            db=self.db, source=self.source, clock=self.clock, categories=self.categories
        )

    async def previews(self) -> int:
        return await collect.fill_previews(
            db=self.db, source=self.source, clock=self.clock, categories=self.categories
        )

    async def enrich(self) -> int:
        return await collect.enrich(db=self.db, source=self.source)

    async def announced(self) -> list[Candidate]:
        return await self.db.read(papers.announced_since, 0)

    async def lines(self) -> list[tuple[str, str, str]]:
        """Live announcements in order: id with version, announce type, weekday."""
        return [
            (f"{c.paper.id}v{c.version}", str(c.kind), c.day.strftime("%a"))
            for c in await self.announced()
        ]

    async def subscribe(self, tz: str = "Asia/Shanghai", since: int = 0) -> Subscription:
        """A chat that waits for what is fresh."""
        chat: Chat = await self.db.write(
            chats.ensure, Platform.TERMINAL, f"room {tz}", lang=Lang.EN, tz=tz
        )
        draft = subscription_of(chat.key, "cs.CV", self.clock.now(), tz=tz, since=since)
        return await self.db.write(subscriptions.add, draft)

    async def due(self, subscription: Subscription) -> datetime | None:
        return (await self.db.read(subscriptions.get, subscription.key)).next_due


@asynccontextmanager
async def round_of(
    found: Sequence[dict], lines: Mapping[date, Sequence[Listing]], tmp_path: Path
) -> AsyncIterator[Round]:
    """A round on Friday, an hour after the feed appeared."""
    async with arxiv_of(found, lines, tmp_path) as (server, source):
        db = Database.open(tmp_path / "round.db")
        try:
            yield Round(server, source, db, FakeClock(SERVED))
        finally:
            db.close()


def subscription_of(
    chat: ChatKey, topic: str, created: datetime, *, tz: str = "Asia/Shanghai", since: int = 0
) -> Subscription:
    """A subscription to what is fresh, not yet stored."""
    return Subscription(
        key=SubscriptionKey(0),
        chat=chat,
        topic=topic,
        when=When(Slot.FRESH, tz),
        lang=None,
        limit=None,
        split=False,
        replacements=False,
        since=since,
        paused_until=None,
        next_due=None,
        created=created,
    )


def days_of(first: date, count: int) -> list[date]:
    """So many weekdays."""
    days = (first + timedelta(days=n) for n in range(count * 2 + 2))
    return [day for day in days if day.weekday() < 5][:count]


def morning_of(day: date, count: int, category: str = "cs.CV", start: int = 1) -> list[dict]:
    """Papers that were submitted in the window of that announcement day, and announced on it."""
    at = submission_window(day)[0] + timedelta(hours=3)
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        invented_paper(
            f"{day:%y%m}.{day.day:02}{number:03}",
            primary_category=category,
            published=moment,
            updated=moment,
            announced=day.isoformat(),
        )
        for number in range(start, start + count)
    ]
