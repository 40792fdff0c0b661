"""A platform's limits as the tests know them, and a clock that runs through a morning at once."""

import asyncio
import heapq
import itertools
from datetime import datetime, timedelta

from posting import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MOST, MOST_WITH_ANSWERS, MOST_IN_GROUP = 28, 30, 20


def is_group(chat: str) -> bool:
    return chat.startswith("-")


def most_within(times: list[datetime], span: timedelta) -> int:
    """The largest number in any span of this length, its end not counted."""
    most = start = 0
    for end, at in enumerate(times):
        while times[start] <= at - span:
            start += 1
        most = max(most, end - start + 1)
    return most


class VirtualClock:
    """Time that passes only while everybody sleeps."""

    def __init__(self) -> None:
        self._now = NOW
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        wakes = asyncio.get_running_loop().create_future()
        until = self._now + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (until, next(self._numbers), wakes))
        await wakes

    async def run(self, work) -> None:
        """Let time pass until the work is done."""
        task = asyncio.create_task(work)
        while not task.done():
            for _ in range(20):  # all that happens at this moment
                await asyncio.sleep(0)
            if self._sleepers and not task.done():
                self._now, _, wakes = heapq.heappop(self._sleepers)
                if not wakes.done():
                    wakes.set_result(None)
        await task
