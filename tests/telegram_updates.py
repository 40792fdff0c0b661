"""The bot's updates: kept until confirmed, given by long polling or posted to a webhook."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from telegram_refusals import conflict
from telegram_waiting import Bell

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only when it asks for them."""


@dataclass(slots=True)
class Update:
    """One update; `chat` is where it comes from."""

    id: int
    chat: int
    kind: str
    content: dict[str, Any]
    tries: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.content}


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    last_error: tuple[int, str] | None = None


class Updates:
    """The queue. `handed` is told each update when the bot first gets it."""

    def __init__(self, bell: Bell, retry: float = 0.05) -> None:
        self.bell = bell
        self.pending: list[Update] = []
        self.allowed: frozenset[str] = frozenset()
        """The kinds that the bot asked for; empty: the usual ones."""
        self.webhook = Webhook()
        self.polling = False
        """Whether the bot waits for updates at this moment."""
        self.handed: Callable[[Update], None] = lambda _: None
        self.reached_at: Callable[[str], str] = str
        """Where a webhook's address is, seen from here: nobody has https on the loopback."""
        self._next = 100_001
        self._retry = retry
        self._polls = 0
        self._closing = False
        self._poster: asyncio.Task[None] | None = None

    def put(self, chat: int, kind: str, content: dict[str, Any]) -> None:
        if kind in self.allowed or (not self.allowed and kind not in UNASKED):
            self.pending.append(Update(self._next, chat, kind, content))
            self._next += 1
            self.bell.ring()

    def allow(self, kinds: list[str] | None) -> None:
        """The kinds asked for; None leaves them as they were."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    async def poll(self, offset: int, limit: int, within: float) -> list[dict[str, Any]]:
        """The next updates, waited for; a later poll ends this one with a conflict."""
        if self.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._polls += 1
        mine, until = self._polls, asyncio.get_running_loop().time() + min(within, 50)
        self._confirm(offset)
        self.bell.ring()
        self.polling = True
        try:
            while not self.pending and not self._closing and self._polls == mine:
                async with asyncio.timeout_at(until):
                    await self.bell.rung()
        except TimeoutError:
            pass
        finally:
            self.polling = self.polling and self._polls != mine
        if self._polls != mine:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        return [self._hand(each) for each in self.pending[: limit if 1 <= limit <= 100 else 100]]

    def set_webhook(self, webhook: Webhook) -> None:
        self.webhook = webhook
        self._stop_posting()
        if webhook.url:
            self._poster = asyncio.get_running_loop().create_task(self._post_all())

    async def close(self) -> None:
        self._closing = True
        self.bell.ring()
        if poster := self._stop_posting():
            await asyncio.gather(poster, return_exceptions=True)

    def _stop_posting(self) -> asyncio.Task[None] | None:
        stopped, self._poster = self._poster, None
        if stopped:
            stopped.cancel()
        return stopped

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [each for each in self.pending if each.id >= offset]

    def _hand(self, update: Update) -> dict[str, Any]:
        if not update.tries:
            self.handed(update)
        update.tries += 1
        return update.to_json()

    async def _post_all(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                while not self.pending:
                    await self.bell.rung()
                update = self.pending[0]
                if problem := await self._post(session, update):
                    self.webhook.last_error = (int(time.time()), problem)
                    self.bell.ring()
                    await asyncio.sleep(self._retry * min(update.tries, 20))
                    continue
                self.pending = [each for each in self.pending if each is not update]
                self.bell.ring()

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> str:
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        body = json.dumps(self._hand(update)).encode()
        try:
            url = self.reached_at(self.webhook.url)
            async with session.post(url, data=body, headers=headers) as response:
                if response.ok:
                    return ""
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except aiohttp.ClientError as error:
            return f"Connection failed: {type(error).__name__}"
