"""The library's client of Telegram's server, and whether a request of it ever left.

The environment's proxies are not looked at; no call is made here.
"""

import asyncio
import logging
import os
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

READ_TIMEOUT = 20.0
"""Seconds without an answer after which it is unknown whether a message arrived."""
PATIENCE = 3
"""A request ends after so many times that."""
CONNECTIONS = 64

_LEAVES = "http11.send_request_headers.started"
_GREETING = "socks.setup_socks5_connection"
_LEFT = "left"
_asked: ContextVar[httpx.Request | None] = ContextVar("_asked", default=None)


@dataclass(frozen=True, slots=True)
class Webhook:
    """How Telegram calls us."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Telegram, and as which bot."""

    token: str
    api_url: str
    proxy: str | None = None
    webhook: Webhook | None = None
    """None: Telegram is asked for updates."""
    read_timeout: float = READ_TIMEOUT


def client(connection: Connection) -> Bot:
    """A bot that has not spoken yet."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # as the library will have it for all
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # what it logs, it raises as well
    return Bot(
        connection.token,
        base_url=f"{connection.api_url}/bot",
        base_file_url=f"{connection.api_url}/file/bot",
        request=_request(connection, CONNECTIONS),
        get_updates_request=_request(connection, 1),
    )


async def hang_up(bot: Bot) -> None:
    """Give the connections back, those of a bot that never got through, too."""
    for request in bot._request:  # noqa: SLF001 -- Bot.shutdown passes over those
        await request.shutdown()


def has_left(error: httpx.HTTPError) -> bool:
    """Whether any of the request that failed may have reached Telegram.

    Neither a connection that was never made nor a proxy that never got through took it along.
    """
    try:
        request = error.request
    except RuntimeError:  # it names none
        return True
    return bool(request.extensions.get(_LEFT))


class _Request(HTTPXRequest):
    """Ends at some time, whatever holds it up: the greeting of a SOCKS proxy has no limit."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """See HTTPXRequest; the same with an end."""
        read = kwargs.get("read_timeout")
        longest = PATIENCE * (read if isinstance(read, int | float) else self.read_timeout or 0)
        _asked.set(None)
        try:
            async with asyncio.timeout(longest):
                return await super().do_request(*args, **kwargs)
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001 -- our end, what a proxy said: httpx has no word
            word = type(error).__name__
            raise NetworkError(word) from httpx.TransportError(word, request=_asked.get())


def _request(connection: Connection, connections: int) -> HTTPXRequest:
    return _Request(
        connection_pool_size=connections,
        read_timeout=connection.read_timeout,
        pool_timeout=connection.read_timeout,
        proxy=connection.proxy,
        httpx_kwargs={"trust_env": False, "event_hooks": {"request": [_watch]}},
    )


async def _watch(request: httpx.Request) -> None:
    """Note in the request when it begins to leave; a word with the proxy is not it."""
    _asked.set(request)

    greeted: list[httpcore.AsyncNetworkStream] = []

    async def trace(event: str, about: Mapping[str, Any]) -> None:
        if event == _LEAVES and about["request"].method != b"CONNECT":
            request.extensions[_LEFT] = True
        elif event == f"{_GREETING}.started":
            greeted.append(about["stream"])
        elif event == f"{_GREETING}.failed":  # httpcore leaves it open
            await greeted.pop().aclose()

    request.extensions["trace"] = trace
