"""Answers to people, sent with the little patience that who asked has: tried again while nothing
has left, never twice.

Deliveries have the outbox for that; answers have only this.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.pacing import Turnstile
from jobs.ports import Ambiguous, Clock, RetryLater

MOST_TRIES = 3
LONGEST_WAIT = 20.0
"""Seconds for which an answer waits for its platform; after that, who asked has gone on."""

T = TypeVar("T")
log = structlog.get_logger()


class Patience:
    """Sends answers at a platform's pace."""

    def __init__(self, turnstile: Turnstile, clock: Clock) -> None:
        self._turnstile = turnstile
        self._clock = clock

    async def send(
        self, room: str, send: Callable[[], Awaitable[T]], *, group: bool = False
    ) -> T | None:
        """Send once. What may have arrived is not sent again, but logged: that gives None.

        Raises RetryLater when it takes too long, and what else `send` raises.
        """
        for attempt in range(MOST_TRIES):
            await self._turnstile.answer(room, group=group)
            try:
                return await send()
            except RetryLater as error:
                asked = error.after.total_seconds()
                if asked:
                    self._turnstile.refused(room, error.after)
                if attempt == MOST_TRIES - 1 or asked > LONGEST_WAIT:
                    raise
                await self._clock.sleep(asked or 2.0**attempt)
            except Ambiguous as error:
                log.warning("answer perhaps lost", chat=room, reason=str(error))
                return None
        raise AssertionError("the last try returns or raises")
