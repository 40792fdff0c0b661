"""The SDK's client of Slack's Web API: one session, no resending, no surprise route.

The SDK's own resend after a reset could post twice, and it takes proxies from the environment:
both are off. Proxies, http or socks5, belong to the session's connector.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.failures import asked_to_wait
from jobs.ports import Clock

TIMEOUT = 30.0
"""Seconds without an answer after which it is unknown whether a post arrived."""
POSTING = "chat.postMessage"
"""Limited by channel; every other method by workspace."""
LONGEST_REST = timedelta(seconds=20)
"""A method that is to rest for longer is an error to who calls it."""


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
    timeout: float = TIMEOUT


def open_session(connection: Connection) -> aiohttp.ClientSession:
    """The HTTP session of everything that goes to Slack. Needs a running loop."""
    within = connection.timeout
    return aiohttp.ClientSession(
        connector=_connector(connection.proxy),
        timeout=aiohttp.ClientTimeout(total=within, connect=within / 3),
    )


class WebClient(AsyncWebClient):
    """Calls methods, each once."""

    def __init__(self, connection: Connection, session: aiohttp.ClientSession) -> None:
        super().__init__(
            connection.bot_token,
            base_url=f"{connection.api_url}/",
            session=session,
            retry_handlers=[],
        )
        self.proxy = None  # where none is given, it looks into the environment

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        """Call a method. Raises one of `failures.FAILURES`."""
        try:
            return await super().api_call(api_method, **call)
        except (AttributeError, ValueError) as error:  # the SDK expects a JSON object
            raise SlackClientError("not an answer of Slack's") from error


class ConsiderateClient(WebClient):
    """Lets a method that was answered with 429 rest until its time; the others go on."""

    def __init__(
        self, connection: Connection, session: aiohttp.ClientSession, clock: Clock
    ) -> None:
        super().__init__(connection, session)
        self._clock = clock
        self._rests: dict[str, tuple[datetime, SlackApiError]] = {}

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        """Call a method; after a 429 once more, when its time has come."""
        if api_method == POSTING:
            return await super().api_call(api_method, **call)
        await self._rested(api_method)
        try:
            return await super().api_call(api_method, **call)
        except SlackApiError as error:
            asked = asked_to_wait(error)
            if asked is None:
                raise
            self._rests[api_method] = self._clock.now() + asked, error
        await self._rested(api_method)
        return await super().api_call(api_method, **call)

    async def _rested(self, method: str) -> None:
        """Wait for its time. Raises the 429 again where that is too long."""
        while method in self._rests:
            until, error = self._rests[method]
            left = until - self._clock.now()
            if left > LONGEST_REST:
                raise error
            if left <= timedelta(0):
                del self._rests[method]
            else:
                await self._clock.sleep(left.total_seconds())


def _connector(proxy: str | None) -> aiohttp.BaseConnector:
    if proxy is None:
        return aiohttp.TCPConnector()
    from bot.slack.by_proxy import ByProxy  # noqa: PLC0415 -- only who has a proxy needs it

    return ByProxy.from_url(proxy.replace("socks5h://", "socks5://"))
