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
from storage.errors import UserError
from storage.models import Platform

if TYPE_CHECKING:
    from bot.slack.client import Connection as SlackConnection
    from bot.telegram.client import Connection


@asynccontextmanager
async def connected(app: App, tell: Callable[[str], None]) -> AsyncIterator[App]:
    """The app with every platform that has a token. `tell` gets lines for who started it."""
    endpoint = Endpoint(app.settings.http_host, app.settings.http_port)
    async with AsyncExitStack() as stack:
        if app.settings.telegram_token is not None:
            app = _with_telegram(app, endpoint, tell, stack)
        if app.settings.slack_token is not None:
            app = _with_slack(app, endpoint, tell, stack)
        yield app


def _with_telegram(
    app: App, endpoint: Endpoint, tell: Callable[[str], None], stack: AsyncExitStack
) -> App:
    from bot.telegram.adapter import Telegram  # noqa: PLC0415 -- only who has a token waits for it
    from bot.telegram.conversation import Rules  # noqa: PLC0415

    def greet(username: str) -> None:
        lang = app.settings.lang
        tell(say("connecting.ready", lang, platform="Telegram", name=f"@{username}"))
        if app.claim is not None:
            link = f"https://t.me/{username}?start=claim_{app.claim.code}"
            tell(say("connecting.claim", lang, link=link, code=app.claim.code))

    telegram = Telegram(
        telegram_connection(app.settings),
        app.commands,
        Shorthand(app.db, app.clock),
        app.clock,
        Rules(admins_only=app.settings.telegram_admins_only),
        endpoint=endpoint,
        kept=app.settings.beside("telegram-updates"),
        greet=greet,
    )
    stack.push_async_callback(telegram.close)
    return replace(
        app,
        messengers={**app.messengers, Platform.TELEGRAM: telegram.messenger},
        listeners=(*app.listeners, telegram),
    )


def _with_slack(
    app: App, endpoint: Endpoint, tell: Callable[[str], None], stack: AsyncExitStack
) -> App:
    from bot.slack.adapter import Slack  # noqa: PLC0415 -- only who has a token waits for it
    from bot.slack.conversation import Rules  # noqa: PLC0415

    def greet(name: str) -> None:
        lang = app.settings.lang
        tell(say("connecting.ready", lang, platform="Slack", name=f"@{name}"))
        if app.claim is not None:
            tell(say("connecting.claim_slack", lang, code=app.claim.code))

    def complain(error: UserError) -> None:
        tell(say(error.key, app.settings.lang, **error.values))

    slack = Slack(
        slack_connection(app.settings),
        app.commands,
        app.clock,
        Rules(anyone_manages=app.settings.slack_anyone_manages),
        endpoint=endpoint,
        kept=app.settings.beside("slack-updates"),
        greet=greet,
        complain=complain,
    )
    stack.push_async_callback(slack.close)
    return replace(
        app,
        messengers={**app.messengers, Platform.SLACK: slack.messenger},
        listeners=(*app.listeners, slack),
    )


def slack_connection(settings: Settings) -> "SlackConnection":
    """How the settings want Slack reached. Only where there is a token."""
    from bot.slack.client import Connection  # noqa: PLC0415

    assert settings.slack_token is not None  # noqa: S101 -- the caller looked
    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    return Connection(
        bot_token=settings.slack_token.get_secret_value(),
        app_token=app_token.get_secret_value() if app_token else None,
        signing_secret=secret.get_secret_value() if secret else None,
        api_url=settings.slack_api_url,
        proxy=settings.slack_proxy,
        verify_posts=settings.slack_verify_posts,
    )


def telegram_connection(settings: Settings) -> "Connection":
    """How the settings want Telegram reached. Only where there is a token."""
    from bot.telegram.client import Connection, Webhook  # noqa: PLC0415

    assert settings.telegram_token is not None  # noqa: S101 -- the caller looked
    webhook = None
    if settings.telegram_webhook_url and settings.telegram_webhook_secret:
        secret = settings.telegram_webhook_secret.get_secret_value()
        webhook = Webhook(settings.telegram_webhook_url, secret)
    return Connection(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        proxy=settings.telegram_proxy,
        webhook=webhook,
    )
