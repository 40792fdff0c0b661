"""A database with chats, an arXiv that says what a test has it say, and the hours between."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from fakes import FakeClock

from formatters.parts import TerminalRenderer
from jobs import schedule, topics
from jobs.collect import collect
from jobs.digest import Desk, make_due
from jobs.ports import Feed, RetryLater, SourceError
from jobs.summarize import BuiltIn
from storage import chats, digests, papers, subscriptions
from storage.database import Database
from storage.models import (
    Announced,
    AnnounceType,
    Chat,
    Digest,
    Lang,
    Paper,
    PaperId,
    Platform,
    Run,
    Slot,
    Subscription,
    SubscriptionKey,
    When,
)

CATEGORIES = ("cs.CV", "cs.LG")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2026, 2, day) for day in range(2, 8))
FRESH = When(Slot.FRESH, "UTC")
HALF_PAST_EIGHT = When(Slot.DAILY, "UTC", time(8, 30))


def study(number: int, about: str = "gaussian splatting", **fields: object) -> Paper:
    """An invented paper about something."""
    known = {
        "version": 1,
        "title": f"Invented Study {number} of {about}",
        "abstract": f"We propose study {number}. It finds out what {about} is good for.",
        "authors": ("Imena Vorga", "Tolan Brisk"),
        "primary_category": "cs.CV",
        "categories": ("cs.CV",),
        "published": datetime(2026, 1, 30, 12, tzinfo=UTC),
    }
    return Paper(PaperId(f"2602.{number:05}"), **{**known, **fields})


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


class Announcer:
    """A source whose feed is set; it knows all that was in it and what `found` has."""

    def __init__(self) -> None:
        self.feed: Feed | SourceError = Feed(None, ())
        self.found: list[Paper] = []
        self.known: dict[PaperId, Paper] = {}
        self.asked: list[str] = []
        self.failing: SourceError | RetryLater | None = None

    @property
    def requests(self) -> int:
        return len(self.asked)

    def announce(self, day: date, *items: Paper | Announced) -> None:
        lines = [i if isinstance(i, Announced) else Announced(i, AnnounceType.NEW) for i in items]
        self.known |= {line.paper.id: line.paper for line in lines}
        self.feed = Feed(day, tuple(lines))

    async def announcements(self, categories, known=None) -> Feed | None:
        self.asked.append("feed")
        if isinstance(self.feed, SourceError):
            raise self.feed
        return self.feed

    async def papers(self, ids) -> list[Paper]:
        self.asked.append("papers")
        if self.failing:
            raise self.failing
        return [self.known[ident] for ident in ids if ident in self.known]

    async def search(self, node, *, limit, submitted=None, newest_first=True) -> list[Paper]:
        self.asked.append("search")
        return self.found[:limit]


class Stage:
    """One paperround; `open` it again as after a restart."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = FakeClock(at(MONDAY, 5))
        self.source = Announcer()
        self.open()

    def open(self) -> None:
        self.db = Database.open(self.path)
        self.desk = Desk(
            db=self.db,
            clock=self.clock,
            engines=(BuiltIn(),),
            renderers={Platform.TERMINAL: TerminalRenderer(colour=False)},
            parse=lambda text: topics.parse(text, default_categories=CATEGORIES),
            topic_name=topics.name_of,
            site="https://arxiv.org",
        )

    def restart(self) -> None:
        self.db.close()
        self.open()

    async def chat(self, address: str = "room", **fields: object) -> Chat:
        made = await self.db.write(chats.ensure, Platform.TERMINAL, address, lang=Lang.EN, tz="UTC")
        changed = {name: getattr(made, name) for name in made.__slots__} | fields
        await self.db.write(chats.update, Chat(**changed))
        return Chat(**changed)

    async def subscribe(
        self, chat: Chat, topic: str, when: When = FRESH, **fields: object
    ) -> Subscription:
        draft = {
            "limit": None,
            "lang": None,
            "split": False,
            "replacements": False,
            "since": await self.db.study(papers.last_seq),
            "paused_until": None,
            "next_due": schedule.next_due(when, self.clock.now()),
        } | fields
        return await self.db.write(
            subscriptions.add,
            Subscription(
                key=SubscriptionKey(0),
                chat=chat.key,
                topic=self.desk.parse(topic).text,
                when=when,
                created=self.clock.now(),
                **draft,
            ),
        )

    async def collect(self) -> Run:
        return await collect(
            db=self.db, source=self.source, clock=self.clock, categories=CATEGORIES
        )

    async def morning(self, day: date, *items: Paper | Announced, hour: int = 9) -> int:
        """arXiv announces these, paperround collects, and makes what is due."""
        self.clock.set(at(day, hour))
        self.source.announce(day, *items)
        await self.collect()
        return await make_due(self.desk)

    async def made(self) -> list[Digest]:
        """All digests, oldest first."""

        def read(tx) -> list[Digest]:
            return [digests._digest(row) for row in tx.query("SELECT * FROM digest ORDER BY key")]

        return await self.db.study(read)

    async def parts(self, chat: Chat) -> list[str]:
        """What the chat's parts say, whether sent or not."""

        def read(tx) -> list[str]:
            rows = tx.query(
                "SELECT p.payload || COALESCE(y.body, '') AS said FROM part p"
                " LEFT JOIN payload y ON y.name = p.card WHERE p.chat = ? ORDER BY p.key",
                [chat.key],
            )
            return [row["said"] for row in rows]

        return await self.db.study(read)

    async def seen(self, chat: Chat) -> set[str]:
        def read(tx) -> set[str]:
            rows = tx.query("SELECT paper FROM seen WHERE chat = ?", [chat.key])
            return {row["paper"] for row in rows}

        return await self.db.study(read)

    async def stored(self, one: Subscription) -> Subscription:
        return await self.db.study(subscriptions.get, one.key)


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    stage = Stage(folder / "paperround.db")
    try:
        yield stage
    finally:
        stage.db.close()


def listed(digest: Digest) -> Sequence[str]:
    """A digest's papers in its order."""
    return [item.paper for item in digest.items]
