"""The SDK's client of Slack's Web API: one session, no resending, no surprise route.

The SDK's own resend after a reset could post twice, and it takes proxies from the environment:
both are off. Proxies, http or socks5, belong to the session's connector.
"""

from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
"""Seconds without an answer after which it is unknown whether a post arrived."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Slack, and as which app."""

    bot_token: str
    app_token: str | None
    """For Socket Mode; None: Slack calls us."""
    signing_secret: str | None
    """For calls by HTTP."""
    api_url: str
    proxy: str | None = None
    verify_posts: bool = False
    """Look a post up before it is sent once more; it needs the history scopes."""


def open_session(connection: Connection) -> aiohttp.ClientSession:
    """The HTTP session of everything that goes to Slack. Needs a running loop."""
    return aiohttp.ClientSession(connector=_connector(connection.proxy), timeout=TIMEOUT)


def web_client(connection: Connection, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client of the Web API on this session."""
    client = AsyncWebClient(
        connection.bot_token,
        base_url=f"{connection.api_url}/",
        session=session,
        retry_handlers=[],
    )
    client.proxy = None  # where none is given, it looks into the environment
    return client


def _connector(proxy: str | None) -> aiohttp.BaseConnector:
    if proxy is None:
        return aiohttp.TCPConnector()
    from aiohttp_socks import ProxyConnector  # noqa: PLC0415 -- only who has a proxy needs it

    return ProxyConnector.from_url(proxy.replace("socks5h://", "socks5://"))
