"""The chat platforms that the settings name, joined to an opened app while a service runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.app import App
from bot.commands.shorthand import Shorthand
from bot.endpoint import Endpoint
from bot.settings import Settings
from formatters.catalogue import say
from storage.models import Platform

if TYPE_CHECKING:
    from bot.telegram.adapter import Connection


@asynccontextmanager
async def connected(app: App, tell: Callable[[str], None]) -> AsyncIterator[App]:
    """The app with every platform that has a token. `tell` gets lines for who started it."""
    async with AsyncExitStack() as stack:
        if app.settings.telegram_token is not None:
            app = await _with_telegram(app, tell, stack)
        yield app


async def _with_telegram(app: App, tell: Callable[[str], None], stack: AsyncExitStack) -> App:
    from bot.telegram.adapter import Telegram  # noqa: PLC0415 -- only who has a token waits for it
    from bot.telegram.conversation import Rules  # noqa: PLC0415

    def greet(username: str) -> None:
        lang = app.settings.lang
        tell(say("connecting.ready", lang, platform="Telegram", name=f"@{username}"))
        if app.claim is not None:
            link = f"https://t.me/{username}?start=claim_{app.claim.code}"
            tell(say("connecting.claim", lang, link=link, code=app.claim.code))

    endpoint = Endpoint(app.settings.http_host, app.settings.http_port)
    telegram = Telegram(
        telegram_connection(app.settings, endpoint),
        app.commands,
        Shorthand(app.db, app.clock),
        app.clock,
        Rules(admins_only=app.settings.telegram_admins_only),
        greet=greet,
    )
    stack.push_async_callback(telegram.close)
    return replace(
        app,
        messengers={**app.messengers, Platform.TELEGRAM: telegram.messenger},
        listeners=(*app.listeners, telegram),
    )


def telegram_connection(settings: Settings, endpoint: Endpoint) -> "Connection":
    """How the settings want Telegram reached. Only where there is a token."""
    from bot.telegram.adapter import Connection, Webhook  # noqa: PLC0415

    assert settings.telegram_token is not None  # noqa: S101 -- the caller looked
    webhook = None
    if settings.telegram_webhook_url and settings.telegram_webhook_secret:
        secret = settings.telegram_webhook_secret.get_secret_value()
        webhook = Webhook(settings.telegram_webhook_url, secret, endpoint)
    return Connection(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        proxy=settings.telegram_proxy,
        webhook=webhook,
    )
