"""The line to one model: calls that are bounded in number, time and money, and written down.

It decides when to try again and when to leave a provider alone; what is asked and whether
the answer is any good is not its business.
"""

import asyncio
from collections.abc import Callable

import structlog

from jobs.llm.asking import Answered, Client, Spent
from jobs.llm.breaker import Breaker
from jobs.llm.failure import Failure
from jobs.llm.ledger import Ledger
from jobs.ports import Clock
from storage.model_calls import OK, ModelCall

AT_ONCE = 2
PAUSES = (2.0, 8.0)
"""Seconds before a call is made again, where the provider doesn't say."""
LONGEST_PAUSE = 30.0
"""A provider that wants more is left alone instead."""

log = structlog.get_logger()


class Line:
    """One model's line, shared by all who ask it in this process."""

    def __init__(self, model: str, clock: Clock, ledger: Ledger) -> None:
        self.model = model
        self._clock = clock
        self._ledger = ledger
        self._breaker = Breaker()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def open(self) -> bool:
        """Whether a call may be made now: the provider is well and the budget has room."""
        return self._breaker.allows(self._clock.now()) and await self.has_budget()

    async def has_budget(self) -> bool:
        """Whether the day's budget has room."""
        return await self._ledger.has_room()

    def give_up(self) -> None:
        """Leave the provider alone for a while: it takes too long."""
        self._breaker = self._breaker.failed(self._clock.now(), fatal=True)

    async def ask(
        self,
        client: Client[Answered],
        question: str,
        accept: Callable[[Answered], str | None],
    ) -> None:
        """One question with its corrections, again after a pause where that may help.

        Raises Failure; what `accept` kept of the answers stays.
        """
        async with self._turns:
            for pause in (*PAUSES, None):
                try:
                    await self._call(client, question, accept)
                except Failure as failure:
                    wait = failure.retry_after or pause
                    if not failure.trouble.passing or pause is None or wait is None:
                        raise
                    if wait > LONGEST_PAUSE:
                        self.give_up()
                        raise
                    if not await self.open():
                        raise
                    await self._clock.sleep(wait)
                else:
                    return

    async def _call(
        self, client: Client[Answered], question: str, accept: Callable[[Answered], str | None]
    ) -> None:
        started, spent, outcome, detail = self._clock.now(), Spent(), OK, ""
        try:
            await client.ask(question, accept, spent)
        except Failure as failure:
            outcome, detail = failure.trouble.value, failure.said
            if failure.trouble.counts:
                self._breaker = self._breaker.failed(self._clock.now(), fatal=failure.trouble.fatal)
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        else:
            self._breaker = self._breaker.succeeded()
        finally:
            used = spent.usage
            call = ModelCall(
                at=started,
                model=self.model,
                outcome=outcome,
                detail=detail,
                requests=used.requests,
                input_tokens=spent.input_tokens,
                output_tokens=spent.output_tokens,
                cached_tokens=used.cache_read_tokens,
                seconds=(self._clock.now() - started).total_seconds(),
            )
            await asyncio.shield(self._ledger.note(call, spent.cost))
