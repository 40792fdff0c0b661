"""What models cost: every call is written down, and the day's budget is watched.

Shared by all the engines of a process; what other processes used counts, too, for it
stands in the same table.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import structlog

from jobs.llm.budget import day_start, reached
from jobs.llm.choice import Limits, Price
from jobs.ports import Clock
from storage import model_calls
from storage.database import Database, Tx
from storage.model_calls import ModelCall

KEPT = timedelta(days=60)

log = structlog.get_logger()


class Ledger:
    """The account of a day."""

    def __init__(
        self, db: Database, clock: Clock, limits: Limits, price: Price | None = None
    ) -> None:
        self._db = db
        self._clock = clock
        self._limits = limits
        self._price = price
        self._told: date | None = None

    async def has_room(self) -> bool:
        """Whether the day's budget leaves room for a call. A day that is used up is said once."""
        if self._limits == Limits():
            return True
        now = self._clock.now()
        used = await self._db.read(model_calls.used, day_start(now))
        if not reached(used.tokens, used.cost, self._limits):
            return True
        if self._told != now.date():
            self._told = now.date()
            log.warning("budget_reached", tokens=used.tokens, cost=used.cost)
        return False

    async def note(self, call: ModelCall, listed: Decimal | None) -> None:
        """Write a call down. `listed` is its cost by the library's table."""
        cost = (
            listed if self._price is None else self._price.of(call.input_tokens, call.output_tokens)
        )
        priced = replace(call, cost=None if cost is None else float(cost))
        await self._db.write(_keep, priced)
        log.info("model_call", model=call.model, outcome=call.outcome, detail=call.detail)


def _keep(tx: Tx, call: ModelCall) -> None:
    model_calls.record(tx, call)
    model_calls.forget(tx, call.at - KEPT)
