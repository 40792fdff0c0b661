"""What was heard and acknowledged: each answered once, and none lost when the app ends.

Slack sends again what it is not sure to have delivered; what it has delivered it forgets. What
an ending app could not answer is written to a file and answered after the start.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog

from bot.kept import Kept, wind_up
from bot.slack.once import Once

log = structlog.get_logger()

Json = dict[str, Any]


class Inbox:
    """Has payloads answered, by their kind. `end` leaves none behind."""

    def __init__(self, answer: Callable[[str, Json], Awaitable[None]], kept: Kept) -> None:
        self._answer = answer
        self._kept = kept
        self._once = Once()
        self.in_hand: dict[asyncio.Task[Any], tuple[str, Json] | None] = {}
        """What is being answered; None: it can't be kept."""

    async def take(self, kind: str, body: Json) -> None:
        """Answer, unless that was done before. Raises nothing."""
        if self._once.is_first(body):
            await self._work(partial(self._answer, kind, body), (kind, body))

    async def work(self, answer: Callable[[], Awaitable[None]]) -> None:
        """Answer what is to be answered now or never. Raises nothing."""
        await self._work(answer, None)

    def take_kept(self, bot: str) -> None:
        """Take what this bot had in hand when it was ended."""
        for kind, body in self._kept.take(bot):
            if self._once.is_first(body):
                kept = kind, body
                task = asyncio.create_task(self._work(partial(self._answer, kind, body), kept))
                self.in_hand[task] = kept

    async def end(self, bot: str, patience: float) -> None:
        """Wait so many seconds for what goes on; keep what is not answered by then."""
        try:
            await wind_up(lambda: self.in_hand, patience)
        finally:
            self._kept.put(bot, [each for each in self.in_hand.values() if each is not None])

    async def _work(
        self, answer: Callable[[], Awaitable[None]], kept: tuple[str, Json] | None
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- a coroutine runs in one
        self.in_hand[task] = kept
        try:
            await answer()
        except asyncio.CancelledError:  # it stays in hand
            return
        except Exception:
            log.exception("event failed")
        del self.in_hand[task]
