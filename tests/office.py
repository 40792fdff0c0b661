"""A database, a platform that does as it is told, and a deliverer between them."""

import asyncio
from collections import defaultdict
from datetime import datetime

from fakes import FakeClock
from posting import NOW, post

from jobs.deliver import Deliverer
from jobs.ports import Messenger, RetryLater
from storage.database import Database
from storage.models import DraftPart, Part, Platform


class FakePlatform:
    """Takes what is sent; fails as it is told, by payload, one error a try.

    Turns are given at once, unless an address is busy or its pace is not set free.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.parts: list[Part] = []
        self.failures: dict[str, list[Exception]] = defaultdict(list)
        self.gate: dict[str, asyncio.Event] = {}
        self.started = asyncio.Event()
        self.arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.turns: list[str] = []
        self.busy: dict[str, list[RetryLater]] = defaultdict(list)
        self.pace: dict[str, asyncio.Event] = {}

    async def turn(self, address: str) -> None:
        self.turns.append(address)
        if address in self.pace:
            await self.pace[address].wait()
        if self.busy[address]:
            raise self.busy[address].pop(0)

    async def send(self, part: Part) -> str | None:
        self.started.set()
        if part.payload in self.gate:
            await self.gate[part.payload].wait()
        if self.failures[part.payload]:
            raise self.failures[part.payload].pop(0)
        self.sent.append(part.payload)
        self.parts.append(part)
        self.arrived[part.payload].set()
        return f"ref {part.payload}"


class WatchedClock(FakeClock):
    """Says when somebody sleeps."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.asleep = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.asleep.set()
        await super().sleep(seconds)


class Office:
    """A database, a platform and a deliverer between them."""

    def __init__(self, folder) -> None:
        self.db = Database.open(folder / "post.db")
        self.clock = WatchedClock(NOW)
        self.platform = FakePlatform()
        self.looks: list[datetime] = []
        self.deliverer = self.fresh_deliverer()

    def fresh_deliverer(self) -> Deliverer:
        messenger: Messenger = self.platform
        return Deliverer(
            db=self.db,
            messengers={Platform.TERMINAL: messenger},
            clock=self.clock,
            look_again=self.looks.append,
        )

    async def post(self, address: str, *drafts: str | DraftPart):
        return await self.db.write(post, address, *drafts)

    async def deliver(self) -> datetime | None:
        next_look = await self.deliverer.deliver()
        await self.deliverer.drained()
        return next_look

    async def states(self) -> list[str]:
        return await self.db.read(
            lambda tx: [row[0] for row in tx.execute("SELECT state FROM part ORDER BY key")]
        )
