"""The loopback Slack as a process of its own, for the benchmarks."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TESTS = Path(__file__).resolve().parents[1] / "tests"
TOKEN, APP_TOKEN = "xoxb-invented-for-tests", "xapp-invented-for-tests"


@dataclass(frozen=True, slots=True)
class SlackWorld:
    """The process and its remote control (see `tests/slack_control.py`)."""

    url: str
    client: httpx.AsyncClient

    @property
    def api_url(self) -> str:
        """As the settings want it."""
        return f"{self.url}/api"

    async def order(self, name: str, **values: Any) -> dict[str, Any]:
        answer = await self.client.post(f"{self.url}/control/{name}", json=values)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def slack_world() -> AsyncIterator[SlackWorld]:
    """Slack's rates hold."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(TESTS / "slack_server.py"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            yield SlackWorld(url, client)
    finally:
        process.kill()
        await process.wait()
