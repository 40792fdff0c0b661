"""A loopback platform as a process of its own, with its remote control; a clock that runs fast."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

TESTS = Path(__file__).resolve().parents[1] / "tests"
TELEGRAM_SERVER, SLACK_SERVER = "telegram_server.py", "slack_server.py"
TELEGRAM_TOKEN = "4200000001:invented-for-tests-and-good-nowhere"
SLACK_TOKEN, SLACK_APP_TOKEN = "xoxb-invented-for-tests", "xapp-invented-for-tests"
TICK = 0.05
LISTENING = 10.0
"""Seconds until which the bot listens."""


@dataclass(frozen=True, slots=True)
class FastClock:
    """Runs `speed` times as fast as the machine's; sleeping is as much shorter."""

    speed: float
    start: datetime = datetime(2026, 4, 1, 4, 10, tzinfo=UTC)
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)

    def wall(self, moment: datetime) -> datetime:
        return datetime.now(UTC) + (moment - self.now()) / self.speed


@dataclass(frozen=True, slots=True)
class Loopback:
    """The process and its remote control (see `tests/*_control.py`)."""

    url: str
    client: httpx.AsyncClient

    async def order(self, name: str, **values: Any) -> dict[str, Any]:
        answer = await self.client.post(f"{self.url}/control/{name}", json=values)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def called(self, method: str) -> None:
        """Wait until the bot has called this method: it listens."""
        for _ in range(int(LISTENING / TICK)):
            if (await self.order("reading"))["calls"].get(method):
                return
            await asyncio.sleep(TICK)
        raise TimeoutError("the bot does not listen")


@asynccontextmanager
async def loopback(server: str, speed: float = 1.0) -> AsyncIterator[Loopback]:
    """The platform's limits hold on a clock that runs `speed` times as fast."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(TESTS / server),
        "--speed",
        str(speed),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            yield Loopback(url, client)
    finally:
        process.kill()
        await process.wait()
