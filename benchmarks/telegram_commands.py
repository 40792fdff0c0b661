"""How fast commands are answered on Telegram while a morning is made and sent.

    python benchmarks/telegram_commands.py --papers papers.jsonl.xz

The morning is the one of `morning.py`, for Telegram chats; its parts go out meanwhile at
Telegram's pace. Beside it, every `--every` milliseconds, somebody says one of a mix of
commands to a loopback Telegram in a process of its own. Measured there: from the moment that
the bot was handed the message until its answer came in. `--idle` measures without a morning.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from commands import lines
from gauges import percentile
from stage import (
    SEED,
    MorningSource,
    Scale,
    build,
    new_papers,
    prepare_all,
    read_papers,
)
from telegram_world import TOKEN, FastClock, TelegramWorld, telegram_world

from bot.app import App, opened
from bot.platforms import connected
from bot.service import categories_wanted
from bot.settings import Settings
from jobs import collect
from jobs.deliver import Deliverer
from jobs.digest import make_due
from storage.models import Paper, Platform

TARGET = 0.1
"""Seconds: 99 of 100 answers come within this time."""
TICK = 0.05
LISTENING = 10.0
"""Seconds until which the bot asks for updates."""
IDLE_SECONDS = 10.0


def main() -> None:
    asyncio.run(_measure(_options()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=Path, required=True, metavar="FILE.jsonl.xz")
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--topics", type=int, default=2_000)
    parser.add_argument("--chats", type=int, default=1_000)
    parser.add_argument("--every", type=float, default=50.0, metavar="MILLISECONDS")
    parser.add_argument("--idle", action="store_true", help="without a morning beside")
    return parser.parse_args()


async def _measure(options: argparse.Namespace) -> None:
    known = read_papers(options.papers)
    morning = new_papers(known, options.new)
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        path = Path(folder) / "commands.db"
        async with telegram_world() as world:
            people = (await world.order("crowd", count=options.chats))["users"]
            scale = Scale(options.subscriptions, options.topics, options.chats, options.new)
            addresses = [str(each) for each in people]
            scale = replace(scale, platform=Platform.TELEGRAM, addresses=addresses)
            await build(path, prepare_all(known), scale)
            settings = Settings(
                _env_file=None,
                PAPERROUND_DATABASE=path,
                PAPERROUND_OPEN=True,
                TELEGRAM_BOT_TOKEN=TOKEN,
                TELEGRAM_API_URL=world.api_url,
            )
            source, clock = MorningSource(morning), FastClock(1.0)
            async with (
                opened(settings, clock=clock, source=source) as local,
                connected(local, lambda _: None) as app,
            ):
                await _run(app, world, people, morning, options)


async def _run(
    app: App,
    world: TelegramWorld,
    people: Sequence[int],
    morning: Sequence[Paper],
    options: argparse.Namespace,
) -> None:
    wanted = await app.db.study(categories_wanted, app)
    await collect.collect(db=app.db, source=app.source, clock=app.clock, categories=wanted)
    listening = [asyncio.create_task(each.listen()) for each in app.listeners]
    await _until_listening(world)
    beside = asyncio.sleep(IDLE_SECONDS) if options.idle else _morning(app)
    said = await _talk(world, asyncio.ensure_future(beside), people, morning, options)
    await asyncio.sleep(1.0)
    reading = await world.order("reading")
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    _print(reading["latencies"], said, reading["refused"])


async def _morning(app: App) -> None:
    """Make what is due and send it, as the service does."""
    deliverer = Deliverer(db=app.db, messengers=app.messengers, clock=app.clock)
    making = asyncio.create_task(make_due(app.desk))
    while not making.done():
        await deliverer.deliver()
        await asyncio.wait([making], timeout=0.5)
    await making
    await deliverer.stop(patience=1.0)


async def _talk(
    world: TelegramWorld,
    beside: "asyncio.Future[object]",
    people: Sequence[int],
    morning: Sequence[Paper],
    options: argparse.Namespace,
) -> int:
    """People say one command after the other until what runs beside is done; how many."""
    chosen = random.Random(SEED)
    said = 0
    began = time.monotonic()
    for line in lines(chosen, morning):
        if beside.done():
            break
        await world.order("says", user=chosen.choice(people), text=line)
        said += 1
        wait = began + said * options.every / 1e3 - time.monotonic()
        await asyncio.sleep(max(0.0, wait))
    await beside
    return said


async def _until_listening(world: TelegramWorld) -> None:
    for _ in range(int(LISTENING / TICK)):
        if (await world.order("reading"))["calls"].get("getUpdates"):
            return
        await asyncio.sleep(TICK)
    raise TimeoutError("the bot does not listen")


def _print(latencies: Sequence[float], said: int, refused: dict[str, int]) -> None:
    figures = (percentile(latencies, 0.5), percentile(latencies, 0.99), max(latencies))
    cells = "".join(f"{1e3 * seconds:>8.1f}" for seconds in figures)
    print(f"{'said':>8}{'answers':>8}{'p50':>8}{'p99':>8}{'max':>8} ms")
    print(f"{said:>8}{len(latencies):>8}{cells}")
    if refused:
        print(f"refused by the server: {refused}")
    met = percentile(latencies, 0.99) <= TARGET and not refused
    print(f"target, 99th percentile within {1e3 * TARGET:.0f} ms: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
