"""A whole paperround on the loopback Slack, with an invented arXiv and a clock that is set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from digest_stage import Announcer, at
from slack_server import SlackServer
from telegram_stage import CATEGORIES, TUESDAY, SetClock
from telegram_stage import Stage as BareStage

from bot.app import opened
from bot.platforms import connected
from bot.settings import Settings


class Stage(BareStage):
    """One running paperround and the Slack around it."""


@asynccontextmanager
async def slack_stage(
    folder: Path,
    *,
    settings: dict[str, Any] | None = None,
    server: SlackServer | None = None,
    admin: str = "",
) -> AsyncIterator[Stage]:
    """A paperround that listens; ended again. `admin` is a user's id."""
    clock, lines = SetClock(at(TUESDAY, 6)), []
    async with server or SlackServer() as slack:
        known = Settings(
            **{
                "PAPERROUND_DATABASE": folder / "paperround.db",
                "PAPERROUND_CATEGORIES": ",".join(CATEGORIES),
                "PAPERROUND_ADMINS": admin,
                "PAPERROUND_OPEN": not admin,
                "SLACK_BOT_TOKEN": slack.token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.base_url.rstrip("/"),
                **(settings or {}),
            }
        )
        async with (
            opened(known, clock=clock, source=Announcer()) as local,
            connected(local, lines.append) as app,
        ):
            listening = [asyncio.create_task(each.listen()) for each in app.listeners]
            try:
                await _ready(slack, listening)
                yield Stage(slack, app, clock, lines)
            finally:
                for task in listening:
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)


async def _ready(slack: SlackServer, listening: list["asyncio.Task[None]"]) -> None:
    """Wait until the app is connected, or has ended before."""
    connected = asyncio.create_task(slack.sockets.connected(1))
    done, _ = await asyncio.wait([connected, *listening], timeout=10, return_when="FIRST_COMPLETED")
    connected.cancel()
    assert done, "the app does not connect"
