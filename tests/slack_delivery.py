"""What the loopback Slack sends to the app, and the app's acknowledgement: who carries it, when.

Every delivery is tried until it is acknowledged: an event four times, all else once.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from telegram_waiting import Bell

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"


@dataclass(slots=True, eq=False)
class Delivery:
    """One thing sent to the app; `answer` is what its acknowledgement carried."""

    kind: str
    payload: dict[str, Any]
    envelope_id: str
    then: Callable[[Any], None] = lambda _: None
    """Told the answer when it comes."""
    handed_at: float | None = None
    """When it was first given to the app, by time.monotonic()."""
    acked_at: float | None = None
    answer: Any = None
    attempts: int = 0
    retry: tuple[int, str] | None = None
    """The number and reason of a repetition, as the app is told them."""
    status: int | None = None
    """HTTP only: what the app answered."""
    failed: str = ""
    """Why it was given up: `operation_timeout`, `http_error` …"""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acked(self) -> bool:
        return self.acked_at is not None

    @property
    def took(self) -> float:
        """Seconds from the first delivery to the acknowledgement."""
        assert self.handed_at is not None
        assert self.acked_at is not None, f"{self} was not acknowledged"
        return self.acked_at - self.handed_at

    @property
    def event_id(self) -> str:
        return self.payload.get("event_id", "")

    def handed(self) -> None:
        self.attempts += 1
        self.handed_at = self.handed_at or time.monotonic()

    def acknowledge(self, answer: Any) -> None:
        """Only the first counts."""
        if not self.acked:
            self.acked_at, self.answer = time.monotonic(), answer
            self.then(answer)
        self.wake.set()

    def __str__(self) -> str:
        about = self.payload.get("event", self.payload)
        what = about.get("command") or about.get("type")
        end = "acknowledged" if self.acked else self.failed or "open"
        return f"  {self.kind} {what}: {end} after {self.attempts} attempts"


class Carrier(Protocol):
    """Socket Mode or HTTP."""

    async def carry(self, delivery: Delivery, patience: float) -> str:
        """Hand it over and wait for the acknowledgement: empty, or why there is none."""


class Courier:
    """Sends deliveries through the carrier of the moment, again where Slack would."""

    def __init__(self, bell: Bell, *, patience: float, retries: tuple[float, ...]) -> None:
        self.log: list[Delivery] = []
        self.violations: list[str] = []
        self.carrier: Carrier | None = None
        self.patience = patience
        self.retries = retries
        self.twice = False
        """Whether every event comes twice, with the same event_id."""
        self._bell = bell
        self._going: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = 0

    @property
    def open(self) -> list[Delivery]:
        """What is not through yet."""
        return [*self._going.values()]

    def ack_times(self, kind: str = "") -> list[float]:
        """Seconds from delivery to acknowledgement, of one kind or all."""
        return [each.took for each in self.log if each.acked and kind in ("", each.kind)]

    def send(
        self, kind: str, payload: dict[str, Any], then: Callable[[Any], None] = lambda _: None
    ) -> Delivery:
        """Send it, in the background; `then` is told the answer."""
        sent = self._begin(Delivery(kind, payload, self._envelope(), then))
        if self.twice and kind == EVENTS:
            self.repeat(sent)
        return sent

    def repeat(self, delivery: Delivery, reason: str = "http_timeout", number: int = 1) -> Delivery:
        """Send an event again although it arrived: same event_id, as a retry."""
        again = Delivery(delivery.kind, delivery.payload, self._envelope())
        again.retry = (number, reason)
        return self._begin(again)

    def forget(self) -> None:
        self.log = self.open

    async def close(self) -> None:
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _envelope(self) -> str:
        self._numbers += 1
        return f"00000000-0000-4000-8000-{self._numbers:012}"

    def _begin(self, delivery: Delivery) -> Delivery:
        self.log.append(delivery)
        self._going[delivery.envelope_id] = delivery
        task = asyncio.get_running_loop().create_task(self._carry(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _carry(self, delivery: Delivery) -> None:
        assert self.carrier, "nobody carries deliveries"
        pauses = self.retries if delivery.kind == EVENTS and not delivery.retry else ()
        try:
            delivery.failed = await self.carrier.carry(delivery, self.patience)
            for number, pause in enumerate(pauses, 1):
                if not delivery.failed:
                    break
                await asyncio.sleep(pause)
                delivery.retry = (number, delivery.failed)
                delivery.failed = await self.carrier.carry(delivery, self.patience)
            if delivery.failed:
                self.violations.append(f"not acknowledged: {str(delivery).strip()}")
        finally:
            delivery.finished.set()
            del self._going[delivery.envelope_id]
            self._bell.ring()
