"""`paperround run` on a fast clock: the service with its platforms, ended as the command ends.

    python tests/telegram_entry.py --start 2026-02-06T05:00+00:00 --epoch 1770000000 --speed 40

Settings come from the environment; the clock is service_entry's.
"""

import argparse
import asyncio
import sys
from datetime import datetime

from service_entry import FastClock  # makes the project importable, too

from bot.app import opened
from bot.endings import explain
from bot.logs import configure
from bot.platforms import connected
from bot.service import Service
from bot.settings import load


async def serve(options: argparse.Namespace) -> None:
    clock = FastClock(options.start, options.epoch, options.speed)
    settings = load()
    configure(settings.log_file)
    async with opened(settings, clock=clock) as local, connected(local, _tell) as app:
        service = Service(app, clock)
        service.stop_on_signals()
        await service.run()


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- as the command does


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", type=datetime.fromisoformat, required=True)
    parser.add_argument("--epoch", type=float, required=True)
    parser.add_argument("--speed", type=float, required=True)
    try:
        asyncio.run(serve(parser.parse_args()))
    except Exception as error:  # noqa: BLE001 -- the edge
        sys.exit(explain(error))


if __name__ == "__main__":
    main()
