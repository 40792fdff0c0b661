"""The bot on Telegram: built once, connected while the service runs.

Telegram is asked for updates (polling) or calls us (webhook). The library's own rate limiter
stays off: `bot.pacing` knows the limits for parts and answers together.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler
from telegram.request import HTTPXRequest

from bot.commands.dispatch import Commands
from bot.commands.shorthand import Shorthand
from bot.endpoint import Endpoint
from bot.pacing import Pacer, Turnstile
from bot.telegram import menus
from bot.telegram.answering import Answers
from bot.telegram.conversation import Conversation, InOrder, Rules
from bot.telegram.messenger import TelegramMessenger
from jobs.ports import Clock
from storage.errors import UserError
from storage.models import Platform

POLL = timedelta(seconds=30)
READ_TIMEOUT = 20.0
"""Seconds without an answer after which it is unknown whether a message arrived."""
CONNECTIONS = 64
FIRST_AGAIN, LAST_AGAIN = 1.0, 60.0
"""Seconds between two tries to reach Telegram at the start."""
SETTLED = timedelta(minutes=1)
"""A conflict within this time of the start means that another poller was first."""
PATIENCE = 3.0
"""Seconds for which an ending bot finishes what it was asked."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a name
UPDATES = ["message", "callback_query", "my_chat_member"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Webhook:
    """How Telegram calls us."""

    url: str
    secret: str
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Telegram, and as which bot."""

    token: str
    api_url: str
    proxy: str | None = None
    webhook: Webhook | None = None


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
        greet: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`greet` is told the bot's name once it is known."""
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # as the library will have it for all
        self._connection = connection
        self._greet = greet
        self._commands = commands
        self._clock = clock
        self._application = build(connection)
        bot = self._application.bot
        turnstile = Turnstile(Pacer(), clock)
        self.messenger = TelegramMessenger(bot, turnstile)
        answers = Answers(bot, turnstile, shorthand, clock)
        self._conversation = Conversation(bot, commands, answers, shorthand, clock, rules=rules)
        self._ended: asyncio.Future[None] | None = None
        if connection.webhook is not None:
            path = urlsplit(connection.webhook.url).path or "/"
            connection.webhook.endpoint.add(path, self._called)

    async def listen(self) -> None:
        """Answer people until cancelled.

        Raises UserError for a wrong token, or when another program polls for this bot.
        """
        self._ended = asyncio.get_running_loop().create_future()
        await self._reach()
        application = self._application
        application.add_handler(TypeHandler(Update, self._on_update))
        application.add_error_handler(self._on_error)
        self._greet(application.bot.username)
        await self._commands.rooms.judge_again(Platform.TELEGRAM)
        await self._publish_menus()
        await application.start()
        try:
            await self._open_ears()
            await self._ended
        finally:
            await self._end()

    async def close(self) -> None:
        """Give the connections back."""
        await self._application.shutdown()
        for request in self._application.bot._request:  # noqa: SLF001 -- shut down only if initialized
            await request.shutdown()

    async def _reach(self) -> None:
        """Ask who we are, again and again while Telegram is out of reach."""
        wait = FIRST_AGAIN
        while True:
            try:
                await self._application.initialize()
            except InvalidToken as error:
                raise UserError("connecting.bad_token") from error
            except TelegramError as error:
                log.warning("Telegram is out of reach", reason=error.message, again_in=wait)
                await self._clock.sleep(wait)
                wait = min(2 * wait, LAST_AGAIN)
            else:
                return

    async def _publish_menus(self) -> None:
        try:
            await menus.publish(self._application.bot)
        except TelegramError as error:
            log.warning("menus not set", reason=error.message)

    async def _open_ears(self) -> None:
        webhook = self._connection.webhook
        if webhook is None:
            await self._poll()
            return
        await webhook.endpoint.open()
        await self._application.bot.set_webhook(
            webhook.url, secret_token=webhook.secret, allowed_updates=UPDATES
        )

    async def _poll(self) -> None:
        updater = self._application.updater
        assert updater is not None  # noqa: S101 -- the builder made one
        started = self._clock.now()

        def failed(error: TelegramError) -> None:
            self._poll_failed(error, settled=self._clock.now() - started > SETTLED)

        await updater.start_polling(
            timeout=POLL, bootstrap_retries=-1, allowed_updates=UPDATES, error_callback=failed
        )

    async def _called(self, request: web.Request) -> web.Response:
        """One update by webhook, from nobody but Telegram."""
        webhook = self._connection.webhook
        shown = request.headers.get(SECRET_HEADER, "")
        if webhook is None or not compare_digest(shown.encode(), webhook.secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(await request.json(), self._application.bot)
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400)
        await self._application.update_queue.put(update)
        return web.Response()

    def _poll_failed(self, error: TelegramError, *, settled: bool) -> None:
        """Another poller ends us if it was first; anything else passes."""
        log.warning("polling failed", reason=error.message)
        if self._ended is None or self._ended.done():
            return
        if isinstance(error, Conflict) and not settled:
            self._ended.set_exception(UserError("connecting.two_pollers"))
        elif isinstance(error, InvalidToken):
            self._ended.set_exception(UserError("connecting.bad_token"))

    async def _end(self) -> None:
        """Hear nothing more, and answer what was asked."""
        application, webhook = self._application, self._connection.webhook
        try:
            async with asyncio.timeout(PATIENCE):
                if webhook is not None:
                    await webhook.endpoint.close()
                elif application.updater is not None and application.updater.running:
                    await application.updater.stop()
                await application.stop()
        except TimeoutError:
            log.warning("ended with commands unanswered")

    async def _on_update(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            await self._conversation.on_message(update.message)
        elif update.callback_query is not None:
            await self._conversation.on_tap(update.callback_query)
        elif update.my_chat_member is not None:
            await self._conversation.on_membership(update.my_chat_member)

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        log.error("update failed", exc_info=context.error)
        await self._conversation.on_defect(update)


def build(connection: Connection) -> Application:  # type: ignore[type-arg]
    """The library's application, without network."""
    return (
        ApplicationBuilder()
        .token(connection.token)
        .base_url(f"{connection.api_url}/bot")
        .base_file_url(f"{connection.api_url}/file/bot")
        .request(_request(connection, CONNECTIONS))
        .get_updates_request(_request(connection, 1))
        .concurrent_updates(InOrder())
        .job_queue(None)
        .build()
    )


def _request(connection: Connection, connections: int) -> HTTPXRequest:
    """A client of ours: the environment's proxies are not looked at."""
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=READ_TIMEOUT,
        pool_timeout=READ_TIMEOUT,
        proxy=connection.proxy,
        httpx_kwargs={"trust_env": False},
    )
