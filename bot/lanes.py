"""What one person says is answered in its order, what different people say side by side."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

AT_ONCE = 256
"""Answers under way together; who waits for an earlier one of their own is not counted."""


class Lanes:
    """A line for each key; one that nobody stands in is forgotten."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._lines: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Wait until those before are done."""
        lock, standing = self._lines.get(key, (asyncio.Lock(), 0))
        self._lines[key] = lock, standing + 1
        try:
            async with lock, self._slots:
                yield
        finally:
            lock, standing = self._lines.pop(key)
            if standing > 1:
                self._lines[key] = lock, standing - 1
