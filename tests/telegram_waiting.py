"""Waiting for something to happen in the loopback Telegram, without sleeping blindly."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rung by plain functions at every change; wakes all who wait for one."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for each in self._waiting:
            if not each.done():
                each.set_result(None)

    async def rung(self) -> None:
        """The next change."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until(
        self, ready: Callable[[], T], within: float, missing: Callable[[], str] = str
    ) -> T:
        """What `ready` gives once that is true; AssertionError with `missing()` when it is late."""
        try:
            async with asyncio.timeout(within):
                while not (found := ready()):
                    await self.rung()
        except TimeoutError:
            raise AssertionError(f"after {within:g} s: {missing()}") from None
        return found
