"""The bot on Telegram: built once, connected while the service runs.

Telegram is asked for updates (polling) or calls us (webhook). The library's loops and its rate
limiter stay out of use: an ending bot must know what is unanswered, and `bot.pacing` knows the
limits for parts and answers together.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from hmac import compare_digest
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.commands.dispatch import Commands
from bot.commands.shorthand import Shorthand
from bot.endpoint import Endpoint
from bot.pacing import Pacer, Turnstile
from bot.telegram import menus
from bot.telegram.answering import Answers
from bot.telegram.client import Connection, Webhook, client, hang_up
from bot.telegram.conversation import Conversation, Rules
from bot.telegram.failures import seconds_asked
from bot.telegram.inbox import Inbox
from bot.telegram.messenger import TelegramMessenger
from jobs.ports import Clock
from storage.errors import UserError
from storage.models import Platform

R = TypeVar("R")

POLL = timedelta(seconds=30)
FIRST_AGAIN, LAST_AGAIN = 1.0, 60.0
"""Seconds between two tries to reach Telegram."""
SETTLED = timedelta(minutes=1)
"""A conflict within this time of the start means that another poller was first."""
PATIENCE = 3.0
"""Seconds for which an ending bot finishes what it was asked."""
GOODBYE = 1.0
"""Seconds for the last word to Telegram: which updates were taken."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a name
UPDATES = ["message", "callback_query", "my_chat_member"]

log = structlog.get_logger()


class Telegram:
    """One bot. `messenger` delivers parts; `listen` answers people."""

    def __init__(
        self,
        connection: Connection,
        commands: Commands,
        shorthand: Shorthand,
        clock: Clock,
        rules: Rules,
        *,
        endpoint: Endpoint,
        kept: Path,
        greet: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`endpoint` is where a webhook arrives, `kept` the file for unanswered updates.

        `greet` is told the bot's name.
        """
        self._webhook = webhook = connection.webhook
        self._endpoint = endpoint
        self._greet = greet
        self._commands = commands
        self._clock = clock
        self._bot = bot = client(connection)
        turnstile = Turnstile(Pacer(), clock)
        self.messenger = TelegramMessenger(bot, turnstile)
        self._answers = answers = Answers(bot, turnstile, shorthand, clock)
        self._conversation = Conversation(bot, commands, answers, shorthand, clock, rules=rules)
        self._inbox = Inbox(self._answer, kept)
        self._offset = 0
        if webhook is not None:
            endpoint.add(urlsplit(webhook.url).path or "/", self._called)

    async def listen(self) -> None:
        """Answer people until cancelled.

        Raises UserError for a wrong token, or when another program polls for this bot.
        """
        await self._insist(self._bot.initialize)
        self._greet(self._bot.username)
        await self._commands.rooms.judge_again(Platform.TELEGRAM)
        await self._publish_menus()
        self._inbox.take_kept(self._bot)
        try:
            if self._webhook is None:
                await self._poll()
            else:
                await self._be_called(self._webhook)
        finally:
            await self._end()

    async def close(self) -> None:
        """Give the connections back."""
        await hang_up(self._bot)

    async def _insist(self, call: Callable[[], Awaitable[R]]) -> R:
        """Call Telegram until it answers. Raises UserError for a wrong token."""
        wait = FIRST_AGAIN
        while True:
            try:
                return await call()
            except InvalidToken:
                raise UserError("connecting.bad_token") from None  # its message has the token
            except RetryAfter as error:
                wait = seconds_asked(error).total_seconds()
            except TelegramError as error:
                log.warning("Telegram is out of reach", reason=error.message, again_in=wait)
            await self._clock.sleep(wait)
            wait = min(2 * wait, LAST_AGAIN)

    async def _publish_menus(self) -> None:
        try:
            await menus.publish(self._bot)
        except TelegramError as error:
            log.warning("menus not set", reason=error.message)

    async def _poll(self) -> None:
        """Ask for updates, for ever. Another poller ends us if it was first."""
        await self._insist(self._bot.delete_webhook)
        started = self._clock.now()

        async def ask() -> tuple[Update, ...]:
            try:
                return await self._bot.get_updates(
                    self._offset, timeout=POLL, allowed_updates=UPDATES
                )
            except Conflict:
                if self._clock.now() - started < SETTLED:
                    raise UserError("connecting.two_pollers") from None
                raise

        while True:
            for update in await self._insist(ask):
                self._inbox.take(update)
                self._offset = update.update_id + 1

    async def _be_called(self, webhook: Webhook) -> None:
        """Let Telegram call until cancelled. Raises UserError for a URL that it won't call."""
        await self._endpoint.open()

        async def ask() -> None:
            try:
                await self._bot.set_webhook(
                    webhook.url, secret_token=webhook.secret, allowed_updates=UPDATES
                )
            except BadRequest as error:
                raise UserError("settings.wrong", **_webhook_refused(error.message)) from error

        await self._insist(ask)
        await asyncio.Event().wait()

    async def _called(self, request: web.Request) -> web.Response:
        """One update by webhook, from nobody but Telegram."""
        assert self._webhook is not None  # noqa: S101 -- nobody else has added this route
        shown = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(shown.encode(), self._webhook.secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(await request.json(), self._bot)
        except (ValueError, LookupError, TypeError, AttributeError):
            return web.Response(status=400)
        self._inbox.take(update)
        return web.Response()

    async def _end(self) -> None:
        """Hear nothing more, answer what was asked, keep what that takes too long for."""
        if self._webhook is not None:
            await self._endpoint.close()
        await asyncio.gather(self._confirm(), self._inbox.end(self._bot, PATIENCE))
        await self._answers.following.end()

    async def _confirm(self) -> None:
        """Say which updates were taken, so that they do not come again."""
        if self._offset:
            with suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self._bot.get_updates(self._offset, timeout=0, limit=1)

    async def _answer(self, update: Update) -> None:
        """Answer one update; raises nothing."""
        try:
            await self._hear(update)
        except Exception:
            log.exception("update failed")
            await self._conversation.on_defect(update)

    async def _hear(self, update: Update) -> None:
        if update.message is not None:
            await self._conversation.on_message(update.message)
        elif update.callback_query is not None:
            await self._conversation.on_tap(update.callback_query)
        elif update.my_chat_member is not None:
            await self._conversation.on_membership(update.my_chat_member)


def _webhook_refused(reason: str) -> dict[str, str]:
    name = "TELEGRAM_WEBHOOK_URL"
    return {"name": name, "reason": reason, "example": f"{name}=https://bot.example.org/telegram"}
