"""What one person says is answered in its order, what different people say side by side."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Lanes:
    """A line for each key; one that nobody stands in is forgotten."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Wait until those before are done."""
        lock, standing = self._lines.get(key, (asyncio.Lock(), 0))
        self._lines[key] = lock, standing + 1
        try:
            async with lock:
                yield
        finally:
            lock, standing = self._lines.pop(key)
            if standing > 1:
                self._lines[key] = lock, standing - 1
