"""A whole paperround on the loopback Slack, with an invented arXiv and a clock that is set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from digest_stage import Announcer, at
from ports import free_port
from slack_server import SlackServer
from telegram_stage import CATEGORIES, TUESDAY, SetClock
from telegram_stage import Stage as BareStage

from bot.app import opened
from bot.platforms import connected
from bot.settings import Settings
from bot.slack.requirements import PATH
from jobs.ports import TextReader


class Stage(BareStage):
    """One running paperround and the Slack around it."""


@asynccontextmanager
async def slack_stage(
    folder: Path,
    *,
    settings: dict[str, Any] | None = None,
    server: AbstractAsyncContextManager[SlackServer] | None = None,
    admin: str = "",
    reader: TextReader | None = None,
    http: bool = False,
    clock: SetClock | None = None,
) -> AsyncIterator[Stage]:
    """A paperround that listens; ended again. `admin` is a user's id.

    `http`: Slack calls it, instead of Socket Mode.
    """
    clock, lines = clock or SetClock(at(TUESDAY, 6)), []
    port = free_port() if http else 0
    async with server or SlackServer() as slack:
        known = Settings(
            **{
                "PAPERROUND_DATABASE": folder / "paperround.db",
                "PAPERROUND_CATEGORIES": ",".join(CATEGORIES),
                "PAPERROUND_ADMINS": admin,
                "PAPERROUND_OPEN": not admin,
                "SLACK_BOT_TOKEN": slack.token,
                **_ears(slack, port),
                "SLACK_API_URL": slack.base_url.rstrip("/"),
                **(settings or {}),
            }
        )
        async with (
            opened(known, clock=clock, source=Announcer(), reader=reader) as local,
            connected(local, lines.append) as app,
        ):
            listening = [asyncio.create_task(each.listen()) for each in app.listeners]
            try:
                await _ready(slack, listening, port)
                yield Stage(slack, app, clock, lines)
            finally:
                for task in listening:
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)


def _ears(slack: SlackServer, port: int) -> dict[str, Any]:
    """How the app hears Slack: by HTTP where there is a port."""
    if not port:
        return {"SLACK_APP_TOKEN": slack.app_token}
    slack.by_http(f"http://127.0.0.1:{port}{PATH}")
    return {"SLACK_SIGNING_SECRET": slack.signing_secret, "PAPERROUND_HTTP_PORT": port}


async def _ready(slack: SlackServer, listening: list["asyncio.Task[None]"], port: int) -> None:
    """Wait until the app is connected or can be called, or has ended before."""
    hearing = asyncio.create_task(_called(slack) if port else slack.sockets.connected(1))
    done, _ = await asyncio.wait([hearing, *listening], timeout=10, return_when="FIRST_COMPLETED")
    hearing.cancel()
    assert done, "the app does not connect"


async def _called(slack: SlackServer) -> None:
    """Wait until the app answers."""
    while True:
        with suppress(aiohttp.ClientError):
            assert await slack.posts.verify_url()
            return
        await asyncio.sleep(0.01)
