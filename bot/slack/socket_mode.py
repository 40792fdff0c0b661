"""Socket Mode: what Slack sends over a WebSocket that we open, each envelope acknowledged there.

A connection that is to end is replaced before it does. The SDK's own client stays out of use:
after a lost network it tries an address again that is good for one connection only, and what it
began outlives its end.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import APP_TOKEN_WRONG, FAILURES, asked_to_wait, code_of
from jobs.ports import Clock
from storage.errors import UserError

HEARTBEAT = 10.0
"""Seconds between two signs of life; a connection without an answer is given up."""
CLOSING = aiohttp.ClientWSTimeout(ws_close=0.5)
SETTLED = timedelta(seconds=30)
"""A connection that ends before that is not replaced at once."""
LAST_AGAIN = 60.0
"""Seconds between two tries, at the most."""
ACKNOWLEDGED = 0.5
"""Seconds within which what was heard at the end is acknowledged."""
POLITE = frozenset({"warning", "refresh_requested"})
"""Why Slack replaces a connection that is all right."""

log = structlog.get_logger()

Json = dict[str, Any]
Take = Callable[[Json], Awaitable[Json | None]]
"""Takes a payload; returns what the acknowledgement carries, None for no acknowledgement."""


@dataclass(slots=True, eq=False)
class _Link:
    """One WebSocket."""

    socket: aiohttp.ClientWebSocketResponse
    leaves: asyncio.Event = field(default_factory=asyncio.Event)
    """It ends, or is about to."""
    reason: str = ""


class SocketMode:
    """The connections of one app: one, or two while one replaces the other."""

    def __init__(
        self,
        client: AsyncWebClient,
        app_token: str,
        take: Take,
        clock: Clock,
        *,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self._heartbeat = heartbeat
        self._client = client
        self._app_token = app_token
        self._take = take
        self._clock = clock
        self._tries = 0
        self._newest: _Link | None = None
        self._links: dict[_Link, asyncio.Task[None]] = {}
        self._taking: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Connect, again and again while Slack is out of reach.

        Raises UserError for a token that Slack does not take.
        """
        while True:
            await self._clock.sleep(_pause(self._tries))
            self._tries += 1
            try:
                link = _Link(await self._connected())
            except FAILURES as error:
                await self._bear(error)
            else:
                self._newest = link
                self._links[link] = asyncio.create_task(self._listen(link))
                return

    async def run(self) -> None:
        """Replace each connection when it leaves, for ever. Raises as `open` does."""
        while (link := self._newest) is not None:
            since = self._clock.now()
            await link.leaves.wait()
            log.info("Socket Mode reconnects", reason=link.reason or "lost")
            if link.reason in POLITE or self._clock.now() - since > SETTLED:
                self._tries = 0
            await self.open()

    async def end(self) -> None:
        """Hear nothing more; what was heard is acknowledged."""
        await _cancelled(self._links.values())
        if self._taking:
            await asyncio.wait(self._taking, timeout=ACKNOWLEDGED)
        await _cancelled(self._taking)
        await asyncio.gather(*(link.socket.close() for link in self._links))
        self._links.clear()

    async def _connected(self) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket at an address of its own: each is good for one."""
        answer = await self._client.apps_connections_open(app_token=self._app_token)
        assert self._client.session is not None  # noqa: S101 -- given when it was made
        return await self._client.session.ws_connect(
            answer["url"], heartbeat=self._heartbeat, timeout=CLOSING
        )

    async def _bear(self, error: Exception) -> None:
        """Tell of a connection that did not come about, and wait as long as Slack asks."""
        if not isinstance(error, SlackApiError):
            # The error's own words have the address, which is a secret.
            log.warning("Socket Mode is out of reach", reason=type(error).__name__)
            return
        code = code_of(error)
        if code in APP_TOKEN_WRONG:
            raise UserError("connecting.slack_app_token", code=code) from error
        log.warning("Socket Mode is out of reach", reason=code)
        if asked := asked_to_wait(error):
            await self._clock.sleep(asked.total_seconds())

    async def _listen(self, link: _Link) -> None:
        """Hear what comes until the connection ends."""
        try:
            async for message in link.socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(link, _read(message.data))
        finally:
            link.leaves.set()
        await link.socket.close()
        del self._links[link]

    def _hear(self, link: _Link, message: Json) -> None:
        if message.get("type") == "disconnect":
            link.reason = str(message.get("reason"))
            link.leaves.set()
        elif "envelope_id" in message:
            task = asyncio.create_task(self._acknowledge(link, message))
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

    async def _acknowledge(self, link: _Link, envelope: Json) -> None:
        """Have it taken and say so; where that is lost, Slack sends it again."""
        answer = await self._take(envelope.get("payload") or {})
        if answer is None:
            return
        said = {"envelope_id": envelope["envelope_id"]} | ({"payload": answer} if answer else {})
        try:
            await link.socket.send_json(said)
        except (ConnectionError, aiohttp.ClientError):
            log.info("acknowledgement lost")


def _read(text: str) -> Json:
    """A message; empty where it is none."""
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _pause(tries: int) -> float:
    """Seconds before the next try, after so many that came to nothing."""
    return min(2.0 ** (tries - 1), LAST_AGAIN) if tries else 0.0


async def _cancelled(tasks: Collection[asyncio.Task[None]]) -> None:
    """End tasks, and wait until they have."""
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
