"""The way to Slack through a proxy, http or socks5. Imported only by who has one."""

from typing import Any

import aiohttp
from aiohttp.tracing import Trace
from aiohttp_socks import ProxyConnector

from bot.slack.failures import NotSent


class ByProxy(ProxyConnector):
    """Says of every trouble with the proxy that nothing has left; it has errors of many kinds."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 -- aiohttp's signature
    ) -> Any:
        """A connection, or NotSent."""
        try:
            return await super().connect(req, traces, timeout)
        except aiohttp.ClientError:
            raise
        except Exception as error:
            raise NotSent(type(error).__name__) from error
