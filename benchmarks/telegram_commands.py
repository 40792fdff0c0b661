"""How fast commands are answered on Telegram while a morning is made and sent.

    python benchmarks/telegram_commands.py --papers papers.jsonl.xz

The morning is the one of `morning.py`, for Telegram chats; its parts go out meanwhile at
Telegram's pace. Beside it, every `--every` milliseconds, somebody says one of a mix of
commands to a loopback Telegram in a process of its own. Measured there: from the moment that
the bot was handed the message until its answer came in. `--idle` measures without a morning.
"""

import argparse
import asyncio
from collections.abc import Sequence

from beside import listening, said_beside
from gauges import percentile, spread, verdict
from loopback import TELEGRAM_SERVER, TELEGRAM_TOKEN, loopback
from stage import options_beside

from storage.models import Platform

TARGET = 0.1
"""Seconds: 99 of 100 answers come within this time."""


def main() -> None:
    asyncio.run(_measure(options_beside(__doc__, every=50.0)))


async def _measure(options: argparse.Namespace) -> None:
    async with loopback(TELEGRAM_SERVER) as world:
        people = (await world.order("crowd", count=options.chats))["users"]
        async with listening(
            options,
            world,
            Platform.TELEGRAM,
            [str(each) for each in people],
            heard_by="getUpdates",
            TELEGRAM_BOT_TOKEN=TELEGRAM_TOKEN,
            TELEGRAM_API_URL=world.url,
        ) as (app, morning):
            said = 0
            async for who, line in said_beside(app, people, morning, options):
                await world.order("says", user=who, text=line)
                said += 1
            await asyncio.sleep(1.0)
            reading = await world.order("reading")
    _print(reading["latencies"], said, reading["refused"])


def _print(latencies: Sequence[float], said: int, refused: dict[str, int]) -> None:
    print(f"{'said':>8}{'answers':>8}{'p50':>8}{'p99':>8}{'max':>8} ms")
    print(f"{said:>8}{len(latencies):>8}{spread(latencies)}")
    if refused:
        print(f"refused by the server: {refused}")
    met = percentile(latencies, 0.99) <= TARGET and not refused
    print(verdict(TARGET, met=met))


if __name__ == "__main__":
    main()
