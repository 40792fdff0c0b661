"""The service as a process on a fast clock, each delivered part a line of a file.

    python tests/service_entry.py --start 2026-02-06T05:00+00:00 --epoch 1770000000 \
        --speed 300 --sent sent.jsonl [--pause 0.02]

Settings come from the environment, as always. `epoch` is the machine's time at which the
clock shows `start`: a process started later joins the same morning where it is by then.
"""

import argparse
import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.app import opened
from bot.logs import configure
from bot.service import Service
from bot.settings import load
from storage.models import Part, Platform


@dataclass(frozen=True, slots=True)
class FastClock:
    """Runs `speed` times as fast as the machine's, from a given start."""

    start: datetime
    epoch: float
    speed: float

    def now(self) -> datetime:
        elapsed = datetime.now(UTC).timestamp() - self.epoch
        return self.start + timedelta(seconds=elapsed * self.speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)

    def wall(self, moment: datetime) -> datetime:
        elapsed = (moment - self.start).total_seconds() / self.speed
        return datetime.fromtimestamp(self.epoch + elapsed, UTC)


@dataclass(frozen=True, slots=True)
class Recorder:
    """A platform that keeps what it is sent on disk, and takes a moment to say so."""

    file: Path
    pause: float

    async def turn(self, address: str) -> None:
        """Anything may go at once."""

    async def send(self, part: Part) -> str | None:
        line = {"part": part.key, "chat": part.chat, "text": part.payload + (part.card or "")}
        number = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(number, json.dumps(line).encode() + b"\n")
            os.fsync(number)
        finally:
            os.close(number)
        await asyncio.sleep(self.pause)
        return None


async def serve(options: argparse.Namespace) -> None:
    clock = FastClock(options.start, options.epoch, options.speed)
    settings = load()
    configure(settings.log_file)
    messengers = {Platform.TERMINAL: Recorder(options.sent, options.pause)}
    async with opened(settings, clock=clock, messengers=messengers) as app:
        service = Service(app, clock)
        service.stop_on_signals()
        print("ready", flush=True)  # noqa: T201 -- the test waits for it
        await service.run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", type=datetime.fromisoformat, required=True)
    parser.add_argument("--epoch", type=float, required=True)
    parser.add_argument("--speed", type=float, required=True)
    parser.add_argument("--sent", type=Path, required=True)
    parser.add_argument("--pause", type=float, default=0.02)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
