"""The loopback Telegram as a process of its own, for the benchmarks, and a clock that runs fast."""

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
TOKEN = "4200000001:invented-for-tests-and-good-nowhere"


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
class TelegramWorld:
    """The process and its remote control (see `tests/telegram_control.py`)."""

    api_url: str
    client: httpx.AsyncClient

    async def order(self, name: str, **values: Any) -> dict[str, Any]:
        answer = await self.client.post(f"{self.api_url}/control/{name}", json=values)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def telegram_world(speed: float = 1.0) -> AsyncIterator[TelegramWorld]:
    """Telegram's limits hold on a clock that runs `speed` times as fast."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(TESTS / "telegram_server.py"),
        "--speed",
        str(speed),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        api_url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            yield TelegramWorld(api_url, client)
    finally:
        process.kill()
        await process.wait()
