"""The process's one HTTP server: what platforms call, and `/healthz` for who watches it.

Opened only when a platform wants to be called. Every route checks its caller itself.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable

from aiohttp import web

from storage.errors import UserError

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

MOST_BYTES = 1 << 20
"""Of a request's body; platforms send some kilobytes."""
PATIENCE = 0.5
"""Seconds for which an ending server finishes its answers."""


class Endpoint:
    """Routes on one address. Routes are added before it is opened."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._app = web.Application(client_max_size=MOST_BYTES)
        self._app.router.add_get("/healthz", _healthy)
        self._runner: web.AppRunner | None = None
        self._users = 0
        self._opening = asyncio.Lock()

    def add(self, path: str, answer: Answer) -> None:
        """Let platforms POST here."""
        self._app.router.add_post(path, answer)

    async def open(self) -> None:
        """Listen, for one more platform. Raises UserError when the address can't be had."""
        async with self._opening:  # several platforms may want it at once
            if self._runner is None:
                self._runner = await self._listen()
            self._users += 1

    async def close(self) -> None:
        """One platform wants no more calls; after the last, those under way are answered."""
        self._users = max(0, self._users - 1)
        if self._users:
            return
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _listen(self) -> web.AppRunner:
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=PATIENCE)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            address, reason = f"{self._host}:{self._port}", _reason(error)
            raise UserError("connecting.endpoint_taken", address=address, reason=reason) from error
        return runner


def _reason(error: OSError) -> str:
    """The system's word alone; asyncio puts the address before it, which we say ourselves."""
    if error.errno is not None and error.errno > 0:  # a name that does not resolve has another
        return os.strerror(error.errno)
    return str(error.strerror)


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")
