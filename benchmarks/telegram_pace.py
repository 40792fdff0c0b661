"""How close to the pacer's rate a morning goes out to Telegram, and that nothing is refused.

    python benchmarks/telegram_pace.py [--chats 3000] [--parts 2] [--speed 2]

A queue of `--chats` chats (four of five private, the others groups), each with a digest of
`--parts` messages, is delivered by the real deliverer and python-telegram-bot to a loopback
server that enforces Telegram's limits, on a clock that runs `--speed` times as fast as life
(a pause of this process counts as many times as long, too).
In the last lines one chat is refused with a 429 for half a minute, and then three at once,
which means the whole bot: what became of the others, and how long they stood still.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from loopback import TELEGRAM_SERVER, TELEGRAM_TOKEN, FastClock, Loopback, loopback

from bot.app import opened
from bot.pacing import TELEGRAM
from bot.platforms import connected
from bot.settings import Settings
from formatters.document import Document, Text, plain
from formatters.telegram import TelegramRenderer
from jobs.deliver import Deliverer
from storage import chats, outbox
from storage.database import Database, Tx
from storage.models import DraftPart, Lang, Platform

RATE = TELEGRAM.overall.most
TARGET = 0.95
TEXT = "A line of a digest that says what a paper is about. " * 60
HELD = 30
"""Seconds for which a refused chat is to wait."""


@dataclass(frozen=True, slots=True)
class Result:
    """One delivery."""

    parts: int
    seconds: float
    """By the fast clock."""
    throttled: int
    longest_gap: float
    """Seconds in which nothing arrived anywhere."""

    @property
    def rate(self) -> float:
        return self.parts / self.seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=3_000)
    parser.add_argument("--parts", type=int, default=2)
    parser.add_argument("--speed", type=float, default=2.0)
    asyncio.run(_measure(parser.parse_args()))


async def _measure(options: argparse.Namespace) -> None:
    print(f"{'':<26}{'parts':>7}{'seconds':>9}{'a second':>10}{'of rate':>9}{'429':>5}{'gap':>7}")
    whole = await _deliver(options.chats, options)
    _print(f"{options.chats} chats", whole)
    few = min(options.chats, 300)
    _print(f"{few} chats", await _deliver(few, options))
    _print(f"{few}, one chat refused", await _deliver(few, options, refused=1))
    _print(f"{few}, three chats refused", await _deliver(few, options, refused=3))
    met = whole.rate >= TARGET * RATE and not whole.throttled
    print(f"\ntarget, {TARGET:.0%} of {RATE} a second without a 429: {'met' if met else 'MISSED'}")


async def _deliver(count: int, options: argparse.Namespace, refused: int = 0) -> Result:
    clock = FastClock(options.speed)
    async with loopback(TELEGRAM_SERVER, options.speed) as world, _app(world, clock) as app:
        addresses = await _crowd(world, count)
        await _fill(app.db, addresses, options.parts, clock)
        chosen = addresses[50 : 50 + refused]
        for address in chosen:
            await world.order("flood", chat=int(address), seconds=HELD)
        deliverer = Deliverer(db=app.db, messengers=app.messengers, clock=clock)
        while (await app.db.read(outbox.queue)).waiting:
            await deliverer.deliver()
            await deliverer.drained()
            await clock.sleep(0.1)
        return _result(await world.order("reading"), set(chosen))


def _result(reading: dict[str, Any], refused: set[str]) -> Result:
    """What became of the chats that were not refused."""
    arrivals = {chat: at for chat, at in reading["arrivals"].items() if chat not in refused}
    times = sorted(at for found in arrivals.values() for at in found)
    longest = max(later - earlier for earlier, later in pairwise(times))
    parts = sum(reading["sent"][chat] for chat in arrivals)
    return Result(parts, times[-1] - times[0] + 1 / RATE, reading["throttled"], longest)


@asynccontextmanager
async def _app(world: Loopback, clock: FastClock) -> Any:
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        settings = Settings(
            _env_file=None,
            PAPERROUND_DATABASE=Path(folder) / "pace.db",
            TELEGRAM_BOT_TOKEN=TELEGRAM_TOKEN,
            TELEGRAM_API_URL=world.url,
        )
        async with opened(settings, clock=clock) as local, connected(local, print) as app:
            yield app


async def _crowd(world: Loopback, count: int) -> list[str]:
    """Addresses of people and groups, mixed."""
    people = (await world.order("crowd", count=count))["users"]
    groups = [
        (await world.order("group", title=f"Lab {n}", members=people[:1], admins=people[:1]))[
            "chat"
        ]
        for n in range(count // 5)
    ]
    mixed = [*people[len(groups) :]]
    for number, group in enumerate(groups):
        mixed.insert(number * 5, group)
    return [str(chat) for chat in mixed]


async def _fill(db: Database, addresses: Sequence[str], parts: int, clock: FastClock) -> None:
    notice = TelegramRenderer().notice(Document((Text(plain(TEXT)),)))
    for start in range(0, len(addresses), 200):
        some = addresses[start : start + 200]
        await db.write(_enqueue, some, notice * parts, clock)


def _enqueue(
    tx: Tx, addresses: Sequence[str], drafts: Sequence[DraftPart], clock: FastClock
) -> None:
    for address in addresses:
        chat = chats.ensure(tx, Platform.TELEGRAM, address, lang=Lang.EN, tz="UTC")
        outbox.enqueue(tx, chat.key, drafts, clock.now())


def _print(name: str, found: Result) -> None:
    cells = f"{found.parts:>7}{found.seconds:>9.1f}{found.rate:>10.2f}{found.rate / RATE:>9.1%}"
    print(f"{name:<26}{cells}{found.throttled:>5}{found.longest_gap:>7.2f}")


if __name__ == "__main__":
    main()
