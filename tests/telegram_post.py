"""Parts on their way to the loopback Telegram: the outbox, the deliverer, the real library.

Nobody listens here; `telegram_stage` has the whole bot.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from posting import NOW
from telegram_chats import Chat
from telegram_server import TOKEN, TelegramServer

from bot.pacing import Pacer, Turnstile
from bot.telegram.client import Connection, client, hang_up
from bot.telegram.messenger import TelegramMessenger
from formatters.document import Document, Text, plain
from formatters.telegram import TelegramRenderer
from jobs.deliver import Deliverer, recover
from storage import chats, outbox
from storage.database import Database, Tx
from storage.models import Lang, Platform

SPEED = 40
"""How fast the clock runs: a chat gets a message a second."""


class QuickClock:
    """Runs faster than the machine's and can be put forward; who sleeps sleeps on."""

    def __init__(self) -> None:
        self._from, self._at = NOW, time.monotonic()

    def now(self) -> datetime:
        return self._from + timedelta(seconds=(time.monotonic() - self._at) * SPEED)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)

    def put_forward(self, to: datetime) -> None:
        self._from, self._at = max(to, self.now()), time.monotonic()


@dataclass(frozen=True, slots=True)
class PostOffice:
    """An outbox and its way to Telegram."""

    db: Database
    clock: QuickClock
    deliverer: Deliverer
    expected: list[datetime] = field(default_factory=list)

    async def post(self, chat: Chat, *texts: str, address: str = "") -> None:
        """Put texts in line for a chat, each a part."""
        await self.db.write(post_parts, address or str(chat.id), texts, self.clock.now())

    async def deliver(self) -> datetime | None:
        """Send what may go now; when to look again."""
        looks = [await self.deliverer.deliver()]
        await self.deliverer.drained()
        looks += self.expected
        self.expected.clear()
        return min((look for look in looks if look), default=None)

    async def deliver_all(self, within: timedelta = timedelta(hours=12)) -> None:
        """Until nothing is left that could be sent, however long that takes."""
        end = self.clock.now() + within
        while (look := await self.deliver()) is not None:
            assert look < end, await self.states()
            self.clock.put_forward(look)

    async def states(self) -> list[str]:
        """Each part's state, in the order of posting."""
        return [row["state"] for row in await self.query("SELECT state FROM part ORDER BY key")]

    async def parked(self) -> dict[str, str]:
        """Why chats get nothing, by address."""
        rows = await self.query("SELECT address, parked FROM chat WHERE parked IS NOT NULL")
        return {row["address"]: row["parked"] for row in rows}

    async def unpark(self) -> None:
        await self.db.write(lambda tx: tx.conn.execute("UPDATE chat SET parked = NULL"))

    async def recover(self) -> int:
        return await recover(self.db)

    async def query(self, sql: str) -> list[dict]:
        return await self.db.read(lambda tx: list(tx.query(sql)))


@asynccontextmanager
async def post_office(
    folder: Path, api_url: str, *, proxy: str | None = None, read_timeout: float = 2.0
) -> AsyncIterator[PostOffice]:
    db, clock = Database.open(folder / "paperround.db"), QuickClock()
    bot = client(Connection(TOKEN, api_url, proxy=proxy, read_timeout=read_timeout))
    messenger = TelegramMessenger(bot, Turnstile(Pacer(), clock))
    expected: list[datetime] = []
    deliverer = Deliverer(
        db=db,
        messengers={Platform.TELEGRAM: messenger},
        clock=clock,
        look_again=expected.append,
    )
    try:
        yield PostOffice(db, clock, deliverer, expected)
    finally:
        await deliverer.stop(0)
        await hang_up(bot)
        db.close()


def people(server: TelegramServer, count: int) -> list[Chat]:
    """Private chats with the bot, already begun."""
    users = [server.user(f"Reader {number}") for number in range(1, count + 1)]
    for user in users:
        user.started = True
    return [user.private for user in users]


def said(chat: Chat) -> list[str]:
    """What the bot said in a chat, in order."""
    return [message.text for message in chat.sent]


def post_parts(tx: Tx, address: str, texts: tuple[str, ...], now: datetime) -> None:
    """Put texts in line for the chat at an address, each a part."""
    chat = chats.ensure(tx, Platform.TELEGRAM, address, lang=Lang.EN, tz="UTC")
    renderer = TelegramRenderer()
    for text in texts:
        outbox.enqueue(tx, chat.key, renderer.notice(Document((Text(plain(text)),))), now)
